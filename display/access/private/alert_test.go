package private

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"eliminacode/display/access"
)

// The alert of desks is off, and is on only with all that the law asks first; it is
// so after a restart too.
func TestTheAlertOfDesksIsOffUntilItIsSwitchedOn(t *testing.T) {
	s := open(t)
	if a := s.DeskAlert(); a != (access.DeskAlert{}) {
		t.Fatalf("it is on: %+v", a)
	}
	good := access.DeskAlert{Minutes: 30, Ground: "organisation", Basis: "agreement", Reference: "3 marzo 2026, prot. 12", Informed: true}
	for field, spoil := range map[string]func(*access.DeskAlert){
		"minutes":   func(a *access.DeskAlert) { a.Minutes = access.AlertLeast - 1 },
		"ground":    func(a *access.DeskAlert) { a.Ground = "to see who is slow" },
		"basis":     func(a *access.DeskAlert) { a.Basis = "" },
		"reference": func(a *access.DeskAlert) { a.Reference = " " },
		"informed":  func(a *access.DeskAlert) { a.Informed = false },
	} {
		a := good
		spoil(&a)
		var fault access.FieldError
		if err := s.SetDeskAlert(noon, admin, a); !errors.As(err, &fault) || fault.Field != field {
			t.Errorf("without a good %s: %v", field, err)
		}
	}
	if err := s.SetDeskAlert(noon, admin, access.DeskAlert{}); !errors.Is(err, access.ErrBadValue) {
		t.Errorf("switched on with nothing said: %v", err)
	}
	if a := s.DeskAlert(); a != (access.DeskAlert{}) || s.acts != 0 {
		t.Errorf("what was refused is on, or in the list: %+v", a)
	}
	must(t, s.SetDeskAlert(noon, admin, good))
	s = again(t, s)
	if a := s.DeskAlert(); a != good {
		t.Errorf("after a restart it is %+v", a)
	}
	must(t, s.ClearDeskAlert(noon, admin))
	s = again(t, s)
	if a := s.DeskAlert(); a != (access.DeskAlert{}) {
		t.Errorf("switched off it is %+v", a)
	}
}

// The row of the alert is read for ever as it is written here; a damaged one is
// told.
func TestTheRowOfTheAlertIsReadForEver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "access.db")
	write := func(row string) {
		t.Helper()
		db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second})
		must(t, err)
		must(t, db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(metaBucket).Put(alertKey, []byte(row)) }))
		must(t, db.Close())
	}
	must(t, openAt(t, path).Close())
	const row = `566aeca3 {"minutes":30,"ground":"safety","basis":"permit","reference":"ITL 12/2026","informed":true}`
	write(row)
	s := openAt(t, path)
	if a := s.DeskAlert(); a != (access.DeskAlert{Minutes: 30, Ground: "safety", Basis: "permit", Reference: "ITL 12/2026", Informed: true}) {
		t.Errorf("%+v", a)
	}
	must(t, s.Close())
	write("x" + row[1:])
	if a := openAt(t, path).DeskAlert(); a != (access.DeskAlert{}) {
		t.Errorf("a damaged row marks desks: %+v", a)
	}
}
