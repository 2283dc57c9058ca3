// Package printer is a ticket printer without the printer: it takes what a real
// one takes, answers what a real one answers, and its paper can be read. It
// knows no driver, so that both cannot be wrong together.
//
// A Printer interprets every byte it receives as an ESC/POS printer of its Model
// does. There is a Model for each shipped profile, which says what commands it
// has, how far its knife is from its head and which sensors it lacks.
//
//   - It keeps a receive buffer of a real one's size (4 KiB, or the 45 bytes that
//     a switch chooses), says with a busy line and with XON and XOFF when that
//     fills and when it is off line, and drops what comes into a full one.
//   - It moves the paper at a real one's speed and draws it, PNG and plain text:
//     both fonts, all enlargements, pictures and QR codes. What was printed last
//     is still in front of the knife when that falls.
//   - It answers status as a real one does: in real time even while it is
//     stopped, and in the order of the buffer for the rest, so never while it is
//     stopped.
//   - It goes off line for all the reasons that the manuals know, and recovers
//     by a person's hand, by itself, or by DLE ENQ, as each of them wants.
//   - Paper that ends in the middle of a ticket makes two pieces of it; see
//     Ticket and Scraps. A presenter holds tickets out until TakeTicket.
//   - What the wire does wrong is made on demand: deaf, late, answers cut in the
//     middle or with others inside, noise, unplugged after any byte either way;
//     AfterBytes lets anything happen at any byte of a ticket.
//
// It stands behind a sim.PTY, so that the whole way through the kernel's tty is
// exercised, behind a sim.TCP, or any io.ReadWriteCloser.
//
// What a host does wrong is recorded by Complaints: an unknown command, a
// status question inside another command, alignment in the middle of a line,
// bytes sent into a full buffer, a picture that was never defined. A test that
// ends with no complaint has sent what a real printer wants.
//
// # Limits
//
// It knows what a ticket and the programs that judge it send. Page mode, bar
// codes, bit images in a line, pictures in another size than their own, images in
// volatile memory, tabs, motion units, characters that are turned, underlined or
// spaced, macros, DLE DC4 and Custom's counters are not known and are complained
// about. A line of print is atomic: paper runs out between two. The
// head's density, its heat and the wear of its knife leave no trace. Where no
// manual could be found the Model or the function says what was assumed.
//
// # Goroutines
//
// Printer.Run is the print head and must run for anything to be printed. All
// other methods may be called from anywhere. Subscribers are called from the
// head's goroutine and must not block.
package printer
