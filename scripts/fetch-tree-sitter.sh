#!/usr/bin/env bash
# Fetches tree-sitter's core and its HCL grammar (pinned by hash in tree-sitter-requirements.txt) from the Python package
# index that pip is set up for, and unpacks them into .cache/deps, or into $PLUMBLINE_DEPS_DIR. Does nothing when they are
# there. The packages are not installed: only the C sources in them are used.
set -euo pipefail
cd "$(dirname "$0")/.."
deps=${PLUMBLINE_DEPS_DIR:-$PWD/.cache/deps}
pins=$(sha256sum <scripts/tree-sitter-requirements.txt | cut -c1-16)
if [ "$(cat "$deps/tree-sitter.pins" 2>/dev/null)" = "$pins" ]; then exit 0; fi

mkdir -p "$deps"
work=$(mktemp -d "$deps/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
echo "Fetching the sources of tree-sitter"
fetched=
for try in 1 2 3; do
  if python3 -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: --require-hashes \
      -r scripts/tree-sitter-requirements.txt -d "$work/sdists"; then
    fetched=yes
    break
  fi
  echo "fetch-tree-sitter: attempt $try failed" >&2
  sleep 2
done
[ -n "$fetched" ] || { echo "fetch-tree-sitter: pip could not download the pinned packages" >&2; exit 1; }

# The folders get names without versions, so that CMake need not know them.
mkdir "$work/core" "$work/hcl"
tar -xzf "$work"/sdists/tree?sitter-[0-9]*.tar.gz -C "$work/core" --strip-components=1
tar -xzf "$work"/sdists/tree?sitter?hcl-*.tar.gz -C "$work/hcl" --strip-components=1
rm -rf "$deps/tree-sitter" "$deps/tree-sitter-hcl"
mv "$work/core" "$deps/tree-sitter"
mv "$work/hcl" "$deps/tree-sitter-hcl"
echo "$pins" >"$deps/tree-sitter.pins"
