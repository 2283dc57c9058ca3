package private

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"
)

const day = 24 * time.Hour

// token makes a token that is good for some time.
func (b *box) token(t *testing.T, s *Store, name string, length time.Duration) (bearer string) {
	t.Helper()
	_, bearer, err := s.MakeToken(b.now(), admin, access.Token{Name: name, Role: access.Manager, Expires: b.now().Add(length)})
	must(t, err)
	return bearer
}

// opens tells whether a token lets its program in, and as what the list has it.
func (b *box) opens(t *testing.T, s *Store, bearer string) (open bool, listed access.Token) {
	t.Helper()
	v, err := s.Visitor(b.now(), access.Shown{Bearer: bearer})
	if open = v.Kind == access.Program; !open && !errors.Is(err, access.ErrExpired) {
		t.Fatalf("the token answers %v", err)
	}
	id, _, err := access.ParseToken(bearer)
	must(t, err)
	for _, one := range s.Tokens() {
		if one.ID == id {
			listed = one
		}
	}
	if open != (listed.Over == "") {
		t.Errorf("the token opens: %v; the list has %+v", open, listed)
	}
	return open, listed
}

// behind is how far the clock of a boot is behind that is behind.
const behind = 10 * day

// A bootClock is what the clock of one boot shows at its start.
type bootClock struct {
	name  string
	shows func(truth time.Time) time.Time
	// vouched: the network says that it is right.
	right, vouched bool
}

var bootClocks = []bootClock{
	{"right", func(truth time.Time) time.Time { return truth }, true, true},
	{"right by a battery", func(truth time.Time) time.Time { return truth }, true, false},
	{"behind", func(truth time.Time) time.Time { return truth.Add(-behind) }, false, false},
	{"ahead", func(truth time.Time) time.Time { return truth.AddDate(30, 0, 0) }, false, false},
	{"1970", func(time.Time) time.Time { return in1970 }, false, false},
}

// A tokenWalk is a token over some boots, and what happened to it.
type tokenWalk struct {
	length  time.Duration
	bearer  string
	refused bool // it was
	over    bool // it was, by a clock that was right
}

// A token of 30 days and one of 90 over three boots of 20 days, between which the
// box is off for 5, with every clock in each.
func TestATokenOverThreeBootsWithEveryClock(t *testing.T) {
	const on, off = 20 * day, 5 * day
	for i := range len(bootClocks) * len(bootClocks) * len(bootClocks) {
		clocks := []bootClock{bootClocks[i/25], bootClocks[i/5%5], bootClocks[i%5]}
		b := newBox(t)
		truth, ran := noon, time.Duration(0)
		b.Wall, b.Synced = clocks[0].shows(truth).UnixMilli(), clocks[0].vouched
		s := b.open(t)
		tokens := []*tokenWalk{{length: 30 * day}, {length: 90 * day}}
		for _, w := range tokens {
			w.bearer = b.token(t, s, w.length.String(), w.length)
		}
		ask := func(c bootClock) {
			for _, w := range tokens {
				open, listed := b.opens(t, s, w.bearer)
				gone := truth.Sub(noon)
				fault := func(what string) {
					t.Errorf("clocks %s, %s, %s: %v: %s after %v, of which the box was on for %v; %+v", clocks[0].name, clocks[1].name, clocks[2].name, w.length, what, gone, ran, listed)
				}
				if open && ran >= w.length {
					fault("it opens")
				}
				if open && c.right && clocks[0].right && gone >= w.length {
					fault("it opens by a clock that is right")
				}
				if open && w.refused && !c.vouched {
					fault("a clock that nobody vouches for lets it open again")
				}
				if open && w.over {
					fault("it was over and opens again")
				}
				if !open && c.vouched && gone < w.length-behind {
					fault("it is refused by a clock that is right")
				}
				if listed.Over == access.OverForGood && gone < w.length-behind && ran < w.length {
					fault("it is told to be over for good")
				}
				w.refused = w.refused || !open
				w.over = w.over || !open && gone >= w.length && (c.right || ran >= w.length)
			}
		}
		for n, c := range clocks {
			if n > 0 {
				truth = truth.Add(off)
				s = b.cutTo(t, s, queue.Now{Wall: c.shows(truth).UnixMilli(), Synced: c.vouched})
			}
			ask(c)
			for range 2 {
				b.pass(on / 2)
				truth, ran = truth.Add(on/2), ran+on/2
				ask(c)
			}
		}
		truth = truth.Add(365 * day)
		for _, c := range []bootClock{bootClocks[0], bootClocks[4], bootClocks[2]} {
			s = b.cutTo(t, s, queue.Now{Wall: c.shows(truth).UnixMilli(), Synced: c.vouched})
			for _, w := range tokens {
				if open, listed := b.opens(t, s, w.bearer); open && clocks[0].right {
					t.Errorf("clocks %s, %s, %s: %v: it opens a year later: %+v", clocks[0].name, clocks[1].name, clocks[2].name, w.length, listed)
				}
			}
		}
		must(t, s.Close())
	}
}

// While the box runs on, a token goes by how long it is good, whatever the wall
// clock is set to; its date moves along.
func TestAClockThatIsSetGivesATokenNoTimeAndTakesNone(t *testing.T) {
	for _, wall := range []time.Time{in1970, noon.AddDate(30, 0, 0)} {
		b := newBox(t)
		s := b.open(t)
		bearer := b.token(t, s, "sito", 90*day)
		b.set(wall)
		b.pass(90*day - time.Minute)
		if open, listed := b.opens(t, s, bearer); !open || !listed.Expires.Equal(wall.Add(90*day)) {
			t.Errorf("set to %v: %+v", wall, listed)
		}
		b.pass(time.Minute)
		for _, back := range []time.Time{wall, noon, in1970} {
			b.set(back)
			if open, listed := b.opens(t, s, bearer); open || listed.Over != access.OverForGood {
				t.Errorf("set to %v and to %v it is %+v", wall, back, listed)
			}
		}
	}
}

// What has passed while the box was off ends a token as soon as the clock shows it,
// though nobody has shown the token since.
func TestATokenThatNobodyShowsIsOverToo(t *testing.T) {
	b := newBox(t)
	s := b.open(t)
	bearer := b.token(t, s, "sito", 90*day)
	s = b.cut(t, s, noon.Add(100*day))
	s = b.cut(t, s, in1970)
	if open, listed := b.opens(t, s, bearer); open || listed.Over != access.OverByClock {
		t.Errorf("%+v", listed)
	}
}

// A clock that was ahead while nobody vouched for it ends a token until one is
// synchronised; one that was vouched for ends it for good.
func TestATokenGoesOnWhenTheClockThatEndedItWasWrong(t *testing.T) {
	for _, vouched := range []bool{false, true} {
		t.Run(fmt.Sprintf("vouched for %v", vouched), func(t *testing.T) {
			b := newBox(t)
			s := b.open(t)
			bearer := b.token(t, s, "sito", 90*day)
			s = b.cutTo(t, s, queue.Now{Wall: noon.AddDate(30, 0, 0).UnixMilli(), Synced: vouched})
			if open, _ := b.opens(t, s, bearer); open {
				t.Fatal("it opens past its date")
			}
			b.set(noon.Add(day))
			b.Synced = false
			if open, _ := b.opens(t, s, bearer); open {
				t.Error("a clock that is set back lets it open again")
			}
			b.Synced = true
			if open, listed := b.opens(t, s, bearer); open == vouched {
				t.Errorf("once the clock is synchronised it is %+v", listed)
			}
			s = b.cutTo(t, s, queue.Now{Wall: noon.Add(2 * day).UnixMilli(), Synced: true})
			if open, _ := b.opens(t, s, bearer); open == vouched {
				t.Errorf("after another start it opens: %v", open)
			}
		})
	}
}

// A token that a version without lives wrote has the date that it was made with.
func TestATokenOfAnEarlierVersionKeepsItsDate(t *testing.T) {
	b := newBox(t)
	s := b.open(t)
	bearer := b.token(t, s, "sito", 90*day)
	for id, row := range s.tokens.rows {
		row.Life = life{}
		must(t, s.db.Update(s.tokens.put(id, row).store))
	}
	s = b.cut(t, s, noon.Add(80*day))
	if open, listed := b.opens(t, s, bearer); !open || !listed.Expires.Equal(noon.Add(90*day)) {
		t.Errorf("%+v", listed)
	}
	b.pass(10 * day)
	if open, _ := b.opens(t, s, bearer); open {
		t.Error("it opens past its date")
	}
}

// Tokens that this version wrote are read for ever: one that is good, and one that
// was over.
func TestTokensOfFormat1AreReadForEver(t *testing.T) {
	b, want := released(t, "testdata/format1-token", func(b *box, s *Store) lifeGolden {
		g := lifeGolden{Good: b.token(t, s, "sito", 90*day), Over: b.token(t, s, "prova", day)}
		b.pass(day)
		b.opens(t, s, g.Over)
		g.Clock = b.Now
		return g
	})
	b.set(in1970)
	s := b.open(t)
	if open, listed := b.opens(t, s, want.Over); open {
		t.Errorf("the one that was over is %+v", listed)
	}
	b.pass(88 * day)
	if open, listed := b.opens(t, s, want.Good); !open {
		t.Errorf("the good one is %+v", listed)
	}
	b.pass(day)
	if open, _ := b.opens(t, s, want.Good); open {
		t.Error("it has no end")
	}
}
