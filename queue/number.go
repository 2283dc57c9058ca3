package queue

import "strconv"

// text is the number as shown: the letters, then the digits padded to Width.
func (s Series) text(value int) string {
	digits := strconv.Itoa(value)
	for len(digits) < s.Width {
		digits = "0" + digits
	}
	return s.Letters + digits
}
