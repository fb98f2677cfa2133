#!/usr/bin/env bash
# Installs what is missing on a Debian 12 machine, fetches the pinned sources, builds the release binary and scans the
# example. Run it again at any time: what is there is not fetched again.
set -euo pipefail
cd "$(dirname "$0")/.."

# Everything comes from Debian 12 by name; what Debian has too old comes from PyPI pinned by hash (fetch-tree-sitter.sh).
packages=(
  g++ cmake ninja-build ccache mold pkg-config git ca-certificates
  libyaml-cpp-dev nlohmann-json3-dev libre2-dev libcli11-dev libfmt-dev libutf8proc-dev libexpected-dev libboost-dev
  libssl-dev zlib1g-dev libvalijson-dev libgit2-dev libcurl4-openssl-dev libarchive-dev libgtest-dev libbenchmark-dev libhowardhinnant-date-dev tzdata
  python3 python3-pip python3-yaml python3-jsonschema pre-commit clang-format-19
)
missing=()
for p in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$p")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing: ${missing[*]}"
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

scripts/fetch-tree-sitter.sh
cmake --preset release
cmake --build --preset release

# The example has problems on purpose: the scan shows them and ends with 1, which is right here.
status=0
build/release/plumbline scan testdata/example || status=$?
[ "$status" = 1 ] || { echo "setup: the example's scan ended with $status, expected 1 (findings)" >&2; exit 1; }
echo
echo "plumbline is ready: $PWD/build/release/plumbline"
