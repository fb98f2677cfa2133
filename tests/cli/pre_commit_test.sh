#!/bin/sh
# Runs the real pre-commit program with this repository's hooks on a git repository of its own.
#   pre_commit_test.sh PROGRAM SOURCE_FOLDER
# Exit code 77 (skipped) where pre-commit or git is not installed.
set -eu
program=$(realpath "$1")
source_dir=$(realpath "$2")
command -v pre-commit >/dev/null 2>&1 || { echo "skipped: pre-commit is not installed"; exit 77; }
command -v git >/dev/null 2>&1 || { echo "skipped: git is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$program" "$work/bin/plumbline"
PATH="$work/bin:$PATH"
PRE_COMMIT_HOME="$work/cache"
GIT_CONFIG_GLOBAL="$work/gitconfig"
GIT_CONFIG_NOSYSTEM=1
export PATH PRE_COMMIT_HOME GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
git config --global user.name test
git config --global user.email test@example.com
git config --global init.defaultBranch main
git config --global protocol.file.allow always

# The hooks' repository: what `repo:` points to.
mkdir "$work/hooks"
cp "$source_dir/.pre-commit-hooks.yaml" "$work/hooks"
(cd "$work/hooks" && git init -q && git add -A && git commit -qm hooks)
revision=$(git -C "$work/hooks" rev-parse HEAD)

mkdir "$work/project"
cd "$work/project"
git init -q
cat >.pre-commit-config.yaml <<EOF
repos:
  - repo: file://$work/hooks
    rev: $revision
    hooks:
      - id: plumbline
EOF
printf 'locals {\n  a = 1\n}\n' >main.tf
git add -A
pre-commit install >/dev/null

echo "a sound file is committed"
git commit -qm sound

echo "a broken file is refused, and the output names the place"
printf 'locals {\n  a = [1\n}\n' >broken.tf
git add -A
if git commit -qm broken >"$work/out" 2>&1; then
  cat "$work/out"
  echo "the commit went through"
  exit 1
fi
grep -q 'parse-error' "$work/out"
grep -q 'broken.tf:3' "$work/out"

echo "files that do not concern it do not start it"
git rm -qf --cached broken.tf
rm broken.tf
echo text >notes.txt
git add -A
git commit -qm notes >"$work/out" 2>&1
grep -q 'Skipped' "$work/out"

echo "the stricter threshold is a hook of its own"
sed -i 's/id: plumbline/id: plumbline-high/' .pre-commit-config.yaml
printf '#plumbline:ignore:no-such-rule\nlocals {\n  a = 1\n}\n' >main.tf
git add -A
git commit -qm low >"$work/out" 2>&1
