#!/usr/bin/env bash
# Installs the peers that bench/e2e measures beside plumbline, by name and pinned version, into .cache/peers. kubectl comes
# from the PATH.
set -euo pipefail
cd "$(dirname "$0")/.."
peers=$PWD/.cache/peers
mkdir -p "$peers/bin"
if [ ! -x "$peers/bin/tfsec" ]; then
  GOBIN="$peers/bin" go install github.com/aquasecurity/tfsec/cmd/tfsec@v1.28.14
fi
if [ ! -x "$peers/bin/helm" ]; then
  GOBIN="$peers/bin" go install helm.sh/helm/v3/cmd/helm@v3.22.0
fi
if [ ! -x "$peers/py/bin/checkov" ]; then
  python3 -m venv "$peers/py"
  "$peers/py/bin/pip" install -q checkov==3.2.489 || "$peers/py/bin/pip" install -q checkov
fi
"$peers/bin/tfsec" --version
"$peers/bin/helm" version --short
"$peers/py/bin/checkov" --version
