// Package sim is the hardware of the box without the hardware: a ticket printer
// that can be read, and buttons and keypads that can be pressed.
//
// # Printer
//
// A Printer interprets every byte it receives as an ESC/POS printer does, keeps
// a receive buffer of a real one's size, moves the paper at a real one's speed,
// draws it (PNG and plain text), and answers status as a real one does: in real
// time even while it is stopped, and in the order of the buffer for the rest,
// so never while it is stopped. Faults are made on demand: paper low or out,
// also in the middle of a ticket, cover open, cutter jammed, switched off,
// unplugged between two bytes.
//
// It stands behind a PTY, so that the whole way through the kernel's tty is
// exercised, or behind a TCP listener, or any io.ReadWriteCloser.
//
// What a host does wrong is recorded by Complaints: an unknown command, a
// status question inside another command, alignment in the middle of a line,
// bytes sent into a full buffer. A test that ends with no complaint has sent
// what a real printer wants.
//
// # Limits
//
// Page mode, downloaded characters and bit images by column are not known and
// are complained about. A line of print is atomic: paper runs out between two.
//
// # Goroutines
//
// Printer.Run is the print head and must run for anything to be printed. All
// other methods may be called from anywhere. Subscribers are called from the
// head's goroutine and must not block.
package sim
