#!/usr/bin/env bash
# usage: run.sh [SECONDS]   (60 unless told)
# Fuzzes each target for so long and fails on a finding, whose input then lies in artifacts/.
# FUZZ_FOLDER names another crate's folder of targets.
#
# Needs the stable toolchain and a C++ compiler, nothing else: the flags below are what cargo-fuzz
# passes for coverage. Without a sanitizer: there is no unsafe code to watch, and it is faster.
set -euo pipefail
cd "${FUZZ_FOLDER:-$(dirname "$0")}"
seconds=${1:-60}

host=$(rustc -vV | sed -n 's/^host: //p')
export RUSTFLAGS="--cfg fuzzing -C passes=sancov-module -C codegen-units=1 -C debug-assertions \
-C llvm-args=-sanitizer-coverage-level=4 -C llvm-args=-sanitizer-coverage-inline-8bit-counters \
-C llvm-args=-sanitizer-coverage-pc-table -C llvm-args=-sanitizer-coverage-trace-compares"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}
# With a target named, build scripts and macros are built without these flags.
cargo build --release --locked --target "$host"

for path in fuzz_targets/*.rs; do
  target=$(basename "$path" .rs)
  printf '\n== %s, %s s\n' "$target" "$seconds"
  mkdir -p "corpus/$target" "artifacts/$target"
  "$CARGO_TARGET_DIR/$host/release/$target" "corpus/$target" "seeds/$target" \
    -artifact_prefix="artifacts/$target/" -max_total_time="$seconds" -max_len=4096 \
    -timeout=60 -rss_limit_mb=4096 -print_final_stats=1 2>&1 | tail -n 12
done
