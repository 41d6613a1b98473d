#!/usr/bin/env bash
# What detection costs, next to PCRE2 with JIT and Hyperscan: bench/detect/run.sh
#
# Needs libhyperscan-dev, for the comparison only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
src=$here/../../src
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for package in libhs libpcre2-8; do
  if ! pkg-config --exists "$package"; then
    echo "run.sh: $package is not installed" >&2
    exit 1
  fi
done
# The flags with which the server builds an extension.
${CC:-gcc} -std=gnu11 -O2 -fPIC -fno-strict-aliasing -fwrapv \
  -fstack-protector-strong -I"$src" "$here/bench.c" "$src"/detect/*.c \
  -o "$work/bench" $(pkg-config --cflags --libs libhs libpcre2-8) -lm
"$work/bench"
