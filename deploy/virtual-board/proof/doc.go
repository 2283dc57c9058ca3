// Package proof is what the virtual board proves: the shipped program on
// Debian's arm64 kernel, with contacts, keypads, printers and power cuts. It
// has only tests, which `make board` runs; without its folder of parts they
// are skipped. It looks at the program from outside alone: its journal, its
// pages, the bytes on its wires and the paper.
package proof
