#!/usr/bin/env bash
# Formats every C++ file; with --check only tells which ones differ.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=(-i)
[ "${1:-}" = "--check" ] && mode=(--dry-run --Werror)
git ls-files -z -- '*.h' '*.cc' | xargs -0 -n 40 -P 2 clang-format-19 --style=file "${mode[@]}"
