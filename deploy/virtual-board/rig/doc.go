// Package rig is the virtual board seen from outside: it packs the first file
// system, boots Debian's arm64 kernel under qemu without hardware
// virtualisation, types on the keypads, and serves a disk that loses what was
// not flushed when the power is cut.
//
// It knows nothing of queues and checks nothing; proof does. A Machine belongs
// to one goroutine but for its Agent, which may be called from many.
package rig
