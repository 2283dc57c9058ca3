# eliminacode: `make demo` for a town hall in the browser, `make test` for
# everything that must hold. Both install what they need on Debian.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -X main.version=$(VERSION)
# Two packages under test at a time: the machine it must pass on has two cores.
# A third of what the longest steps and the compiler do is collecting garbage of small
# heaps, so it is done less often.
# Vet is a step of its own, check.
TEST    := GOGC=300 go tool gotestsum --format pkgname-and-test-fails -- -vet=off

.PHONY: demo test race pages quick rules period paper fuzz board build check steps format pictures bench crash arm64 tools assets clean

## demo: a whole simulated town hall in the browser, with no hardware
demo: assets
	go run -ldflags '$(LDFLAGS)' ./cmd/eliminacode demo $(DEMO)

## test: everything: style, vet, staticcheck, all tests with the race detector. Three
## steps run side by side, the longest first, since each waits a good part of its time
## (for pages, programs, the board's kernel); what a step says comes whole at its end.
## One that fails stops no other; the end says which failed and what each took
STEPS := race paper board rules fuzz pages check crash period
test: tools assets steps

steps:
	@export ends=$$(mktemp) lock=$$(mktemp) BOARD=--if-possible; trap 'rm -f "$$ends" "$$lock"' EXIT; \
	step() { \
	  local began=$$SECONDS status=0 said; said=$$(mktemp); \
	  $(MAKE) --no-print-directory "$$1" >"$$said" 2>&1 || status=$$?; \
	  exec 9>"$$lock"; flock 9; \
	  echo "=== $$1"; cat "$$said"; rm -f "$$said"; \
	  echo "$$1 $$((SECONDS - began)) $$status" >>"$$ends"; \
	}; export -f step; \
	began=$$SECONDS; printf '%s\n' $(STEPS) | xargs -P 3 -I{} bash -c 'step {}'; \
	awk -v all=$$((SECONDS - began)) '{ took = took ", " $$1 " " $$2 " s"; if ($$3 != 0) failed = failed " " $$1 } \
	  END { print "make test: " all " s" took; if (failed) { print "make test: FAILED:" failed; exit 1 } \
	  if (NR != '$(words $(STEPS))') { print "make test: FAILED: a step did not end"; exit 1 } print "make test: every step is green" }' "$$ends"

## quick: what one runs between two edits: formatting, vet, and the tests that take no
## browser and no patience; with warm caches it takes less than a minute
SLOW = $(ALONE)|$(PAGES)|TestThousandDays|TestBeforeAndAfter|TestPapers|TestOtherRules|TestPriorityTable|TestCheckerMissesEveryStep|TestAnyDay|TestReceiptio|TestPaperFaults|TestDemo|TestTryBesideADaemon|TestWholeOffice
quick: format
	go vet ./...
	go test -short -timeout 5m -skip '$(SLOW)' ./...

## race: all tests with the race detector, but those in which one goroutine works
## for minutes or nothing but one ever works, printers run on a fast clock, the program
## is another process, or a browser judges one page after the other: rules, period,
## paper, crash and pages live them without
ALONE := TestReferencePeriod|TestKilled|TestEventsThroughKills|TestSynced|TestTicketsThroughPorts|TestShippedSlips|TestContractOverPTY
PAGES := TestAccessible|TestOpenPagesAreAccessible|TestSigningInIsAccessible|TestAnOfficeOutOfServiceIsAccessible|TestEveryLanguageFits|TestTheCutStyleChangesNoPage|TestTheMostIsWhole|TestFits|TestAccountPagesInBrowser|TestEverybodysDay|TestGeneratedClient
race: tools assets
	$(TEST) -race -p 2 -timeout 60m -skip '$(ALONE)|$(PAGES)' $$(go list ./... | grep -vxF "$$(go list $(RULES))")

## pages: every page in every language, size and look in a browser, a day of
## everybody, and the client that is made from the interface's description
pages: tools assets
	$(TEST) -count=1 -p 1 -timeout 60m -run '$(PAGES)' ./display ./cmd/eliminacode

## rules: what starts no goroutine, and a thousand days of the office, the tables, and
## the order with a step missing
RULES := ./queue ./queue/calendar ./queue/change ./queue/office ./queue/procedure ./queue/waiting ./queue/simulate
rules: tools
	$(TEST) -count=1 -timeout 60m $(RULES)

## period: five months of the reference office, every cell of its reports recounted;
## without the race detector, since it is one goroutine's work for minutes
period: tools
	$(TEST) -count=1 -timeout 60m -run TestReferencePeriod ./cmd/eliminacode

## paper: every fault at every point of a ticket, ten thousand tickets through
## pseudo-terminals, every shipped ticket, and the drivers' contract there; without the
## race detector, for its length
paper: tools
	$(TEST) -count=1 -timeout 60m -run 'TestPaperFaults|TestTicketsThroughPorts|TestShippedSlips' ./cmd/eliminacode -args -every-point -tickets=10000
	$(TEST) -count=1 -timeout 60m -run TestContractOverPTY ./device/escpos

## fuzz: every parser of outside bytes for a while; `make fuzz FUZZTIME=10m` for longer.
## Two run side by side. One that fails is tried again: what it found lies in testdata
## and fails again, while a worker that was slow to stop on a busy machine does not
FUZZTIME := 3s
fuzz:
	@each() { \
	  into=$$(mktemp -d); trap 'rm -rf "$$into"' EXIT; \
	  go test -c -vet=off -fuzz=. -ldflags='-s -w' -o "$$into/fuzz" "./$$1"; \
	  kept=$$(go env GOCACHE)/fuzz/$$(go list "./$$1"); cd "$$1"; \
	  for name in $$(grep -ohE '^func Fuzz[A-Za-z]+' *_test.go | cut -c6-); do \
	    run() { "$$into/fuzz" -test.run '^$$' -test.fuzz "^$$name\$$" -test.fuzztime $(FUZZTIME) -test.fuzzminimizetime 10x -test.fuzzcachedir "$$kept" -test.parallel 1 2>&1; }; \
	    if out=$$(run) || { echo "$$out"; out=$$(run); }; then echo "$$1 $$name $$(grep '^fuzz:' <<< "$$out" | tail -n 1)"; \
	    else echo "$$out"; echo "make fuzz: FAILED: $$1 $$name"; return 1; fi; \
	  done; \
	}; export -f each; \
	grep -rlE '^func Fuzz' --include='*_test.go' cmd device queue display firmware-config deploy | xargs -n 1 dirname | sort -u | \
	  xargs -P 2 -I{} bash -euo pipefail -c 'each "{}"'

## crash: the daemon killed at 200 random moments, its events read through 20 more, and
## its system calls watched
crash: tools
	$(TEST) -count=1 -timeout 60m -run 'TestKilled|TestEventsThroughKills|TestSynced' ./cmd/eliminacode -args -kills=200

## board: the arm64 program on Debian's kernel with buttons, keypads, printers and
## power cuts; `make board PROOF="press stuck"` runs two proofs alone
board: arm64
	deploy/virtual-board/run.sh $(BOARD) $(PROOF)

## check: formatting, vet and staticcheck
check: format
	go vet ./...
	go tool staticcheck ./...

format:
	@unformatted=$$(gofmt -l cmd device queue display firmware-config deploy); \
	  if [ -n "$$unformatted" ]; then echo "gofmt would change: $$unformatted"; exit 1; fi

## build: the binary for this machine, without cgo
build: assets
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w $(LDFLAGS)' -o bin/eliminacode ./cmd/eliminacode

## arm64: the binary for a small board
arm64: assets
	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 go build -trimpath -ldflags '-s -w $(LDFLAGS)' -o bin/eliminacode-arm64 ./cmd/eliminacode

## bench: what "fast" means: every bar with its verdict, and a failure when one is
## missed by more than its noise; on an idle machine, since times bear no company.
## What misses runs again, twice at most: a shared machine has slow spells that are
## longer than a benchmark, and what became slow misses three times
bench: tools assets
	@status=0; said=$$(mktemp); trap 'rm -f $$said' EXIT; \
	for p in queue queue/engine queue/journal queue/procedure queue/waiting device/escpos display cmd/eliminacode; do \
	  which=.; for run in 1 2 3; do \
	    if go test -run '^$$' -bench "$$which" -benchtime 1x -timeout 60m ./$$p 2>&1 | tee $$said; then break; fi; \
	    missed=$$(sed -n 's/^--- FAIL: \(Benchmark[^/ -]*\).*/\1/p' $$said | sort -u | paste -sd '|'); \
	    if [ $$run = 3 ] || [ -z "$$missed" ]; then status=1; break; fi; \
	    which="^($$missed)\$$"; echo "bench: $$p: run $$run of 3 missed; again: $$missed"; \
	  done; \
	done; \
	if [ $$status != 0 ]; then echo "bench: see MISSED above"; fi; exit $$status

## pictures: the board and a ticket for the README
pictures: tools assets
	go test -count=1 -run TestPictures ./cmd/eliminacode -args -pictures

# Chromium drives the pages in tests, strace watches the daemon's system calls,
# zbarimg reads the codes on drawn tickets, espeak-ng is the voice of the hall, and
# pulseaudio the ear that hears it.
tools:
	@missing=""; \
	  [ -x /usr/bin/chromium ] || missing="$$missing chromium fonts-dejavu-core"; \
	  command -v strace >/dev/null || missing="$$missing strace"; \
	  command -v zbarimg >/dev/null || missing="$$missing zbar-tools"; \
	  command -v espeak-ng >/dev/null || missing="$$missing espeak-ng"; \
	  command -v parec >/dev/null && command -v pulseaudio >/dev/null || missing="$$missing pulseaudio pulseaudio-utils"; \
	  if [ -n "$$missing" ]; then \
	    if [ "$$(id -u)" != 0 ]; then echo "please install:$$missing (apt-get install$$missing)"; exit 1; fi; \
	    apt-get -o DPkg::Lock::Timeout=600 -qq update; \
	    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -qq install -y --no-install-recommends $$missing >/dev/null; \
	  fi

# The staff pages' style and fonts, and the tests' accessibility judge. The style is
# cut to what the templates and scripts use, and cut anew when one of them changes.
assets: display/web/vendor/bootstrap-italia.min.css

display/web/vendor/bootstrap-italia.min.css: node_modules/.package-lock.json display/web/vendor.mjs $(wildcard display/web/templates/*.html display/web/static/js/*.js)
	npm run --silent vendor

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error

clean:
	rm -rf bin node_modules display/web/vendor/*
