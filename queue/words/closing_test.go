package words

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"eliminacode/queue"
)

func TestClosingSlip(t *testing.T) {
	want := SlipText{
		Header:  []string{"Comune di Esempio", "Sportello polifunzionale"},
		Date:    "martedì 24 novembre 2026 · 10:31",
		Service: "Chiusura della giornata",
		Facts: []string{
			"lunedì 23 novembre 2026", "Registro n. 123456, impronta SHA-256:",
			"0123 4567 89ab cdef", "0123 4567 89ab cdef", "0123 4567 89ab cdef", "0123 4567 89ab cdef",
			"Biglietti 186 · Serviti 170", "Non presentati 8 · Annullati 3", "Scaduti 5", "Numeri dei blocchi mai chiamati 7",
		},
		Notes: []string{"Da conservare fuori dall'apparecchio."},
	}
	c := Closing{
		Date: tuesday.Add(-24 * time.Hour), Seq: 123456, Hash: strings.Repeat("0123456789abcdef", 4),
		Sums: queue.DayClosed{Issued: 186, Served: 170, NoShows: 8, Expired: 5, Unused: 7},
	}
	if d := cmp.Diff(want, ClosingSlip(townHall("de"), tuesday, c)); d != "" {
		t.Errorf("slip (-want +got):\n%s", d)
	}
	c.Sums.Unused = 0
	want.Facts = want.Facts[:len(want.Facts)-1]
	if d := cmp.Diff(want, ClosingSlip(townHall(), tuesday, c)); d != "" {
		t.Errorf("slip of a day without blocks (-want +got):\n%s", d)
	}
}
