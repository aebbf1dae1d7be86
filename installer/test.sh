#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what the tests need, builds everything and runs every test. ctest's summary comes last, and the exit
# status is ctest's. Arguments go to ctest: installer/test.sh -R layers
#
# With CI=true a warning is an error, and a test that would be skipped because something is missing fails.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/installer/lib.sh"

mf_install run test
if ! "$root/tests/servers/install.sh"; then
    [ "${CI:-}" != true ] || mf_fail "a test server could not be built"
    mf_say "a test server could not be built: the tests that need it are skipped"
fi
werror=OFF
[ "${CI:-}" != true ] || werror=ON
[ -d "$root/build/dev" ] || mf_say "building, which takes some minutes the first time (log: $root/build/dev/build.log)"
mf_build dev "" -DMF_WERROR=$werror
cd "$root"
exec ctest --test-dir "$root/build/dev" --output-on-failure --no-tests=error -j "$(nproc)" "$@" </dev/null
