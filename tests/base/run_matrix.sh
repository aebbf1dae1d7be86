#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds and runs tests/base with every compiler and sanitizer that must agree on the coroutines: GCC 12 miscompiles
# some spellings, and what clang builds right and GCC does not points there. Exit 1 if any of them fails.
#
#   tests/base/run_matrix.sh              all
#   tests/base/run_matrix.sh gcc-asan …   these
#
# Clang 14 cannot assemble -fsanitize=address -fPIC coroutines; clang-19 can.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd -P)
cd "$root" || exit 1
# shellcheck source=installer/lib.sh
. "$root/installer/lib.sh"

wanted=("$@")
bad=0
ran=0

one() { # NAME COMPILER OPTIMISATION SANITIZERS
    local name=$1 compiler=$2 optimisation=$3 sanitizers=$4 tree="build/matrix/$1" start=$SECONDS outcome=failed
    if [ ${#wanted[@]} -gt 0 ] && [[ " ${wanted[*]} " != *" $name "* ]]; then
        return
    fi
    ran=$((ran + 1))
    mkdir -p "$tree"
    if ! command -v "$compiler" >/dev/null; then
        outcome="failed: no $compiler here"
    elif mf_quietly "$tree/configure.log" cmake -S . -B "$tree" -G Ninja -DMF_WERROR=ON -DMF_PCH=OFF \
        -DMF_SANITIZE="$sanitizers" -DCMAKE_BUILD_TYPE=Debug \
        -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS_DEBUG="$optimisation -g1" \
        && mf_quietly "$tree/build.log" cmake --build "$tree" -j "$(mf_jobs)" --target tests_base \
        && mf_quietly "$tree/test.log" ctest --test-dir "$tree/tests/base" --output-on-failure --no-tests=error -j "$(nproc)"; then
        outcome=$(grep 'tests passed' "$tree/test.log")
    fi
    [[ $outcome == 100%* ]] || bad=1
    printf '%-16s %-52s %4d s\n' "$name" "$outcome" $((SECONDS - start))
}

one gcc-O0 g++ -O0 ""
one gcc-O2 g++ -O2 ""
one gcc-asan g++ -O1 address,undefined
one clang14-O0 clang++-14 -O0 ""
one clang14-O2 clang++-14 -O2 ""
one clang19-asan clang++-19 -O1 address,undefined
one clang19-tsan clang++-19 -O1 thread

[ "$ran" -gt 0 ] || mf_fail "nothing of that name: ${wanted[*]}"
exit "$bad"
