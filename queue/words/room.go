package words

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"eliminacode/queue"
)

// SlipRoom is how many characters of text fit a ticket of 512 bytes, with a QR
// code of an address of 42 characters and the commands of the most talkative
// printer; the end of a line counts as one.
const SlipRoom = 363

// widest is the longest line of any printer, in characters.
const widest = 64

// Longest is the service whose tickets say the most, and in how many
// characters. A setup whose longest ticket passes SlipRoom loses lines on
// paper.
func Longest(setup queue.Setup) (service queue.Service, characters int) {
	wednesday := time.Date(2026, time.September, 30, 10, 30, 0, 0, time.UTC)
	for _, x := range setup.Services {
		for _, promise := range []queue.Promise{{}, {FromMs: 95 * 60_000, ToMs: 120 * 60_000}} {
			t := queue.Ticket{Number: queue.Number{Text: "AB001"}, Ahead: queue.AheadMost + 1, Promise: promise}
			if n := Slip(setup, x, t, wednesday, "").characters(); n > characters {
				service, characters = x, n
			}
		}
	}
	return service, characters
}

// characters counts the text, without the code. Letters such as č are on
// another code page, and to change there and back takes as much as six more;
// what no printer's line holds is broken at Beside, which is then one byte.
func (s SlipText) characters() int {
	n := 0
	if s.Logo {
		n = 14 // the command that prints it
	}
	for _, text := range slices.Concat([]string{s.Date, s.Service, s.Caption, s.Number, s.Mark}, s.Header, s.Facts, s.Notes) {
		if text != "" {
			n += utf8.RuneCountInString(text) + 1
		}
		if utf8.RuneCountInString(text) > widest {
			n -= 2 * strings.Count(text, Beside)
		}
		if strings.ContainsFunc(text, func(r rune) bool { return r >= 'Ā' && r <= 'ſ' }) {
			n += 6
		}
	}
	return n
}
