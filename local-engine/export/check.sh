#!/usr/bin/env bash
# Exports every reference family and compares it with transformers; makes, quantizes and measures a
# random model. Usage: check.sh OUT. The families lie beside the checkout, in ../shared/models; where
# they are missing, only the random model is checked.
set -euo pipefail
out=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")"

venv=${CARGO_TARGET_DIR:-../../target}/export
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check .
nearside_export=$venv/bin/nearside-export

families=../../../shared/models/tiny
if [ -d "$families" ]; then
  for family in "$families"/*; do
    "$nearside_export" export "$family" "$out/$(basename "$family")"
    "$nearside_export" check "$out/$(basename "$family")" "$family/expected.json"
  done
else
  echo "skipped: $families is missing"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for shape in tiny-llama tiny-mixtral; do
  "$nearside_export" random $shape "$work/$shape"
  "$nearside_export" export "$work/$shape" "$work/$shape-fp32"
  "$nearside_export" pair "$work/$shape-fp32" "$work/$shape-pair" --block 32
done
