#!/usr/bin/env bash
# How right are the verdicts on columns?  Makes the corpus, judges each of its
# columns by its values, by its name and by both, and holds the figures of the
# half that nothing was tuned to against what they once were.
#
#   test/accuracy/columns.sh        needs a server with pg_pii to install
#
# PII_HALF=t reports the half that is tuned on; PII_SEED=TEXT makes another
# corpus of the same families; PII_KEEP=DATABASE keeps what was measured in a
# database of that name.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
half=${PII_HALF:-h}
database=${PII_KEEP:-pii_accuracy}
dir=$(mktemp -d)
run() { psql -XqAtv ON_ERROR_STOP=1 -d "$database" "$@"; }
clean() {
  rm -rf "$dir"
  test -n "${PII_KEEP:-}" || dropdb --if-exists "$database"
}
trap clean EXIT

"$here/corpus.pl" "$dir" ${PII_SEED:+"$PII_SEED"}
dropdb --if-exists "$database" 2>/dev/null
createdb -T template0 -E UTF8 "$database"
run -f "$here/columns_load.sql"
run -c "\\copy corpus_column FROM '$dir/column.tsv'"
run -c "\\copy corpus_value FROM '$dir/value.tsv'"
run -f "$here/columns_judge.sql"
psql -Xqv ON_ERROR_STOP=1 -P footer=off -P null=- -v half="'$half'" -d "$database" \
  -f "$here/columns_report.sql"
run -v half="'$half'" -f "$here/columns_check.sql" | tee "$dir/checks"
passed=$(grep -c '^reached' "$dir/checks" || true)
failed=$(grep -c '^missed' "$dir/checks" || true)
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
