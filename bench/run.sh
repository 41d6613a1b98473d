#!/usr/bin/env bash
# Every benchmark that fits an afternoon, one after the other; `make bench`
# calls this.  bench/sample.sh, which makes a table of 49 million rows, runs by
# itself.  What came out, and on what machine, is in bench/README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
test/packages.sh bench
for script in detect/run.sh profile.sh statistics.sh exposure.sh scan.sh gate.sh; do
  printf '\n== bench/%s\n' "$script"
  "bench/$script"
done
