#!/usr/bin/env bash
# Builds with warnings as errors and runs every test. Where ../shared is, its conformance kits run as ratchets too.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset dev >/dev/null
cmake --build --preset dev
ctest --preset dev "$@"
