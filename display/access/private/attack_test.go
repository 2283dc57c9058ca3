package private

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/display/access"
)

// attack begins to post attempts twice a second from so many machines, each of which
// has at most so many under way, and answers after a while how many were checked and
// found wrong by then. It goes on until the test ends.
func attack(t *testing.T, s *Store, lasts time.Duration, machines, parallel int, next func(n int) access.Attempt, codes bool) int {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var checked atomic.Int64
	var ended sync.WaitGroup
	for machine := range machines {
		ended.Go(func() {
			underway := make(chan struct{}, parallel)
			for n := machine; ctx.Err() == nil; n += machines {
				underway <- struct{}{}
				ended.Go(func() {
					defer func() { <-underway }()
					var err error
					if a := next(n); codes {
						_, err = s.UseCode(ctx, time.Now(), a, "un altro cavallo rosso")
					} else {
						_, err = s.Login(ctx, time.Now(), a)
					}
					if errors.Is(err, access.ErrWrong) {
						checked.Add(1)
					}
				})
				time.Sleep(500 * time.Millisecond)
			}
		})
	}
	t.Cleanup(func() {
		cancel()
		ended.Wait()
	})
	time.Sleep(lasts)
	return int(checked.Load())
}

// comes is how long somebody with the right password waits until it opens.
func comes(t *testing.T, s *Store, address, name, known string) time.Duration {
	t.Helper()
	begun := time.Now()
	_, err := s.Login(t.Context(), begun, access.Attempt{Address: address, Login: name, Secret: annasPassword, How: access.ByPassword, Known: known})
	if err != nil {
		t.Errorf("%s from %s, after %v: %v", name, address, time.Since(begun), err)
	}
	return time.Since(begun)
}

// from is the address of one of many machines.
func from(n int) string { return fmt.Sprintf("10.0.%d.%d", n/250, n%250+1) }

func TestNobodyIsKeptOutByWhoIsWrongInTheirName(t *testing.T) {
	for _, c := range []struct {
		name     string
		machines int
		next     func(n int) access.Attempt
		stranger time.Duration // a stranger at another address gets in within
	}{
		{"one machine", 1, func(n int) access.Attempt { return access.Attempt{Address: from(0), Login: "anna"} }, 0},
		{"twenty machines", 20, func(n int) access.Attempt { return access.Attempt{Address: from(n % 20), Login: "anna"} }, nameEvery},
		{"twenty machines, all names", 20, func(n int) access.Attempt {
			return access.Attempt{Address: from(n % 20), Login: []string{"anna", "nobody", fmt.Sprint("person", n)}[n%3]}
		}, nameEvery},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := open(t)
				anna := withAnna(t, s)
				known := s.Known("", anna.ID, access.ByPassword)
				attack(t, s, 10*time.Minute, c.machines, 32, func(n int) access.Attempt {
					a := c.next(n)
					a.Secret, a.How = "something else", access.ByPassword
					return a
				}, false)
				for i := range 5 {
					if waited := comes(t, s, fmt.Sprintf("192.0.2.%d", i+1), "anna", ""); waited > c.stranger {
						t.Errorf("at another address anna waits %v", waited)
					}
					if waited := comes(t, s, from(0), "anna", known); waited != 0 {
						t.Errorf("in a browser of her own, at the address of the attack, anna waits %v", waited)
					}
					time.Sleep(time.Minute)
				}
			})
		})
	}
}

// However many addresses wait in somebody's name, other names come in from anywhere, and
// so does whoever has a one-time code, also for that name.
func TestAManyPlacedAttackLeavesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t)
		anna := withAnna(t, s)
		m, err := s.MakeMember(noon, admin, access.Member{Login: "bruno", Name: "Bruno", Roles: []access.Role{access.Manager}})
		must(t, err)
		choose(t, s, m, access.ByPassword, annasPassword)
		attack(t, s, 10*time.Minute, 150, 4, func(n int) access.Attempt {
			return access.Attempt{Address: from(n % 150), Login: "anna", Secret: "something else", How: access.ByPassword}
		}, false)
		if waited := comes(t, s, "192.0.2.1", "bruno", ""); waited != 0 {
			t.Errorf("bruno waits %v", waited)
		}
		c, err := s.NewCode(t.Context(), time.Now(), admin, anna.ID)
		must(t, err)
		if _, err := s.UseCode(t.Context(), time.Now(), access.Attempt{Address: "192.0.2.2", Login: "anna", Secret: c.Code, How: access.ByPassword}, "un altro cavallo rosso"); err != nil {
			t.Errorf("with a code: %v", err)
		}
	})
}

// A one-time code finds a place while secrets are checked for as many as may wait.
func TestCodesWaitInPlacesOfTheirOwn(t *testing.T) {
	turns := newTurns()
	leave, err := turns.enter(t.Context(), own())
	must(t, err)
	for n := range mostWaiting {
		must(t, turns.join(&asker{place: from(n), name: from(n)}))
	}
	if err := turns.join(&asker{place: from(999), name: "a"}); !errors.Is(err, access.ErrBusy) {
		t.Errorf("one more stranger: %v", err)
	}
	if err := turns.join(&asker{place: from(999), name: "a", code: true}); err != nil {
		t.Errorf("a code: %v", err)
	}
	leave()
}

// Behind one address there may be a whole office: what one does there in the name of
// some keeps none of the others out.
func TestOthersAtTheSameAddressComeIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t)
		var names []string
		for i := range 23 {
			m, err := s.MakeMember(noon, admin, access.Member{Login: fmt.Sprintf("person%d", i), Name: fmt.Sprintf("Person %d", i), Roles: []access.Role{access.Manager}})
			must(t, err)
			choose(t, s, m, access.ByPassword, annasPassword)
			names = append(names, m.Login)
		}
		attack(t, s, 10*time.Minute, 5, 32, func(n int) access.Attempt {
			return access.Attempt{Address: from(0), Login: names[n%5], Secret: "something else", How: access.ByPassword}
		}, false)
		for _, name := range names[5:] {
			if waited := comes(t, s, from(0), name, ""); waited != 0 {
				t.Errorf("%s waits %v", name, waited)
			}
		}
	})
}

// What the package comment says of a day: nobody who is wrong as often as it is let
// checks more.
func TestGuessesOfADayAreBounded(t *testing.T) {
	for _, c := range []struct {
		name           string
		machines, most int
		next           func(machine, n int) (login string)
		known          bool
	}{
		{"one address, one login", 1, 1449, func(int, int) string { return "anna" }, false},
		{"one known browser", 1, 1449, func(int, int) string { return "anna" }, true},
		{"twenty addresses, one login", 20, 2910, func(int, int) string { return "anna" }, false},
		{"one address, all logins", 1, 14460, func(_, n int) string { return fmt.Sprint("person", n%400) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := open(t)
				anna := withAnna(t, s)
				known := ""
				if c.known {
					known = s.Known("", anna.ID, access.ByPIN)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
				defer cancel()
				counts := make(chan int, c.machines)
				for machine := range c.machines {
					go func() {
						checked := 0
						for n := 0; ctx.Err() == nil; n++ {
							_, err := s.Login(ctx, time.Now(), access.Attempt{Address: from(machine), Login: c.next(machine, n), Secret: "111222", How: access.ByPIN, Known: known})
							var wait access.WaitError
							switch {
							case errors.Is(err, access.ErrWrong):
								checked++
							case errors.As(err, &wait) && (c.machines > 1 || c.most < 10000):
								time.Sleep(wait.For)
							default:
								time.Sleep(time.Second)
							}
						}
						counts <- checked
					}()
				}
				checked := 0
				for range c.machines {
					checked += <-counts
				}
				if checked > c.most || checked < c.most*9/10 {
					t.Errorf("%d guesses were checked in a day; the comment says at most %d", checked, c.most)
				}
			})
		})
	}
}

// A browser is known to the one who has signed in there, by that secret, until the
// secret is another one.
func TestABrowserIsKnown(t *testing.T) {
	s := open(t)
	anna := withAnna(t, s)
	bruno, err := s.MakeMember(noon, admin, access.Member{Login: "bruno", Name: "Bruno", Roles: []access.Role{access.Clerk}})
	must(t, err)
	choose(t, s, bruno, access.ByPIN, "927461")
	is := func(known, login string, how access.How) bool {
		return s.knownFor(known, s.withLogin(login), how) != ""
	}

	byPIN := s.Known("", anna.ID, access.ByPIN)
	if !is(byPIN, "anna", access.ByPIN) || is(byPIN, "anna", access.ByPassword) {
		t.Error("a PIN does not make it known for the PIN alone")
	}
	both := s.Known(byPIN, anna.ID, access.ByPassword)
	if !is(both, "anna", access.ByPIN) || !is(both, "anna", access.ByPassword) {
		t.Error("a password does not make it known for both")
	}
	if again := s.Known(both, anna.ID, access.ByPassword); again != both {
		t.Errorf("signing in again gives %q for %q: a count of its own each time", again, both)
	}
	shared := s.Known(both, bruno.ID, access.ByPIN)
	if !is(shared, "anna", access.ByPassword) || !is(shared, "bruno", access.ByPIN) || is(both, "bruno", access.ByPIN) {
		t.Error("two people at one computer")
	}
	for _, forged := range []string{"", ".", "x", both[:len(both)-1] + "A.", both + both, string(make([]byte, 4096))} {
		if forged != both && is(forged, "nobody", access.ByPIN) || is(forged, "bruno", access.ByPIN) {
			t.Errorf("%.40q is known", forged)
		}
	}
	if other := open(t); func() bool {
		withAnna(t, other)
		return other.knownFor(both, other.withLogin("anna"), access.ByPassword) != ""
	}() {
		t.Error("another box's mark is taken")
	}
	s = again(t, s)
	if !is(shared, "anna", access.ByPassword) {
		t.Error("it is not known after a start of the box")
	}
	choose(t, s, anna, access.ByPassword, "un altro cavallo rosso")
	if is(shared, "anna", access.ByPassword) || !is(shared, "anna", access.ByPIN) {
		t.Error("a mark of the old password is taken, or that of the PIN is not")
	}
	for range 60 {
		choose(t, s, bruno, access.ByPIN, "927461")
		shared = s.Known(shared, bruno.ID, access.ByPIN)
	}
	if got := len(marks(shared)); got != mostMarks || !is(shared, "bruno", access.ByPIN) {
		t.Errorf("a browser keeps %d marks", got)
	}
}

// Who is signed in changes the own secret whatever strangers do.
func TestTheOwnSecretIsChangedDuringAnAttack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t)
		anna := withAnna(t, s)
		must(t, s.Sessions().Commit("here", values(t, anna.ID, access.ByPassword), time.Now().Add(12*time.Hour)))
		attack(t, s, 10*time.Minute, 1, 32, func(int) access.Attempt {
			return access.Attempt{Address: from(0), Login: "anna", Secret: "something else", How: access.ByPassword}
		}, false)
		own := access.Attempt{Address: from(0), Secret: annasPassword, How: access.ByPassword}
		if err := s.ChangeSecret(t.Context(), time.Now(), anna.ID, own, access.ByPassword, "un altro cavallo rosso", "nobody's"); !errors.Is(err, access.ErrWait) {
			t.Errorf("with no session of hers: %v", err)
		}
		must(t, s.ChangeSecret(t.Context(), time.Now(), anna.ID, own, access.ByPassword, "un altro cavallo rosso", "here"))
	})
}

func TestChecksWaitForOneAnotherAndNotForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns()
		leave, err := turns.enter(t.Context(), own())
		must(t, err)
		answers := make(chan error, mostWaiting)
		begun := time.Now()
		for n := range mostWaiting {
			go func() {
				_, err := turns.enter(t.Context(), &asker{place: from(n % 4), name: from(n)})
				answers <- err
			}()
		}
		synctest.Wait()
		if _, err := turns.enter(t.Context(), &asker{place: from(0), name: "a"}); !errors.Is(err, access.ErrBusy) {
			t.Errorf("one too many: %v", err)
		}
		// Who comes from elsewhere takes the place of one of the crowd.
		go func() {
			_, err := turns.enter(t.Context(), &asker{place: from(9), name: "a"})
			answers <- err
		}()
		if err := <-answers; !errors.Is(err, access.ErrBusy) || time.Since(begun) != 0 {
			t.Errorf("one of the crowd: %v after %v", err, time.Since(begun))
		}
		for range mostWaiting {
			if err := <-answers; !errors.Is(err, access.ErrBusy) {
				t.Errorf("two are through at once: %v", err)
			}
		}
		if waited := time.Since(begun); waited != busyPatience {
			t.Errorf("they waited %v", waited)
		}
		leave()
		leave, err = turns.enter(t.Context(), own())
		must(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := turns.enter(ctx, own()); !errors.Is(err, context.Canceled) {
			t.Errorf("who has hung up: %v", err)
		}
		leave()
	})
}

// Who made room for somebody else is never taken for one whose turn has come, however
// soon after it came.
func TestWhoMadeRoomIsNotLetThrough(t *testing.T) {
	turns := newTurns()
	leave, err := turns.enter(t.Context(), own())
	must(t, err)
	var crowd []*asker
	for n := range mostWaiting {
		a := &asker{place: from(n % 4), name: from(n)}
		must(t, turns.join(a))
		crowd = append(crowd, a)
	}
	must(t, turns.join(&asker{place: from(9), name: "a"}))
	lost := 0
	for _, a := range crowd {
		if !a.lost {
			continue
		}
		lost++
		if _, err := turns.await(t.Context(), a); !errors.Is(err, access.ErrBusy) {
			t.Errorf("two are through at once: %v", err)
		}
	}
	if lost != 1 {
		t.Errorf("%d made room", lost)
	}
	leave()
}

func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns()
		leave, err := turns.enter(t.Context(), own())
		must(t, err)
		var order []string
		for _, a := range []asker{
			{place: "crowd", name: "1"}, {place: "crowd", name: "1"}, {place: "crowd", name: "2"}, {place: "guesser", name: "1", missed: 9},
			{place: "home", name: "1"}, {browser: "x"}, {browser: "y"},
		} {
			go func() {
				leave, err := turns.enter(t.Context(), &a)
				if err != nil {
					t.Error(err)
					return
				}
				time.Sleep(time.Second)
				order = append(order, a.browser+a.place+a.name)
				leave()
			}()
			synctest.Wait()
		}
		leave()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		// The one before them all was a known one, so that a stranger is next.
		if want := []string{"crowd1", "x", "home1", "y", "crowd2", "crowd1", "guesser1"}; !slices.Equal(order, want) {
			t.Errorf("they come as %v, want %v", order, want)
		}
	})
}
