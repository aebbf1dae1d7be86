#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs one fuzzer: fuzz_one.sh LOGFOLDER SECONDS PROGRAM. Quiet unless it finds something.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd -P)
# shellcheck source=installer/lib.sh
. "$root/installer/lib.sh"
logs=$1 seconds=$2 program=$3
symbolizer="external_symbolizer_path=$(command -v llvm-symbolizer-19 || true)"
export ASAN_OPTIONS="strict_string_checks=1:$symbolizer" UBSAN_OPTIONS="print_stacktrace=1:$symbolizer"
name=$(basename "$program")
name=${name#fuzz_}
learnt="$mf_cache/fuzz/$name"
findings="$logs/findings-$name-"
log="$logs/fuzz-$name.log"

# Inputs that reached new code in earlier runs; begun afresh before reading them takes the time of fuzzing.
mkdir -p "$learnt"
if [ "$(find "$learnt" -type f | wc -l)" -gt 3000 ]; then
    rm -r "$learnt"
    mkdir -p "$learnt"
fi
corpora=("$learnt")
[ ! -d "$root/tests/fuzz/corpus/$name" ] || corpora+=("$root/tests/fuzz/corpus/$name")
if ! "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$findings" "${corpora[@]}" >"$log" 2>&1 </dev/null; then
    tail -n 60 "$log"
    for input in "$findings"*; do
        printf 'fuzz %s: input that fails: %s\n' "$name" "$input"
        [ "$(stat -c %s "$input")" -gt 4096 ] || base64 "$input"
    done
    exit 1
fi
printf 'fuzz %-12s ok, %s inputs tried\n' "$name" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
