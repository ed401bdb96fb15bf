#!/usr/bin/env bash
# usage: run.sh [SECONDS]   (60 unless told)
# Fuzzes each target for so long and fails on a finding, whose input then lies in artifacts/.
# Without a sanitizer: there is no unsafe code to watch, and it is faster. Needs a nightly toolchain, and cargo-fuzz:
#   rustup toolchain install nightly && cargo install cargo-fuzz --locked
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-60}

for target in inspect restore_any_chunking guard; do
  printf '\n== %s, %s s\n' "$target" "$seconds"
  mkdir -p "corpus/$target"
  cargo +nightly fuzz run --fuzz-dir . --sanitizer none "$target" "corpus/$target" "seeds/$target" -- \
    -max_total_time="$seconds" -max_len=4096 -timeout=60 -rss_limit_mb=4096 -print_final_stats=1
done
