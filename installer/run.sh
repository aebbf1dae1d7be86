#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing (sudo only for that), builds ModelFloat and runs it.
#
#   installer/run.sh                 the window; without a display the tour: modelfloat-cli demo
#   installer/run.sh list --json     any command of modelfloat-cli
#
# What the script itself has to say goes to stderr; stdin, stdout and the exit status are the program's.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/installer/lib.sh"

mf_install run
program="$root/build/release/app/modelfloat-cli"
if [ $# -eq 0 ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    program="$root/build/release/app/modelfloat"
elif [ $# -eq 0 ]; then
    set -- demo
fi
[ -x "$program" ] || mf_say "building, which takes some minutes the first time (log: $root/build/release/build.log)"
mf_build release ""
exec "$program" "$@"
