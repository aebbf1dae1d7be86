#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The README's two commands in a bare Debian 12 that has nothing but what every installation has, on a clone of this
# commit: what a script forgot to install is missing there. Needs root, and most of an hour.
#
#   tests/clean_root.sh LOGFOLDER
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd -P)
logs=$1
if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
    echo "clean_root.sh: needs root and debootstrap" >&2
    exit 1
fi
bare=$(mktemp -d)
leave() {
    for place in proc dev/pts dev/shm dev; do
        ! mountpoint -q "$bare/$place" || umount "$bare/$place"
    done
    rm -rf --one-file-system "$bare"
}
trap leave EXIT

debootstrap --variant=minbase --include=ca-certificates bookworm "$bare" >"$logs/clean-root.log" 2>&1
cp -L /etc/resolv.conf "$bare/etc/" # names and mirrors are reached as here
cp -rL /etc/apt/apt.conf.d "$bare/etc/apt/"
mount -t proc proc "$bare/proc"
mount --bind /dev "$bare/dev"
mount -t devpts devpts "$bare/dev/pts"
mkdir -p "$bare/dev/shm"
mount -t tmpfs tmpfs "$bare/dev/shm"
git clone -q "$root" "$bare/srv/modelfloat"
in_bare() {
    env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 CI=true chroot "$bare" \
        sh -c 'cd /srv/modelfloat && exec "$@"' sh "$@"
}
in_bare installer/run.sh >"$logs/clean-root-run.log" 2>&1 || { tail -n 40 "$logs/clean-root-run.log" && exit 1; }
in_bare installer/test.sh >"$logs/clean-root-test.log" 2>&1 || { tail -n 40 "$logs/clean-root-test.log" && exit 1; }
