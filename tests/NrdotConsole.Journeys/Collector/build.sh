#!/usr/bin/env bash
# Builds a real OpenTelemetry Collector (OTLP in and out, batch, memory_limiter, forward, debug, zpages) from Debian's own packages, for the
# tests that stand one up. About 330 MB of packages, 3 to 10 min, once; the machine's own packages stay as they are.
# usage: build.sh DIRECTORY      -> DIRECTORY/otelcol
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$(mkdir -p "${1:?usage: build.sh DIRECTORY}" && cd "$1" && pwd)
[ -x "$out/otelcol" ] && exit 0
# What a build that was cut off left behind.
rm -rf "$out"/build.*
work=$(mktemp -d "$out/build.XXXXXX"); trap 'rm -rf "$work"' EXIT
root=$work/root apt=$work/apt
mkdir -p "$root" "$apt"/{etc,lists/partial,cache/archives/partial}

# Debian unstable, by this machine's mirror, in a folder of its own: only there are Go and the collector's sources new enough.
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -1 | tr -d ' ' || true)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:?no Debian mirror in the apt sources} sid main" > "$apt/etc/sources.list"
options=(-o "Dir::Etc::sourcelist=$apt/etc/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o Dir::State::status=/dev/null -o APT::Sandbox::User=root)
apt-get "${options[@]}" -q update >/dev/null
go=$(apt-cache "${options[@]}" search --names-only '^golang-1\.[0-9]+-go$' | cut -d' ' -f1 | sort -V | tail -1)
apt-get "${options[@]}" -q -y --no-install-recommends -d install "$go" golang-opentelemetry-collector-dev >/dev/null
for package in "$apt"/cache/archives/*.deb; do dpkg -x "$package" "$root"; done

source=$work/gopath/src/local/otelcol
mkdir -p "$source" && cp "$here/main.go" "$source/"
goroot=$(echo "$root"/usr/lib/go-1.*)
cd "$source"
env GOROOT="$goroot" PATH="$goroot/bin:$PATH" GO111MODULE=off GOPROXY=off GOTOOLCHAIN=local GOFLAGS=-p=1 GOTELEMETRY=off CGO_ENABLED=0 TMPDIR="$work" \
  GOCACHE="$work/gocache" GOPATH="$work/gopath:$root/usr/share/gocode" go build -ldflags '-s -w' -o "$work/otelcol" .
"$work/otelcol" --version
# Whole or not at all: others look for it meanwhile.
mv "$work/otelcol" "$out/otelcol"
