package escpos

// Control characters that begin commands.
const (
	nul  = 0x00
	lf   = 0x0a
	dle  = 0x10
	xon  = 0x11
	xoff = 0x13
	esc  = 0x1b
	fs   = 0x1c
	gs   = 0x1d
)

// Second bytes of real-time commands, those that a printer executes the moment
// they arrive, even inside the data of another command.
const (
	realTimeStatus  = 0x04 // DLE EOT n
	realTimeRequest = 0x05 // DLE ENQ n, recovery: never sent from here
	realTimePulse   = 0x14 // DLE DC4 ..., drawer, power, buffer clear
)

// Operands of DLE EOT.
const (
	askPrinter = 1  // on-line or not
	askOffline = 2  // why off-line
	askError   = 3  // which error
	askPaper   = 4  // roll paper
	askFull    = 20 // Custom and Pyramid: six bytes
)

// asbMask switches on automatic status for on-line, error and paper changes,
// not for the drawer, whose pin floats on printers without one.
const asbMask = 0x0e

// An ID is the process id of one ticket: four characters from 20 to 7E that the
// printer sends back when everything before them is on paper.
type ID [4]byte

// idOf turns a counter into an id, in base 95 from the first printable
// character; the ids repeat after 81 million tickets.
func idOf(n uint32) ID {
	var id ID
	for i := len(id) - 1; i >= 0; i-- {
		id[i] = byte(0x20 + n%95)
		n /= 95
	}
	return id
}

func commandInit() []byte          { return []byte{esc, '@'} }
func commandASB() []byte           { return []byte{gs, 'a', asbMask} }
func commandAsk(n byte) []byte     { return []byte{dle, realTimeStatus, n} }
func commandTransmitPaper() []byte { return []byte{gs, 'r', 1} }
func commandTransmitProcess(i ID) []byte {
	return []byte{gs, '(', 'H', 6, 0, '0', '0', i[0], i[1], i[2], i[3]}
}

// realTimeAt is the index of the first real-time command in b, or -1.
func realTimeAt(b []byte) int {
	for i := 0; i+1 < len(b); i++ {
		if b[i] != dle {
			continue
		}
		switch b[i+1] {
		case realTimeStatus, realTimeRequest, realTimePulse:
			return i
		}
	}
	return -1
}
