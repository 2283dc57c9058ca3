// Package setups keeps the offices that people are writing, those that wait for
// their day, and those that were in force, as files of a folder beside the
// journal; and what was tried on the way to a first office.
//
// It owns who may save on top of what: a setup is put in force only while the one
// that its author began with still is. Putting it in force is the office's own
// work, which a function does that the store is given. Nothing here is needed to
// run the queue: a file that cannot be read is told to the log and left where it
// is, and the office goes on without it.
//
// In the folder, readable by the program's user alone: draft-NAME.json, one for
// each author and for the one that it took the place of, NAME being made of the
// author's id; planned.json; version-N.json, one for each office that was in force, and
// versions.json with what is known of each; saving.json and changing.json, a save and
// another change that are under way;
// walk.json, what was tried, which is there until an office is in force. Every file is
// replaced as a whole and has a field "v", the version of its layout.
//
// A Store may be used from any goroutine.
package setups

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"eliminacode/cmd/eliminacode/replace"
	"eliminacode/display"
	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/office"
)

// layout is the version of the files' layout.
const layout = 1

const (
	mostDrafts   = 128 // of 64 authors, each with an earlier one
	mostVersions = 500
	// mostBytes bounds a file that is read: two setups and their frame.
	mostBytes = 1 << 20
)

// An Office is where setups are put in force.
type Office interface {
	Watch() (*queue.State, <-chan struct{})
	Now() queue.Now
	// PutInForce puts a setup in force from now on, for who is sure even if it leaves
	// people without an open desk.
	PutInForce(ctx context.Context, by queue.CauseKind, setup queue.Setup, sure bool) error
}

// A Store is a folder of setups.
type Store struct {
	dir    string
	office Office
	log    *slog.Logger
	// Noted puts an act into the audit list that a save which was cut off has left
	// out, unless it is there; nil is nowhere. It is set before Run.
	Noted func(access.Entry) error

	saving sync.Mutex // held while a setup is put in force
	mu     sync.Mutex // held while files are written
	whole  bool       // nothing of an earlier program is undone; saving guards it
	loaded bool
	index  index
	plans  []plan // in the order in which they are put in force
	walk   walked
}

// Open makes a store of a folder, which is made when something is kept in it. It
// reads nothing yet.
func Open(dir string, o Office, log *slog.Logger) *Store {
	return &Store{dir: dir, office: o, log: log}
}

type draftFile struct {
	V      int    `json:"v"`
	Author string `json:"author"`
	display.SetupDraft
}

// A version is what is known of an office that was in force.
type version struct {
	Number int         `json:"number"`
	At     int64       `json:"at"` // office time in ms since 1970 UTC
	Role   access.Role `json:"role,omitempty"`
	Who    string      `json:"who,omitempty"` // the person's id
	Why    string      `json:"why,omitempty"`
	For    string      `json:"for,omitempty"` // the day for which it was planned; empty where it was put in force at once
	Mark   string      `json:"mark"`
}

type index struct {
	V        int       `json:"v"`
	Versions []version `json:"versions"`            // oldest first
	LastPlan int       `json:"last_plan,omitempty"` // the highest number that a plan was given
}

type versionFile struct {
	V int `json:"v"`
	version
	Setup queue.Setup `json:"setup"`
}

func (s *Store) path(name string) string { return filepath.Join(s.dir, name) }

// read reads a file; ok is false when it is not there or cannot be used, which is
// told.
func (s *Store) read(name string, into any) (ok bool) {
	info, err := os.Stat(s.path(name))
	if errors.Is(err, os.ErrNotExist) {
		return false
	}
	if err == nil && info.Size() > mostBytes {
		err = fmt.Errorf("it has %d bytes", info.Size())
	}
	var b []byte
	if err == nil {
		b, err = os.ReadFile(s.path(name))
	}
	v := struct{ V int }{}
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err == nil && v.V != layout {
		err = fmt.Errorf("its layout is %d, this program reads %d", v.V, layout)
	}
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		s.log.Error("a file of the set-up cannot be used, and the office goes on without it", "file", s.path(name), "err", err,
			"do", "move it away, or put it back from a copy of the data folder")
	}
	return err == nil
}

func (s *Store) write(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("making the folder of setups: %w; give the program the right to write in the data folder", err)
	}
	return replace.File(s.path(name), b)
}

func (s *Store) remove(name string) error {
	if err := os.Remove(s.path(name)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("removing a file of the set-up: %w; give the program the right to write in the data folder", err)
	}
	return nil
}

func draftName(author string) string {
	sum := sha256.Sum256([]byte(author))
	return "draft-" + hex.EncodeToString(sum[:8]) + ".json"
}

// Draft is what an author is writing.
func (s *Store) Draft(author string) (display.SetupDraft, bool) {
	var f draftFile
	ok := s.read(draftName(author), &f) && f.Author == author
	return f.SetupDraft, ok
}

// KeepDraft puts an author's draft on disk.
func (s *Store) KeepDraft(author string, d display.SetupDraft) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := draftName(author)
	if _, err := os.Stat(s.path(name)); err != nil {
		all, _ := os.ReadDir(s.dir)
		n := 0
		for _, e := range all {
			if strings.HasPrefix(e.Name(), "draft-") {
				n++
			}
		}
		if n >= mostDrafts {
			return display.ErrDraftsFull
		}
	}
	return s.write(name, draftFile{layout, author, d})
}

// DropDraft throws an author's draft away.
func (s *Store) DropDraft(author string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.remove(draftName(author)); err != nil {
		return err
	}
	s.draftEnded(author)
	return nil
}

// load reads what is known of versions and plans, once.
func (s *Store) load() {
	if s.loaded {
		return
	}
	s.loaded = true
	if !s.read("versions.json", &s.index) {
		s.index = s.gathered()
	}
	s.plans = s.planned()
}

// gathered is the index, from the versions themselves.
func (s *Store) gathered() (all index) {
	all.V = layout
	files, _ := filepath.Glob(s.path("version-*.json")) // in order: their numbers have one width
	for _, file := range files {
		var v versionFile
		if s.read(filepath.Base(file), &v) {
			all.Versions = append(all.Versions, v.version)
		}
	}
	return all
}

// Versions are the offices that were in force, the newest first.
func (s *Store) Versions() []display.SetupVersion {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	all := make([]display.SetupVersion, len(s.index.Versions))
	for i, v := range s.index.Versions {
		all[len(all)-1-i] = display.SetupVersion{Number: v.Number, At: time.UnixMilli(v.At), Role: v.Role, Who: v.Who, Why: v.Why, For: v.For, Mark: v.Mark}
	}
	return all
}

func versionName(number int) string { return fmt.Sprintf("version-%06d.json", number) }

// Version is one of them by its number.
func (s *Store) Version(number int) (queue.Setup, error) {
	var v versionFile
	if !s.read(versionName(number), &v) {
		return queue.Setup{}, display.ErrNoVersion
	}
	return v.Setup, nil
}

// record keeps the setup in force as a version, unless the last one says the same.
func (s *Store) record(setup queue.Setup, at int64, v version) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	v.Mark, v.At, v.Number = office.Mark(setup), at, 1
	if n := len(s.index.Versions); n > 0 {
		if s.index.Versions[n-1].Mark == v.Mark {
			return nil
		}
		v.Number = s.index.Versions[n-1].Number + 1
	}
	if err := s.write(versionName(v.Number), versionFile{layout, v, setup}); err != nil {
		return err
	}
	s.index.Versions = append(s.index.Versions, v)
	var old []version
	if extra := len(s.index.Versions) - mostVersions; extra > 0 {
		old = s.index.Versions[:extra]
		s.index.Versions = append([]version(nil), s.index.Versions[extra:]...)
	}
	s.index.V = layout
	if err := s.write("versions.json", s.index); err != nil {
		return err
	}
	for _, o := range old {
		if err := s.remove(versionName(o.Number)); err != nil {
			return err
		}
	}
	return nil
}

// Save puts a setup in force, now or from a day on. An empty base is any.
func (s *Store) Save(ctx context.Context, act display.SetupAct) error {
	s.saving.Lock()
	defer s.saving.Unlock()
	s.cutOff()
	state, _ := s.office.Watch()
	if act.Base != "" && act.Base != office.Mark(state.Setup()) {
		return display.ErrSetupChanged
	}
	kind, role := causeOf(act.Who)
	v := version{Role: role, Who: act.Who.ID, Why: act.Why}
	if act.Author != "" {
		under := underway{From: act.From, Author: act.Author, Note: &act.Note, version: v}
		under.Mark = office.Mark(act.Setup)
		if err := s.begin(savingName, under); err != nil {
			return err
		}
	}
	var err error
	if act.From != "" {
		err = s.addPlan(plan{Base: state.Setup(), Setup: act.Setup, From: act.From, Role: role, Kind: kind, Who: act.Who.ID, Why: act.Why})
	} else {
		err = s.office.PutInForce(ctx, kind, act.Setup, act.Sure)
	}
	if err != nil {
		s.ended(savingName)
		return err
	}
	if act.From == "" {
		s.remember(v)
		s.endWalk()
	}
	return nil
}

// By carries out a change of the office that is made by another way than Save, such as
// that of a desk's profile, and keeps whose it is. The change puts note into the audit
// list; should the program end before, the next start does.
func (s *Store) By(who access.Visitor, note access.Entry, change func() error) error {
	s.saving.Lock()
	defer s.saving.Unlock()
	s.cutOff()
	s.remember(version{}) // what somebody else changed a moment ago is not theirs
	state, _ := s.office.Watch()
	_, role := causeOf(who)
	v := version{Role: role, Who: who.ID}
	under := underway{Before: office.Mark(state.Setup()), version: v}
	if note.What != "" {
		under.Note = &note
	}
	if err := s.begin(changingName, under); err != nil {
		return err
	}
	if err := change(); err != nil {
		s.ended(changingName)
		return err
	}
	s.remember(v)
	s.ended(changingName)
	return nil
}

// causeOf is what the journal says of who changes the office, and the role.
func causeOf(v access.Visitor) (queue.CauseKind, access.Role) {
	switch {
	case v.May(access.Manager):
		return queue.ByManager, access.Manager
	case v.May(access.Technician) || !v.May(access.Administrator):
		return queue.ByTechnician, access.Technician
	}
	return queue.ByTechnician, access.Administrator
}

// remember records what is in force. It holds in any case: what cannot be
// recorded is told.
func (s *Store) remember(v version) {
	state, _ := s.office.Watch()
	if err := s.record(state.Setup(), state.OfficeTime(s.office.Now()), v); err != nil {
		s.log.Error("the history of the set-up misses a version", "err", err)
	}
}

// Run keeps the history and puts in force what waits for its day, until ctx ends.
func (s *Store) Run(ctx context.Context) error {
	for {
		state, newer := s.office.Watch()
		s.saving.Lock()
		s.cutOff()
		// By now somebody may have changed the office by another way.
		if state.HasSetup() {
			s.remember(version{})
			s.putPlanned(ctx, state)
		}
		s.saving.Unlock()
		for seen := setupOf(state); ; {
			select {
			case <-ctx.Done():
				return nil
			case <-newer:
			}
			state, newer = s.office.Watch()
			if setupOf(state) != seen {
				break
			}
		}
	}
}

// A sign tells two setups of a state apart without reading them.
type sign struct {
	services *queue.Service
	desks    *queue.Desk
	day      int
	date     string // of the day, where it is known: it may get another one
}

// setupOf is the sign of the setup in force, and of the day and its date.
func setupOf(state *queue.State) (of sign) {
	setup := state.Setup()
	if len(setup.Services) > 0 {
		of.services = &setup.Services[0]
	}
	if len(setup.Desks) > 0 {
		of.desks = &setup.Desks[0]
	}
	if state.Day().Open {
		of.day, of.date = state.Day().Ordinal, dateOf(state)
	}
	return of
}
