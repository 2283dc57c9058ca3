package waiting

import (
	"slices"
	"testing"

	"eliminacode/queue"
)

// namedLeg is a leg with the names that its places in the tables stand for.
func namedLeg(s Sheet, i int) any {
	l := s.Leg(i)
	n := struct {
		Leg
		service, desk, series, channel any
	}{l, s.Services[l.Service], nil, s.Series[l.Series], s.Channels[l.Channel]}
	if l.Desk >= 0 {
		n.desk = s.Desks[l.Desk]
	}
	n.Service, n.Desk, n.Series, n.Channel = 0, 0, 0, 0
	return n
}

// A sheet that goes on tells what one that is made anew tells, after every event, or
// when it is asked for after many.
func TestASheetUnderWayIsTheSheetMadeAnew(t *testing.T) {
	all := slices.Clone(foundSeeds)
	for seed := range uint64(20) {
		all = append(all, seed)
	}
	copied, whole := 0, 0
	for _, seed := range all {
		var each, rarely UnderWay
		state := &queue.State{}
		for i, e := range randomDays(t, seed) {
			state = state.Apply(e)
			want := Rows(state)
			made := []*UnderWay{&each}
			if i%17 == 0 {
				made = append(made, &rarely)
			}
			if each.day != nil && state.Plan() != nil && state.MeasuresLike(each.day) {
				copied++
				if len(each.runs) > 1 && each.runs[0].ended {
					whole++
				}
			}
			for _, u := range made {
				got := u.Rows(state)
				if got.Date != want.Date || got.Zone != want.Zone || got.Day != want.Day || got.Len() != want.Len() {
					t.Fatalf("seed %d, event %d (%T): %+v, want %+v", seed, i, e.Body, got, want)
				}
				for k := range want.Len() {
					if namedLeg(got, k) != namedLeg(want, k) {
						t.Fatalf("seed %d, event %d (%T): leg %d is %+v, want %+v", seed, i, e.Body, k, namedLeg(got, k), namedLeg(want, k))
					}
				}
			}
		}
	}
	if copied < 100 || whole < 100 {
		t.Errorf("only %d sheets went on, %d of them with a run whose visits had all ended", copied, whole)
	}
}
