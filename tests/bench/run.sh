#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How fast ModelFloat is, beside rclone, restic and borg and beside the libraries' own primitives. By hand, on a machine
# that does nothing else: about an hour; the figures of other machines, and of other times, are not comparable.
#
#   tests/bench/run.sh                     all of it, five rounds
#   tests/bench/run.sh --rounds 1 programs only these parts: programs, stages, chunking, memory,
#                                          registry, clouds, window
#   tests/bench/run.sh --size 256M …       smaller models: to see that the bench works, not how fast anything is
#
# Where Go is at hand, rclone and restic run at their newest, too. What is measured lies on a tmpfs (MF_BENCH_DIR, else
# /dev/shm), which needs room for five times the size.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd -P)
cd "$root"
# shellcheck source=installer/lib.sh
. "$root/installer/lib.sh"

rounds=5 size=2G parts=()
while [ $# -gt 0 ]; do
    case $1 in
    --rounds) rounds=${2:?--rounds needs a number} && shift ;;
    --size) size=${2:?--size needs a size} && shift ;;
    programs | stages | chunking | memory | registry | clouds | window) parts+=("$1") ;;
    *) sed -n '3,13s/^# \{0,1\}//p' "$0" && [ "$1" = --help ] && exit 0 || exit 2 ;;
    esac
    shift
done
[ ${#parts[@]} -gt 0 ] || parts=(stages chunking memory registry window clouds programs)

mf_install run test bench
windows=(test_ui_speed test_ui_speed_store)
targets="modelfloat-cli make-model bench_stages bench_chunking bench_memory bench_registry bench_clouds bench_accounts"
[[ " ${parts[*]} " != *" window "* ]] || targets+=" ${windows[*]}"
mf_build bench "$targets"
tests/servers/install.sh
work=$(mktemp -d "${MF_BENCH_DIR:-/dev/shm}/modelfloat-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT

version_of() { "$1" version 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1; }

# newest PACKAGE COMMAND: the newest release's program in the cache, made anew once a week; nothing where that fails, or
# where what Go can build is older than the distribution's.
newest() {
    # shellcheck disable=SC2154 # installer/lib.sh sets it
    local at="$mf_cache/bench/bin/$2"
    if command -v go >/dev/null && [ -z "$(find "$at" -mtime -7 2>/dev/null)" ]; then
        if mf_quietly "$work/go.log" env GOBIN="$mf_cache/bench/bin" go install "$1@latest"; then
            touch "$at"
        fi
    fi
    [ -x "$at" ] || return 0
    local ours theirs
    ours=$(version_of "$2")
    theirs=$(version_of "$at")
    if [ "$theirs" != "$ours" ] && [ "$(printf '%s\n' "$ours" "$theirs" | sort -V | tail -n 1)" = "$theirs" ]; then
        echo "$at"
    fi
}

missed=0
for part in "${parts[@]}"; do
    printf '\n=== %s\n' "$part"
    case $part in
    stages) TMPDIR="$work" build/bench/tests/bench/bench_stages ;;
    chunking) TMPDIR="$work" build/bench/tests/bench/bench_chunking || missed=1 ;;
    memory)
        for mode in sparse many stuck; do
            TMPDIR="$work" build/bench/tests/bench/bench_memory "$mode" || missed=1
        done
        ;;
    registry) TMPDIR="$work" build/bench/tests/bench/bench_registry ;;
    window)
        for program in "${windows[@]}"; do
            MF_BENCH=1 QT_QPA_PLATFORM=offscreen TMPDIR="$work" "build/bench/tests/ui/speed/$program" >"$work/window.log" 2>&1 \
                || { missed=1 && tail -n 20 "$work/window.log"; }
            sed -n 's/^QINFO *: [A-Za-z]*::[A-Za-z]*() //p; s/^QINFO *: [A-Za-z]*::[A-Za-z]*(\(.*\)) /\1: /p' "$work/window.log"
        done
        ;;
    clouds)
        TMPDIR="$work" MF_ROUNDS="$rounds" build/bench/tests/bench/bench_clouds || missed=1
        TMPDIR="$work" MF_ROUNDS="$rounds" build/bench/tests/bench/bench_accounts || missed=1
        ;;
    programs)
        python3 tests/bench/programs.py --work "$work" --rounds "$rounds" --size "$size" \
            --modelfloat build/bench/app/modelfloat-cli --make-model build/bench/tests/support/make-model \
            --newest-rclone "$(newest github.com/rclone/rclone rclone)" \
            --newest-restic "$(newest github.com/restic/restic/cmd/restic restic)"
        ;;
    esac
done
[ "$missed" -eq 0 ] || mf_fail "a target was missed: see MISSED above"
