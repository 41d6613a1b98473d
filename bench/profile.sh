#!/usr/bin/env bash
# How long it takes to profile a table, as ratios within one run.
#
#   bench/profile.sh [ROWS [RUNS]]      2,000,000 rows, medians of 5 by default
#
# On a throw-away cluster, removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-2000000} runs=${2:-5}
PII_SHARED_BUFFERS=2GB
. bench/cluster.sh
"${psql[@]}" -v rows="$rows" -f bench/leak.sql
"${psql[@]}" -c 'VACUUM (FREEZE, ANALYZE) influencer' -c 'CREATE EXTENSION pg_pii'
"${psql[@]}" -v runs="$runs" -v regex_runs=1 -f bench/profile.sql
