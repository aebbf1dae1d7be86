#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the test servers of tests/servers/versions, each once for each version, into the cache (installer/lib.sh), where
# the tests look for them: servers/NAME.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$root/installer/lib.sh"

go_wanted=1.26.0 # what the servers are built with where the distribution's Go is older than they need
go_oldest=1.25

# Prints a go command that is new enough. The distribution's may not be; it fetches a newer one, checked against Go's
# own checksum database like every module.
find_go() {
    for go in go /usr/local/go/bin/go; do
        command -v "$go" >/dev/null || continue
        version=$("$go" env GOVERSION 2>/dev/null | sed 's/^go//')
        if [ "$(printf '%s\n' "$go_oldest" "$version" | sort -V | head -n 1)" = "$go_oldest" ]; then
            command -v "$go"
            return
        fi
    done
    command -v go >/dev/null || mf_install servers
    toolchain="golang.org/toolchain@v0.0.1-go$go_wanted.$(go env GOOS)-$(go env GOARCH)"
    folder="$(go env GOMODCACHE)/$toolchain"
    if [ ! -x "$folder/bin/go" ]; then
        # Outside of any module, which would be asked whether it may.
        (cd / && mf_quietly "$mf_servers/go.log" go mod download "$toolchain")
        chmod -R u+w "$folder"
        chmod +x "$folder"/bin/* "$folder"/pkg/tool/*/*
    fi
    echo "$folder/bin/go"
}

# NAME PACKAGE VERSION: our main of that name, in a module of its own that takes from the package's module what that asks
# for.
build_main() {
    module=$(mktemp -d)
    cp "$root/tests/servers/$1/main.go" "$module"
    printf 'module servers/%s\n\ngo %s\n\nrequire %s %s\n' "$1" "$go_oldest" "$2" "$3" >"$module/go.mod"
    mf_quietly "$mf_servers/$1.log" env GOFLAGS=-mod=mod GOTOOLCHAIN=local CGO_ENABLED=0 \
        "$go" build -C "$module" -ldflags "-s -w" -o "$mf_servers/$1@$3/$1" .
    rm -rf "$module"
}

mf_servers="$mf_cache/servers"
mkdir -p "$mf_servers"
go=""
while read -r name package version; do
    case $name in '' | '#'*) continue ;; esac
    built="$mf_servers/$name@$version"
    if [ ! -x "$built/$name" ]; then
        [ -n "$go" ] || go=$(find_go)
        mf_say "building the test server $name $version"
        if [ -d "$root/tests/servers/$name" ]; then
            build_main "$name" "$package" "$version"
        else
            mf_quietly "$mf_servers/$name.log" env GOBIN="$built" GOTOOLCHAIN=local CGO_ENABLED=0 \
                "$go" install -ldflags "-s -w" "$package@$version"
        fi
    fi
    ln -sfn "$built/$name" "$mf_servers/$name"
done <"$root/tests/servers/versions"
