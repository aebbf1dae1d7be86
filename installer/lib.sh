# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# What run.sh, test.sh and .ci/run share. Sourced, with $root set to the top of the checkout.
: "${root:?}"

# A caller with a bare environment still finds the tools; what it put first stays first.
PATH="${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
export PATH

# Caches live outside the checkout, so that a fresh clone builds quickly. ccache keys what it keeps by content.
if [ -z "${XDG_CACHE_HOME:-}" ] && [ -z "${HOME:-}" ]; then
    HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
    export HOME
fi
mf_cache="${XDG_CACHE_HOME:-$HOME/.cache}/modelfloat"
if mkdir -p "$mf_cache/ccache" 2>/dev/null && [ -w "$mf_cache/ccache" ]; then
    export CCACHE_DIR="${CCACHE_DIR:-$mf_cache/ccache}"
    export CCACHE_MAXSIZE="${CCACHE_MAXSIZE:-5G}"
else
    export CCACHE_DISABLE=1 # a read-only home: build without
fi

# To stderr: stdout belongs to the program.
mf_say() { printf '%s\n' "modelfloat: $*" >&2; }
mf_fail() {
    mf_say "$*"
    exit 1
}

# mf_quietly LOG COMMAND…: the output goes to the file and is shown, its end at least, only if the command fails.
mf_quietly() {
    mf_log=$1
    shift
    if "$@" >"$mf_log" 2>&1 </dev/null; then
        return 0
    else
        mf_status=$?
    fi
    # What the compiler complained about may be far above the end.
    if [ "$(wc -l <"$mf_log")" -gt 80 ]; then
        grep -n -E '(error|Error|FAILED)(:| at)' "$mf_log" | cut -c 1-300 | head -n 20 >&2
    fi
    tail -n 80 "$mf_log" | cut -c 1-1000 >&2
    mf_say "failed (exit $mf_status): $* (all of it: $mf_log)"
    return "$mf_status"
}

# mf_packages GROUP…: the packages of these groups by their names on this distribution.
mf_packages() {
    mf_column=2
    if [ -r /etc/os-release ] && grep -q -E '^ID(_LIKE)?=.*ubuntu' /etc/os-release; then
        mf_column=3
    fi
    for mf_group in "$@"; do
        awk -v group="$mf_group" -v column="$mf_column" \
            '!/^#/ && $1 == group && $column != "-" { print $column }' "$root/installer/packages.txt"
    done
}

# mf_install GROUP…: installs what is missing; does nothing, and needs no rights, when all is there.
mf_install() {
    if ! command -v dpkg-query >/dev/null; then
        mf_say "no dpkg here: what installer/packages.txt names must be installed by hand"
        return 0
    fi
    mf_wanted=$(mf_packages "$@")
    # It fails where one of them was never heard of here, which is no error under pipefail either.
    # shellcheck disable=SC2086 # words on purpose: names of packages
    mf_there=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $mf_wanted 2>/dev/null | sed -n 's/^installed //p') || :
    mf_missing=""
    for mf_package in $mf_wanted; do
        printf '%s\n' "$mf_there" | grep -qxF "$mf_package" || mf_missing="$mf_missing $mf_package"
    done
    [ -n "$mf_missing" ] || return 0

    mf_sudo=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || mf_fail "these packages are missing, and there is no sudo to install them:$mf_missing"
        mf_sudo="sudo"
    fi
    mf_say "installing:$mf_missing"
    mf_aptlog=$(mktemp)
    # A source that cannot be reached matters only if a package cannot be had without it.
    $mf_sudo apt-get -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 update >"$mf_aptlog" 2>&1 </dev/null \
        || mf_say "apt-get update reported errors; going on"
    # shellcheck disable=SC2086
    if ! $mf_sudo env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 \
        install -y --no-install-recommends $mf_missing >>"$mf_aptlog" 2>&1 </dev/null; then
        tail -n 40 "$mf_aptlog" >&2
        mf_fail "could not install:$mf_missing (all of it: $mf_aptlog)"
    fi
    rm -f "$mf_aptlog"
}

# How many compilers at once: one per core, and each may need a gigabyte.
mf_jobs() {
    mf_cores=$(nproc)
    mf_gigabytes=$(awk '/^MemTotal:/ { print int($2 / 1000000) }' /proc/meminfo)
    [ "${mf_gigabytes:-0}" -ge 1 ] || mf_gigabytes=1
    if [ "$mf_gigabytes" -lt "$mf_cores" ]; then echo "$mf_gigabytes"; else echo "$mf_cores"; fi
}

# mf_build PRESET TARGETS [CMAKE OPTION…]: configures where needed, then builds the targets (words of one argument).
mf_build() {
    mf_preset=$1
    mf_targets=$2
    shift 2
    mf_tree="$root/build/$mf_preset"
    # A tree that was made elsewhere, or by other options, is of no use. ninja itself sees changed CMakeLists.txt.
    if [ -f "$mf_tree/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$mf_tree/CMakeCache.txt"; then
        rm -rf "$mf_tree"
    fi
    mkdir -p "$mf_tree" || mf_fail "cannot write to $root: ModelFloat is built in the folder it was cloned to"
    mf_options="$*"
    if [ -z "$(find "$mf_tree/build.ninja" -newer "$root/CMakePresets.json" 2>/dev/null)" ] \
        || [ "$mf_options" != "$(cat "$mf_tree/modelfloat-options" 2>/dev/null)" ]; then
        (cd "$root" && mf_quietly "$mf_tree/configure.log" cmake --preset "$mf_preset" "$@") || return 1
        printf '%s' "$mf_options" >"$mf_tree/modelfloat-options"
    fi
    # shellcheck disable=SC2086
    mf_quietly "$mf_tree/build.log" cmake --build "$mf_tree" -j "$(mf_jobs)" ${mf_targets:+--target} $mf_targets
}
