package words

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"eliminacode/queue"
)

// A Closing is what the slip of a day that has closed says.
type Closing struct {
	Date time.Time // of the business day
	Sums queue.DayClosed
	Seq  uint64 // of the event that closed the day
	Hash string // of the chain of events up to that one, in hexadecimal
}

// Cancelled is how many of the day's tickets were cancelled.
func (c Closing) Cancelled() int {
	return c.Sums.Issued - c.Sums.Served - c.Sums.NoShows - c.Sums.Expired
}

// HashLines are the lines of a hash for people who compare it: four groups of four
// digits in each.
func HashLines(hash string) (lines []string) {
	for line := range slices.Chunk([]byte(hash), 16) {
		var fours []string
		for four := range slices.Chunk(line, 4) {
			fours = append(fours, string(four))
		}
		lines = append(lines, strings.Join(fours, " "))
	}
	return lines
}

// ClosingSlip is the text of a closed day's slip: its totals, and the hash that
// nobody can change afterwards, since it lies in a drawer. It is for the office, so in
// Italian alone. The hash stands first: what a narrow paper has no room for is cut
// from the end.
func ClosingSlip(setup queue.Setup, at time.Time, c Closing) SlipText {
	s := slipTextFor(setup)
	text := SlipText{
		Header:  s.header(),
		Date:    Date(at) + Beside + Clock(at),
		Service: "Chiusura della giornata",
		Facts:   []string{Date(c.Date), fmt.Sprintf("Registro n. %d, impronta SHA-256:", c.Seq)},
		Notes:   []string{"Da conservare fuori dall'apparecchio."},
	}
	text.Facts = append(text.Facts, HashLines(c.Hash)...)
	text.Facts = append(text.Facts,
		fmt.Sprintf("Biglietti %d"+Beside+"Serviti %d", c.Sums.Issued, c.Sums.Served),
		fmt.Sprintf("Non presentati %d"+Beside+"Annullati %d", c.Sums.NoShows, c.Cancelled()),
		fmt.Sprintf("Scaduti %d", c.Sums.Expired),
	)
	if c.Sums.Unused > 0 {
		text.Facts = append(text.Facts, fmt.Sprintf("Numeri dei blocchi mai chiamati %d", c.Sums.Unused))
	}
	return text
}
