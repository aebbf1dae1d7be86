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
"$root/tests/servers/install.sh"
werror=OFF
[ "${CI:-}" != true ] || werror=ON
[ -d "$root/build/dev" ] || mf_say "building, which takes some minutes the first time (log: $root/build/dev/build.log)"
mf_build dev "" -DMF_WERROR=$werror
cd "$root"
exec ctest --test-dir "$root/build/dev" --output-on-failure --no-tests=error -j "$(nproc)" "$@" </dev/null
