#!/bin/sh
# Runs one golden case in a copy of its folder.
#   run_case.sh PROGRAM CASE_FOLDER
# The folder holds `cmd` (a shell text; `plumbline` is the program), its inputs, `expected.stdout`, and where they matter
# `expected.stderr`, `exit` (the expected exit code, else 0) and `setup` (run first: what git cannot hold).
# PLUMBLINE_UPDATE_GOLDEN=1 rewrites the expectations.
set -eu
program=$(realpath "$1")
case_dir=$(realpath "$2")
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/case"
ln -s "$program" "$work/bin/plumbline"
cp -R "$case_dir/." "$work/case"
cd "$work/case"
rm -f cmd setup exit expected.stdout expected.stderr
PATH="$work/bin:$PATH"
LC_ALL=C
# 2026-01-15: expiring ignores must not depend on the day the tests run.
SOURCE_DATE_EPOCH=1768435200
# A repository's root bounds configuration, modules and .gitignore: the temporary folder is one.
mkdir -p .git
export PATH LC_ALL SOURCE_DATE_EPOCH
if [ -f "$case_dir/setup" ]; then sh "$case_dir/setup"; fi

status=0
sh "$case_dir/cmd" >"$work/stdout" 2>"$work/stderr" </dev/null || status=$?

if [ "${PLUMBLINE_UPDATE_GOLDEN:-}" = 1 ]; then
  cp "$work/stdout" "$case_dir/expected.stdout"
  if [ -s "$work/stderr" ]; then cp "$work/stderr" "$case_dir/expected.stderr"; else rm -f "$case_dir/expected.stderr"; fi
  if [ "$status" -ne 0 ]; then echo "$status" >"$case_dir/exit"; else rm -f "$case_dir/exit"; fi
  exit 0
fi

failed=0
expected=0
if [ -f "$case_dir/exit" ]; then expected=$(cat "$case_dir/exit"); fi
if [ "$status" -ne "$expected" ]; then
  echo "exit code $status, expected $expected"
  failed=1
fi
diff -u "$case_dir/expected.stdout" "$work/stdout" || failed=1
if [ -f "$case_dir/expected.stderr" ]; then
  diff -u "$case_dir/expected.stderr" "$work/stderr" || failed=1
elif [ -s "$work/stderr" ]; then
  echo "unexpected on stderr:"
  cat "$work/stderr"
  failed=1
fi
exit "$failed"
