package escpos

// The logo has one place in the printer: a key of GS ( L, or the first number
// of FS q.
const (
	logoKey1, logoKey2 = 'E', 'L'
	logoNumber         = 1

	// logoGuessDots is the height of a stored logo that this program has not
	// seen being stored, for the count of paper: 12 mm.
	logoGuessDots = 96
)

// logo prints the picture that an installer stored in the printer. A printer
// that has none prints nothing and moves on.
func (e *encoder) logo() {
	switch e.profile.Logo {
	case LogoGSL:
		e.put(gs, '(', 'L', 6, 0, '0', 'E', logoKey1, logoKey2, 1, 1)
	case LogoFSP:
		e.put(fs, 'p', logoNumber, 0)
	default:
		return
	}
	e.dots += logoGuessDots
	e.feed(gapDots / 2)
}
