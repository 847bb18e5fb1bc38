#!/usr/bin/env bash
# Installs what the tests need beside Go and Node: a C compiler for the race
# detector and Chromium for the browser tests. Where it may not, it says so; the
# parts that miss something skip themselves as loudly.
set -euo pipefail

missing=()
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	echo "make test: MISSING ${missing[*]}: install them (as root: apt-get install ${missing[*]}) to run every part"
	exit 0
fi
echo "make test: installing ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
	tail -n 5 "$log"
	echo "make test: MISSING ${missing[*]}: apt-get could not install them"
fi
