# Two commands are enough: `go run ./cmd/rostrum demo` and `make test`.
# The rest of this file is what they, and whoever works on Rostrum, are made of.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build
MAKEFLAGS += --no-print-directory

export CGO_ENABLED := 0

.PHONY: build test needs vet lint unit race browser accuracy bench kill explore decks crawl weight lighthouse clean

## build: one static binary, ./rostrum
build:
	go build -trimpath -o rostrum ./cmd/rostrum

## test: everything; installs what it needs where it may, else says loudly what it leaves out
test: needs vet build lint race unit browser
	@echo "make test: all parts done"

needs:
	@internal/tools/needs.sh

vet:
	go vet ./...

# The linter is built from its own module, once per version.
.cache/golangci-lint: internal/tools/go.sum
	@mkdir -p .cache
	cd internal/tools && go build -o ../../.cache/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint

lint: .cache/golangci-lint
	.cache/golangci-lint run

## unit: all Go tests as the program is built: without cgo, with the seeds of all fuzz targets and the testscript stories
unit:
	go test -timeout 15m ./...

# A process under the race detector sleeps a second before it ends, for reports of
# threads that still run: of hundreds of commands that is minutes.
export GORACE := atexit_sleep_ms=50

## race: the same under the race detector, which needs a C compiler; what is too slow under it skips itself
race:
	@if command -v cc >/dev/null; then \
		echo "CGO_ENABLED=1 go test -race -short -timeout 15m ./..."; \
		CGO_ENABLED=1 go test -race -short -timeout 15m ./...; \
	else echo "make test: SKIPPED the race detector: no C compiler (install gcc and libc6-dev)"; fi

## browser: the site in Chromium
browser: build
	@internal/tools/browser.sh

## accuracy: how well programme pages are read, field by field
accuracy:
	go test ./ingest/programme -run Accuracy -count=1 -v

## bench: the benchmarks behind the figures
bench:
	go test -run '^$$' -bench . -benchtime 1x ./...

## kill: add and serve killed 200 times while a bulk of editions is added; the archive must stay whole and the index equal
kill:
	ROSTRUM_KILLS=200 go test ./cmd/rostrum -run '^TestKill$$' -count=1 -v -timeout 60m

## explore: curators that no test run has met act on an archive, COUNT times over (the default takes a quarter of an hour)
explore:
	go test ./archive/store -run '^(TestUndoOfAllGivesTheFirstState|TestCorrectionsOutliveReadings)$$' -count=1 -timeout 10h -rapid.seed=0 -rapid.checks=$(COUNT)

## decks: the slide PDFs of the bundled tour, from their texts
decks:
	go run ./internal/deckmaker cmd/rostrum/bundled/tour

# What follows measures the site over an archive: DATA names its folder.
DATA ?= rostrum-demo
COUNT ?= 5000
QUERY ?= testing

## crawl: COUNT addresses of the archive, or all, asked of a running site: which are dead or slow
crawl: build web/e2e/node_modules
	cd web/e2e && node crawl.js "$(abspath $(DATA))" $(COUNT)

## weight: bytes and requests of the first view of each kind of page
weight: build web/e2e/node_modules
	cd web/e2e && node weight.js "$(abspath $(DATA))" "$(QUERY)"

## lighthouse: Lighthouse's scores of each kind of page
lighthouse: build web/measure/node_modules
	cd web/measure && node lighthouse.js "$(abspath $(DATA))" "$(QUERY)"

web/%/node_modules: web/%/package-lock.json
	cd web/$* && npm ci --no-audit --no-fund && touch node_modules

clean:
	rm -rf rostrum .cache web/e2e/node_modules web/measure/node_modules
