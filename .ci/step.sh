#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# One step of .ci/run: step.sh NAME LOGFOLDER
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd -P)
cd "$root"
# shellcheck source=installer/lib.sh
. "$root/installer/lib.sh"
logs=$2

build_and_test() { # PRESET TARGETS CTEST-ARGUMENT…
    local preset=$1 targets=$2
    shift 2
    mf_build "$preset" "$targets" -DMF_WERROR=ON
    ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j "$(nproc)" "$@"
}

case $1 in
tests)
    installer/test.sh 2>&1 | tee "$logs/tests.log"
    ;;
release) # then the tour, as a user starts it
    mf_install run
    mf_build release "" -DMF_WERROR=ON
    installer/run.sh
    ;;
asan)
    build_and_test asan "" -LE slow
    ;;
tsan)
    build_and_test tsan tests_threads -L threads -LE slow
    ;;
matrix) # core/base under every compiler and sanitizer
    tests/base/run_matrix.sh
    ;;
fuzz) # each for half a minute; what they learn is kept for the next time
    mf_build fuzz fuzzers -DMF_WERROR=ON
    find build/fuzz/tests/fuzz -maxdepth 1 -type f -name 'fuzz_*' -executable | sort >"$logs/fuzzers"
    [ -s "$logs/fuzzers" ] || mf_fail "no fuzzer was built"
    xargs -P "$(nproc)" -n 1 .ci/fuzz_one.sh "$logs" "${MF_FUZZ_SECONDS:-30}" <"$logs/fuzzers"
    ;;
tidy) # the sanitizer build has clang's command lines and the generated files
    mf_build asan "" -DMF_WERROR=ON
    python3 .ci/tidy.py build/asan "$mf_cache/tidy" "${MF_TIDY_SECONDS:-540}"
    ;;
*)
    mf_fail "no such step: $1"
    ;;
esac
