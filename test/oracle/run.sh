#!/bin/sh
# Holds detection of telephone numbers against libphonenumber.
#
#     test/oracle/run.sh
#
# Builds what it needs in a temporary folder, fetches the numbering plan's
# source package from the npm registry, and prints one line per check.  Where
# something cannot be had, says so and skips what needs it.  Ends with
# "N passed, N failed" and fails if anything did.
set -eu

package=google-libphonenumber
version=3.2.47
here=$(cd "$(dirname "$0")" && pwd)
detect=$here/../../src/detect
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
passed=0
failed=0

# Run a check's command; add the numbers of its last line to ours.
count() {
	"$@" >"$folder/out" 2>"$folder/errors" || true
	cat "$folder/out"
	line=$(tail -n 1 "$folder/out")
	case $line in
		*' passed, '*' failed')
			passed=$((passed + ${line%% *}))
			line=${line#* passed, }
			failed=$((failed + ${line%% *}))
			;;
		*)
			echo "FAILED - $* gave no result"
			cat "$folder/errors"
			failed=$((failed + 1))
			;;
	esac
}

# Is the committed plan what the generator makes of the package?
check_plan_data() {
	node "$detect/plan_generate.mjs" "$folder/package" >"$folder/plan_data.c"
	if cmp -s "$folder/plan_data.c" "$detect/plan_data.c"; then
		echo "ok - plan_data.c is what plan_generate.mjs makes"
		echo "1 passed, 0 failed"
	else
		echo "FAILED - plan_data.c is what plan_generate.mjs makes"
		echo "0 passed, 1 failed"
	fi
}

${CC:-cc} -std=gnu11 -O2 -I"$detect" "$here/phone_probe.c" \
	"$detect"/phone*.c "$detect"/plan*.c "$detect/digit.c" -o "$folder/probe"

if ! command -v node >/dev/null; then
	echo "skipped: node is not installed"
elif ! (cd "$folder" && npm pack "$package@$version" && tar xzf ./*.tgz) \
	>/dev/null 2>&1; then
	echo "skipped: $package $version cannot be fetched"
else
	count check_plan_data
	count node "$here/plan_oracle.mjs" "$folder/package" "$folder/probe"
fi

if ! PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -c 'import phonenumbers' \
	2>/dev/null; then
	echo "skipped: python3-phonenumbers is not installed"
else
	export PYTHONDONTWRITEBYTECODE=1
	count /usr/bin/python3 "$here/text_oracle.py" "$folder/probe"
fi

echo "$passed passed, $failed failed"
test "$failed" -eq 0
