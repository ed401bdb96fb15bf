#!/usr/bin/env bash
# usage: run.sh [SECONDS]   (60 unless told)
# Fuzzes each target of this folder, as redactor/fuzz/run.sh says.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
FUZZ_FOLDER=$here exec "$here/../../redactor/fuzz/run.sh" "$@"
