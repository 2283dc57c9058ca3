// Package escpos speaks to a ticket printer in ESC/POS: slips become bytes,
// bytes become status, and a conversation earns the word "printed".
//
// Three parts, each usable alone:
//
//   - Encode is pure: a Profile, a slip and an id give the bytes of one ticket,
//     at most MaxSlipBytes of them. EncodeLogo does the same for the picture
//     that an installer stores in the printer once.
//   - Decoder is pure and incremental: it sorts what a printer answers by the
//     bits of each byte, because real-time answers, automatic status, buffered
//     answers, text blocks and flow control all share one wire.
//   - Printer implements device.Printer over any Line.
//
// # What is promised
//
// One ticket is in flight at a time, and the next one is sent only after its
// answer, so that the printer's receive buffer never fills and status always
// gets through. Nothing is ever sent twice. Recovery commands (DLE ENQ, buffer
// clear) are never sent: one of them can print a ticket twice, the other can
// lose it, and only a person can tell which is wanted.
//
// When a failure leaves no byte of the number behind, the outcome is
// device.ErrNotPrinted. Once a byte of the number has been handed over and no
// answer comes, it is device.ErrUnknownOutcome, even when the printer says that
// its paper is out: a stopped printer keeps what it has received and prints it
// when the cause is removed, so "not printed" would be a lie a minute later.
// When its answer comes after all, Config.Late is told, once.
//
// Nothing is sent between two tickets that could print, but for two things: what
// a torn ticket left is cut off before the next, and a ticket that nobody takes
// out of a presenter's mouth is taken back, as the profile says.
//
// # Caveats
//
// "Printed" is as true as the rung that earned it, see device.Rung. A printer
// that answers no real-time status (DLE EOT) is spoken to by a raw profile: it
// is sent its own words, neither asked nor probed, and every ticket's outcome is
// unknown, with device.ErrNoAnswerExpected. A printer that has answered and
// falls silent is another thing: device.ErrSilent.
//
// Letters that no code page of the profile has are transliterated (č to c, À to
// A', € to EUR), since a wrong letter is worse than a plain one.
//
// The count of paper is what the bytes tell the printer to move; a stored logo
// counts as 12 mm, whatever its height.
//
// Byte layouts follow Epson's ESC/POS application programming guide, and the
// manuals of Custom (TG02H, KPM210, VKP80) and Pyramid (Reliance) for the full
// status and the presenter.
//
// # Goroutines
//
// Encode may be called from anywhere. A Decoder belongs to one goroutine.
// Printer.Run owns the line; Print and Status may be called from anywhere.
package escpos
