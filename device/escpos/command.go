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

// idLetters are the characters of our ids: printable, and none that looks like a
// real-time answer, which may cut into the echo.
var idLetters = func() (letters []byte) {
	for b := byte(0x20); b < 0x7f; b++ {
		if !isRealTime(b) {
			letters = append(letters, b)
		}
	}
	return letters
}()

// idCount is how many ids there are: 47 million, then they repeat.
var idCount = func() uint32 {
	n := uint32(len(idLetters))
	return n * n * n * n
}()

// idOf turns a counter into an id.
func idOf(n uint32) ID {
	var id ID
	base := uint32(len(idLetters))
	for i := len(id) - 1; i >= 0; i-- {
		id[i] = idLetters[n%base]
		n /= base
	}
	return id
}

// isRealTime reports whether a byte has the fixed bits of a real-time answer.
func isRealTime(b byte) bool { return b&0x93 == 0x12 }

func commandInit() []byte          { return []byte{esc, '@'} }
func commandASB() []byte           { return []byte{gs, 'a', asbMask} }
func commandAsk(n byte) []byte     { return []byte{dle, realTimeStatus, n} }
func commandTransmitPaper() []byte { return []byte{gs, 'r', 1} }

// commandFeed moves the paper by dots, which are motion units of the head.
func commandFeed(dots int) (b []byte) {
	for ; dots > 0; dots -= 255 {
		b = append(b, esc, 'J', byte(min(dots, 255)))
	}
	return b
}

func commandTransmitProcess(i ID) []byte {
	return []byte{gs, '(', 'H', 6, 0, '0', '0', i[0], i[1], i[2], i[3]}
}
