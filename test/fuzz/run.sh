#!/usr/bin/env bash
# Fuzz src/detect for a number of seconds: test/fuzz/run.sh [SECONDS [DIR]]
#
# Needs clang with libFuzzer.  The seeds in test/fuzz/corpus are only read; new
# inputs and crashes go to DIR, a temporary folder unless it is given.  With 0
# seconds the seeds are run once.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:-60}
work=${2:-$(mktemp -d)}
clang=${CLANG:-clang}

mkdir -p "$work/corpus"
"$clang" -std=gnu11 -g -O1 -fsanitize=fuzzer,address,undefined \
  -fno-sanitize-recover=undefined -I"$here/../../src" \
  "$here/fuzz_detect.c" "$here"/../../src/detect/*.c \
  -o "$work/fuzz_detect" $(pkg-config --cflags --libs libpcre2-8) -lm

limit=(-max_total_time="$seconds")
if [ "$seconds" -eq 0 ]; then limit=(-runs=0); fi
cd "$work"
./fuzz_detect "${limit[@]}" -timeout=10 -max_len=2048 -print_final_stats=1 \
  -dict="$here/detect.dict" corpus "$here/corpus" 2>&1 |
  grep -vE '^#[0-9]+.*(NEW|REDUCE|pulse|RELOAD)' | tail -40
