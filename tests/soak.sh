#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What takes too long for every run of CI: by hand, before a larger piece of work ends. Some hours on two cores.
#
#   tests/soak.sh                all of it
#   tests/soak.sh fuzz coverage  these parts only
#
# MF_FUZZ_SECONDS: how long each fuzzer runs (1200).
set -uo pipefail
root=$(cd "$(dirname "$0")/.." && pwd -P)
cd "$root" || exit 1
# shellcheck source=installer/lib.sh
. "$root/installer/lib.sh"
mf_install run test bench soak
tests/servers/install.sh || exit 1
logs="$root/build/soak"
mkdir -p "$logs"
wanted=("$@")
failed=()

part() { # NAME COMMAND…
    local name=$1 start=$SECONDS
    shift
    if [ ${#wanted[@]} -gt 0 ] && [[ " ${wanted[*]} " != *" $name "* ]]; then
        return
    fi
    printf '\n=== %s\n' "$name"
    "$@" || failed+=("$name")
    printf '=== %s: %d s\n' "$name" $((SECONDS - start))
}

# Every test, also the slow ones, one after the other.
sanitized() { # PRESET [CMAKE OPTION…]
    mf_build "$1" "" "${@:2}" && ctest --test-dir "build/$1" --output-on-failure --no-tests=error
}

# Uninitialised memory, which neither sanitizer sees. Not in code that is made at run time (regular expressions), and not
# at all places of trouble, which would take days.
memory() {
    mf_build dev "" || return 1
    local program bad=0
    for program in build/dev/tests/{base,crypto,formats,packing,http,secrets}/test_* \
        build/dev/tests/{providers,registry,distributor,settings}/test_*; do
        if [ ! -f "$program" ] || [ ! -x "$program" ] || [ "$(basename "$program")" = test_trouble ]; then
            continue
        fi
        QT_QPA_PLATFORM=offscreen QT_ENABLE_REGEXP_JIT=0 \
            valgrind --quiet --error-exitcode=99 --leak-check=no "$program" -maxwarnings 0 >"$logs/valgrind.log" 2>&1
        if grep -q '^==[0-9]*== .*\(uninitialised\|Invalid\)' "$logs/valgrind.log"; then
            grep -A 12 -m 3 '^==[0-9]*== .*\(uninitialised\|Invalid\)' "$logs/valgrind.log"
            bad=1
        fi
        printf '%s\n' "$(basename "$program")"
    done
    return "$bad"
}

# A file that forgot to include something is helped by the precompiled headers; here it is not.
includes() {
    mf_quietly "$logs/includes-configure.log" cmake -S . -B build/includes -G Ninja -DCMAKE_BUILD_TYPE=Debug \
        -DMF_PCH=OFF || return 1
    mf_quietly "$logs/includes-build.log" cmake --build build/includes -j "$(mf_jobs)"
}

# Which lines of the engine no test runs, file by file.
coverage() {
    local tree=build/coverage objects=() program
    mf_quietly "$logs/coverage-configure.log" cmake -S . -B "$tree" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DMF_UI=OFF \
        -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_CXX_FLAGS="-fprofile-instr-generate -fcoverage-mapping" || return 1
    mf_quietly "$logs/coverage-build.log" cmake --build "$tree" -j "$(mf_jobs)" || return 1
    rm -rf "$tree/profiles"
    LLVM_PROFILE_FILE="$root/$tree/profiles/%p-%m.profraw" \
        ctest --test-dir "$tree" --output-on-failure -j "$(nproc)" || return 1
    llvm-profdata-19 merge -sparse "$tree"/profiles/*.profraw -o "$tree/all.profdata" || return 1
    for program in "$tree"/tests/*/test_* "$tree/app/modelfloat-cli"; do
        if [ -f "$program" ] && [ -x "$program" ]; then
            objects+=(-object "$program")
        fi
    done
    llvm-cov-19 export -format=lcov -instr-profile "$tree/all.profdata" "${objects[@]}" >"$logs/coverage.lcov" || return 1
    python3 tests/uncovered.py "$logs/coverage.lcov" core 95 >"$logs/uncovered.txt"
    local held=$?
    tail -n 1 "$logs/uncovered.txt"
    echo "which lines: $logs/uncovered.txt"
    return "$held"
}

# PROGRAM FIRST COUNT TOTAL [ARGUMENT…]: seeds or orders 1 to TOTAL in parts of a hundred, on all cores. FIRST and COUNT
# name the variables that say which ones. What a part says is shown if it fails.
in_parts() {
    local program=$1 first=$2 count=$3 total=$4
    shift 4
    # shellcheck disable=SC2016 # the inner shell expands it
    seq 1 100 "$total" | xargs -P "$(nproc)" -I{} bash -c '
        log=$1/part.$$.log
        env "$2={}" "$3=100" "${@:4}" >"$log" 2>&1 || { cat "$log"; rm -f "$log"; exit 1; }
        rm -f "$log"' part "$logs" "$first" "$count" "$program" "$@"
}

# Sixty simulated days for each of many seeds, orders of calls (so many in each of 13 scenes), failures at every place
# where disk or accounts may fail, kills at random instants.
simulations() {
    mf_build dev "" || return 1
    local bad=0
    export QTEST_FUNCTION_TIMEOUT=2000000000 # ms; else Qt ends a test after five minutes
    in_parts build/dev/tests/simulation/test_simulation MF_FIRST_SEED MF_SEEDS "${MF_SEEDS:-10000}" || bad=1
    in_parts build/dev/tests/simulation/test_interleavings MF_FIRST_ORDER MF_ORDERS "${MF_ORDERS:-20000}" \
        ordersByChance moversByChance || bad=1
    MF_POINTS=0 build/dev/tests/distributor/test_trouble || bad=1
    MF_DEPTH=2 build/dev/tests/simulation/test_interleavings everyOrderOfFewTurns \
        everyOrderOfFewTurnsOfMovers || bad=1
    MF_KILLS="${MF_KILLS:-25}" build/dev/tests/program/test_kill || bad=1 # of each of eight commands
    return "$bad"
}

# The main job over real servers, large; then two computers for ten minutes on the same.
clouds() {
    mf_build dev "" || return 1
    QTEST_FUNCTION_TIMEOUT=2000000000 MF_CLOUDS_SIZE="${MF_CLOUDS_SIZE:-4000000000}" \
        MF_CLOUDS_SECONDS="${MF_CLOUDS_SECONDS:-600}" build/dev/tests/servers/test_clouds
}

part matrix tests/base/run_matrix.sh
part asan sanitized asan -DMF_UI=ON # the window, too, which each run of CI leaves out
part tsan sanitized tsan
part fuzz env MF_FUZZ_SECONDS="${MF_FUZZ_SECONDS:-1200}" bash .ci/step.sh fuzz "$logs"
part tidy env MF_TIDY_SECONDS=36000 bash .ci/step.sh tidy "$logs"
part simulations simulations
part clouds clouds
part memory memory
part includes includes
part coverage coverage
part bench tests/bench/run.sh
part clean tests/clean_root.sh "$logs"

printf '\n'
if [ ${#failed[@]} -gt 0 ]; then
    echo "failed: ${failed[*]}"
    exit 1
fi
echo "all parts held"
