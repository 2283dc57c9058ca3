package escpos

// What is asked of a line of which nothing is known: whether a printer is there, and
// whether the speed is its own.

// Questions are what a printer answers at any moment, also when it cannot print, with
// one byte each: how it is, and how its paper is. At a wrong speed it answers nothing,
// or something that is no answer.
func Questions() [][]byte { return [][]byte{commandAsk(1), commandAsk(4)} }

// IsAnswer tells whether all that came after one of the Questions is its answer. What
// may come at any moment, that the printer is ready or busy, does not count.
func IsAnswer(came []byte) bool {
	answers := 0
	for _, b := range came {
		switch {
		case b == xon || b == xoff:
		case isRealTime(b):
			answers++
		default:
			return false
		}
	}
	return answers == 1
}
