# Sourced by the benchmarks: a throw-away cluster with this build installed,
# removed when the script ends.  Sets dir and psql, and the environment to reach
# the cluster.  PII_BENCH_DIR says where it lies, PII_SHARED_BUFFERS how much
# memory it gets.
# shellcheck shell=bash disable=SC2034
dir=$(mktemp -d "${PII_BENCH_DIR:-${TMPDIR:-/tmp}}/pg_pii-bench.XXXXXX")
chmod 755 "$dir"
trap 'test/server.sh remove "$dir"' EXIT
test/server.sh stage "$dir" >/dev/null
eval "$(PII_SHARED_BUFFERS=${PII_SHARED_BUFFERS:-1GB} test/server.sh start "$dir")"
psql=(psql -X -q -v ON_ERROR_STOP=1)
