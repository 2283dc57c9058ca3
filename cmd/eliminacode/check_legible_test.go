package main

import (
	"testing"

	"eliminacode/display"
	"eliminacode/queue/words"
)

// TestCheckTellsHowFarBoardsAreRead has a board that is read far enough, one that is
// not, one whose last calls are not, and one that has not told.
func TestCheckTellsHowFarBoardsAreRead(t *testing.T) {
	for _, c := range []struct {
		b    display.HungBoard
		want string
	}{
		{display.HungBoard{Name: "Atrio", Legible: &words.Legible{Number: 8100, Desk: 8000, Last: 4100, Asked: 8000}},
			"OK board Atrio: legible to 8.1 m (number), 8.0 m (desk), 4.1 m (last calls) -> \n"},
		{display.HungBoard{Name: "Atrio", Legible: &words.Legible{Number: 8100, Desk: 7200, Last: 4100, Asked: 8000}},
			"WARN board Atrio: Legible to 7.2 m only: 8.0 m are asked; legible to 8.1 m (number), 7.2 m (desk), 4.1 m (last calls) -> hang a bigger television"},
		{display.HungBoard{Name: "Atrio", Legible: &words.Legible{Number: 8100, Desk: 8200, Last: 3900, Asked: 8000}},
			"WARN board Atrio: Legible to 7.8 m only: 8.0 m are asked"},
		{display.HungBoard{Name: "192.0.2.7:4711"}, "WARN board 192.0.2.7:4711: does not tell how far it is legible -> wait until it answers"},
	} {
		looked{c.want, nil, []string{c.want}}.check(t, func(machine) []finding { return []finding{legibleBoard(c.b)} })
	}
	if said := words.In("it").Tell((words.Legible{Number: 8100, Desk: 8000, Last: 4100}).Text()); said != "leggibile fino a 8,1 m (numero), 8,0 m (sportello), 4,1 m (ultime)" {
		t.Errorf("in Italian: %s", said)
	}
}
