package procedure

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"eliminacode/queue"
)

// Bounds of a catalogue.
const (
	MaxFileBytes  = 512 << 10 // of a CSV file
	MaxProcedures = 500
	MaxTextBytes  = 1_000 // of a cell of the sheet
	MaxNameBytes  = 120   // of a name
	MaxIDBytes    = 40    // of a short name
	MaxDays       = 730   // of a target
)

// An ID is the short name of a procedure, which never changes.
type ID string

// A Procedure is one thing that people come for, with its sheet.
type Procedure struct {
	ID      ID
	Name    string
	Service queue.ServiceID // whose queue it belongs to; empty where nobody here gives a number for it
	Words   string          // what else people call it, by commas
	Foreign Foreign

	Who        string // who may ask
	Documents  string // what to bring
	Cost       string
	Time       string // how long it takes, or when it is ready
	Where      string // at which desk, or where else
	Office     string // who is responsible
	TargetDays int    // within how many days it is done; 0 is at once, or not said

	// Example tells that the sheet is still that of the reference office, a town that
	// does not exist: its cost, times, place, responsible and target hold nowhere else.
	Example bool
}

// Foreign are what people call a procedure in the other languages, in the order of
// languages: by commas, the first one as its name. An empty one is that of the reference
// office, where that has a procedure of this ID and name.
type Foreign [4]string

// languages are those of Foreign.
var languages = [len(Foreign{})]queue.Language{"de", "fr", "sl", "en"}

// In is what people call a procedure in another language, by commas; empty where nothing
// is known, and in Italian.
func (p Procedure) In(l queue.Language) string {
	i := slices.Index(languages[:], l)
	if i < 0 {
		return ""
	}
	if p.Foreign[i] == "" {
		for _, r := range example() {
			if r.ID == p.ID && r.Name == p.Name {
				return r.Foreign[i]
			}
		}
	}
	return p.Foreign[i]
}

// Gloss is the name of a procedure in another language; empty where none is known.
func (p Procedure) Gloss(l queue.Language) string {
	name, _, _ := strings.Cut(p.In(l), ",")
	return strings.TrimSpace(name)
}

// A Catalogue is the procedures of an office, ready to be searched.
type Catalogue struct {
	all  []Procedure // by name
	byID map[ID]int
	// indexes are those of Italian together with each language, made when first asked for.
	indexes map[queue.Language]func() index
}

// catalogueOf takes procedures that were checked.
func catalogueOf(all []Procedure) *Catalogue {
	c := &Catalogue{all: slices.Clone(all), byID: map[ID]int{}}
	slices.SortFunc(c.all, func(a, b Procedure) int {
		return cmp.Or(strings.Compare(plain(a.Name), plain(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	for i, p := range c.all {
		c.byID[p.ID] = i
	}
	c.indexes = map[queue.Language]func() index{"": sync.OnceValue(func() index { return newIndex(c.all, "") })}
	for _, l := range languages {
		c.indexes[l] = sync.OnceValue(func() index { return newIndex(c.all, l) })
	}
	return c
}

// All are the procedures by name, for reading only.
func (c *Catalogue) All() []Procedure { return c.all }

// Procedure is one of them; ok is false when there is none.
func (c *Catalogue) Procedure(id ID) (p Procedure, ok bool) {
	i, ok := c.byID[id]
	if !ok {
		return Procedure{}, false
	}
	return c.all[i], true
}

// A Change is what one catalogue has otherwise than another, each part by name.
type Change struct {
	Added   []Procedure // as they are now
	Changed []Procedure // as they are now
	Gone    []Procedure // as they were
}

// None tells that nothing is otherwise.
func (x Change) None() bool { return len(x.Added)+len(x.Changed)+len(x.Gone) == 0 }

// Since is what is otherwise in c than in the one before.
func (c *Catalogue) Since(before *Catalogue) (x Change) {
	for _, p := range c.all {
		switch was, ok := before.Procedure(p.ID); {
		case !ok:
			x.Added = append(x.Added, p)
		case was != p:
			x.Changed = append(x.Changed, p)
		}
	}
	for _, p := range before.all {
		if _, ok := c.Procedure(p.ID); !ok {
			x.Gone = append(x.Gone, p)
		}
	}
	return x
}

// Astray are those whose service the office does not have, by name: nobody can be
// given a ticket for them. Those of no service are none.
func (c *Catalogue) Astray(setup queue.Setup) (astray []Procedure) {
	for _, p := range c.all {
		if p.Service != "" && !slices.ContainsFunc(setup.Services, func(s queue.Service) bool { return s.ID == p.Service }) {
			astray = append(astray, p)
		}
	}
	return astray
}
