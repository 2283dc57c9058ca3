#!/usr/bin/env bash
# Runs the proofs of the virtual board with the shipped arm64 program, which `make arm64` has built. Usage:
#
#   run.sh [--if-possible] [PROOF...]
#
# Exit 0: all asked for hold. With --if-possible a machine that cannot run the board is no failure; it is said loudly.
set -euo pipefail
cd "$(dirname "$0")/../.."
parts=$PWD/.cache/virtual-board
optional=""
if [ "${1:-}" = --if-possible ]; then optional=1; shift; fi

if why=$(deploy/virtual-board/setup.sh "$parts" 2>&1 | tee -a /dev/stderr | tail -1; exit "${PIPESTATUS[0]}"); then :; else
  status=$?
  [ "$status" = 3 ] || exit "$status"
  cat >&2 <<SAY

!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!
!!  BOARD DID NOT RUN: ${why#virtual board: }
!!  Nothing was proved of buttons, keypads, printers and power cuts on the
!!  kernel that a small board runs. On a Debian 12 as root: make board
!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!
SAY
  [ -n "$optional" ] && exit 0 || exit 1
fi

CGO_ENABLED=0 GOOS=linux GOARCH=arm64 go build -trimpath -ldflags '-s -w' -o "$parts/guest" ./deploy/virtual-board/guest
go test -c -o "$parts/proof.test" ./deploy/virtual-board/proof
chosen=$(IFS='|'; echo "${*:-.*}")
cd deploy/virtual-board/proof # where the tests' data are
exec "$parts/proof.test" -test.timeout 60m -test.run "^TestBoard\$/^($chosen)\$" \
  -parts "$parts" -program "$OLDPWD/bin/eliminacode-arm64" -guest "$parts/guest"
