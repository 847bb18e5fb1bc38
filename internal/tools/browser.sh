#!/usr/bin/env bash
# Runs the browser tests of web/e2e against ./rostrum, or says what is missing.
set -euo pipefail
cd "$(dirname "$0")/../../web/e2e"

for program in node npm chromium; do
	if ! command -v $program >/dev/null; then
		echo "make test: SKIPPED the browser tests: no $program (Debian: apt-get install chromium nodejs npm)"
		exit 0
	fi
done
# npm ci costs seconds, so it is done again only when the lock file changed.
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
	npm ci --no-audit --no-fund
	cp package-lock.json node_modules/.installed-lock.json
fi
ROSTRUM=../../rostrum node --test
