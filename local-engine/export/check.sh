#!/usr/bin/env bash
# Tests the exporter; exports every reference family to OUT and compares it with transformers. The
# families lie beside the checkout, in ../shared/models; where they are missing, only the tests run.
#
#   local-engine/export/check.sh OUT
set -euo pipefail
out=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")"

# Packages stand apart from whatever else is installed on the machine.
packages=${CARGO_TARGET_DIR:-../../target}/exporter
export PIP_ROOT_USER_ACTION=ignore PIP_NO_WARN_CONFLICTS=1
python3 -m pip install --quiet --upgrade --target "$packages" --disable-pip-version-check .
export PYTHONPATH=$packages PYTHONDONTWRITEBYTECODE=1
nearside_export() { python3 -m nearside_export "$@"; }
python3 -m unittest discover --quiet tests

families=../../../shared/models/tiny
if [ -d "$families" ]; then
  for family in "$families"/*; do
    nearside_export export "$family" "$out/$(basename "$family")"
    nearside_export check "$out/$(basename "$family")" "$family/expected.json"
  done
else
  echo "skipped: $families is missing"
fi
