package queue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// setupIndex is a setup made ready for use: everything by index, with what a
// change of setup removed kept to its end.
type setupIndex struct {
	setup    Setup
	services []indexedService
	desks    []indexedDesk
	outlets  []indexedOutlet
	series   []Series

	serviceAt map[ServiceID]int
	deskAt    map[DeskID]int
	outletAt  map[OutletID]int
	seriesAt  map[SeriesID]int
	profileAt map[string]int

	removedDesks bool // some desk is there only until its last ticket ends
	lastTickets  bool // some service has the last-ticket rule
}

type indexedService struct {
	Service
	removed bool
	series  int
	overdue int64 // the wait beyond which a ticket is overdue, in ms
}

type indexedDesk struct {
	Desk
	removed     bool
	left        []ServiceID // of the profile, that its operator does not serve
	first, help []int       // services by index, in the order of the profile
	served      []int       // both
	profile     int         // desks with equal sets of services share one
}

type indexedOutlet struct {
	Outlet
	removed bool
}

// indexSetup makes a setup ready. What before has and the setup lacks is kept as
// removed, so that its open tickets can end; indexes of kept things stay.
func indexSetup(setup Setup, before *setupIndex) *setupIndex {
	o := &setupIndex{
		setup:     setup,
		serviceAt: map[ServiceID]int{},
		deskAt:    map[DeskID]int{},
		outletAt:  map[OutletID]int{},
		seriesAt:  map[SeriesID]int{},
		profileAt: map[string]int{},
	}
	if before != nil {
		for _, s := range before.series {
			add(o.seriesAt, &o.series, s.ID, s)
		}
		for _, s := range before.services {
			add(o.serviceAt, &o.services, s.ID, indexedService{Service: s.Service, removed: true})
		}
		for _, d := range before.desks {
			add(o.deskAt, &o.desks, d.ID, indexedDesk{Desk: d.Desk, removed: true, left: d.left})
		}
		for _, out := range before.outlets {
			add(o.outletAt, &o.outlets, out.ID, indexedOutlet{Outlet: out.Outlet, removed: true})
		}
	}
	for _, s := range setup.Series {
		add(o.seriesAt, &o.series, s.ID, s)
	}
	for _, s := range setup.Services {
		add(o.serviceAt, &o.services, s.ID, indexedService{Service: s})
	}
	for _, d := range setup.Desks {
		added := indexedDesk{Desk: d}
		if i := indexOf(o.deskAt, d.ID); i >= 0 {
			added.left = o.desks[i].left
		}
		add(o.deskAt, &o.desks, d.ID, added)
	}
	for _, out := range setup.Outlets {
		add(o.outletAt, &o.outlets, out.ID, indexedOutlet{Outlet: out})
	}
	for i := range o.services {
		o.services[i].series = indexOf(o.seriesAt, o.services[i].Series)
		o.lastTickets = o.lastTickets || o.services[i].LastTicket && !o.services[i].removed
		o.services[i].overdue = o.services[i].maxMs()
	}
	for i := range o.desks {
		d := &o.desks[i]
		p := d.inForce()
		d.first = o.indexes(p.First)
		d.help = o.indexes(p.Help)
		o.removedDesks = o.removedDesks || d.removed
	}
	o.serveRemoved(before)
	o.nameProfiles(before)
	return o
}

// nameProfiles gives desks with equal sets of services one index, which stays
// while the day's changes come and go.
func (o *setupIndex) nameProfiles(before *setupIndex) {
	if before != nil {
		for name, i := range before.profileAt {
			o.profileAt[name] = i
		}
	}
	for i := range o.desks {
		d := &o.desks[i]
		d.served = slices.Concat(d.first, d.help)
		first, help := slices.Sorted(slices.Values(d.first)), slices.Sorted(slices.Values(d.help))
		name := fmt.Sprint(first, help)
		if indexOf(o.profileAt, name) < 0 {
			o.profileAt[name] = len(o.profileAt)
		}
		d.profile = o.profileAt[name]
	}
}

// serveRemoved gives the services that are no longer in the setup to desks, so
// that whoever still waits for one is called: to the desks that served it
// before, and if none of them is left, to every desk as help.
func (o *setupIndex) serveRemoved(before *setupIndex) {
	if before == nil {
		return
	}
	for s := range o.services {
		if !o.services[s].removed {
			continue
		}
		served := false
		for i := range before.desks {
			d := &o.desks[i]
			switch {
			case d.removed:
			case contains(before.desks[i].first, s):
				d.first, served = append(d.first, s), true
			case contains(before.desks[i].help, s):
				d.help, served = append(d.help, s), true
			}
		}
		for i := range o.desks {
			if !served && !o.desks[i].removed {
				o.desks[i].help = append(o.desks[i].help, s)
			}
		}
	}
}

// add puts a thing of a setup under its name, in place of one that is there.
func add[K comparable, T any](index map[K]int, all *[]T, name K, thing T) {
	i, there := index[name]
	if !there {
		i = len(*all)
		index[name] = i
		*all = append(*all, thing)
	}
	(*all)[i] = thing
}

// indexes turns names into indexes and drops unknown ones.
func (o *setupIndex) indexes(ids []ServiceID) []int {
	var is []int
	for _, id := range ids {
		if i := indexOf(o.serviceAt, id); i >= 0 {
			is = append(is, i)
		}
	}
	return is
}

// at is the index of a name, or -1.
func indexOf[K comparable](m map[K]int, k K) int {
	if i, ok := m[k]; ok {
		return i
	}
	return -1
}

// withProfile is the index of the setup in which a desk has another profile.
func (o *setupIndex) withProfile(desk DeskID, p Profile) *setupIndex {
	setup := o.setup
	setup.Desks = append([]Desk(nil), setup.Desks...)
	for i := range setup.Desks {
		if setup.Desks[i].ID == desk {
			setup.Desks[i].Profile = p
		}
	}
	return indexSetup(setup, o)
}

func contains(is []int, i int) bool { return slices.Contains(is, i) }

// maxSetupBytes bounds a setup as stored: every day carries one.
const maxSetupBytes = 64 << 10

// A SetupSizeError is how much a setup takes and may take.
type SetupSizeError struct{ Bytes, Most int }

func (e SetupSizeError) Error() string {
	return fmt.Sprintf("it takes %d bytes and may take %d; shorten the texts", e.Bytes, e.Most)
}

// Fits is ErrSetupTooLong, with a SetupSizeError, where a setup takes more than a day can
// carry.
func (s Setup) Fits() error {
	_, err := s.stored()
	return err
}

// stored is a setup as a day carries it.
func (s Setup) stored() ([]byte, error) {
	b, err := json.Marshal(s)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %v", ErrBadSetup, err)
	case len(b) > maxSetupBytes:
		return nil, fmt.Errorf("%w: %w", ErrSetupTooLong, SetupSizeError{len(b), maxSetupBytes})
	}
	return b, nil
}

func (c ChangeSetup) decide(d *decision) error {
	if err := c.Setup.Validate(); err != nil {
		return err
	}
	b, err := c.Setup.stored()
	if err != nil {
		return err
	}
	// What is put in force is what a reader of the journal will see, and has
	// no list in common with the caller's.
	var stored Setup
	if err := json.Unmarshal(b, &stored); err != nil {
		return fmt.Errorf("%w: %v", ErrBadSetup, err)
	}
	if err := d.s.numbersStay(stored); err != nil {
		return err
	}
	replan := d.s.day.Open && c.Plan.Date == d.s.plan.Date && !d.s.plan.Provisional
	if replan && c.Plan.Ends <= c.Plan.Begins {
		return fmt.Errorf("%w: a day's plan needs an end after its beginning", ErrBadCommand)
	}
	if !d.s.HasSetup() {
		d.emit(SetupChanged{Setup: stored})
	} else if !sameJSON(stored, d.s.index.setup) {
		was, asks := d.s.attended(), d.s.day.Open && !c.Sure
		d.emit(SetupChanged{Setup: stored})
		if err := d.s.left(was); asks && err != nil {
			return err
		}
	}
	if replan && !sameJSON(c.Plan, d.s.plan) {
		d.emit(DayReplanned{Plan: c.Plan.copied()})
	}
	return nil
}

// sameJSON tells whether two values are stored alike.
func sameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// setIndex puts an indexed setup in force and makes room for what it added.
func (n *draft) setIndex(o *setupIndex) {
	n.index = o
	n.waiting = grownQueues(n.waiting, len(o.services))
	n.turns = grown(n.turns, len(o.services))
	n.profiles = grown(n.profiles, len(o.profileAt))
	n.issued = grown(n.issued, len(o.services))
	n.used = grown(n.used, len(o.services))
	n.stops = grown(n.stops, len(o.services))
	n.paces = grown(n.paces, len(o.services))
	n.own = grownQueues(n.own, len(o.desks))
	n.series = grown(n.series, len(o.series))
	n.given = grown(n.given, len(o.series))
	had := len(n.desks)
	n.desks = grown(n.desks, len(o.desks))
	for i := had; i < len(n.desks); i++ {
		n.desks[i] = &DeskState{}
	}
	had = len(n.outlets)
	n.outlets = grown(n.outlets, len(o.outlets))
	for i := had; i < len(n.outlets); i++ {
		n.outlets[i] = &OutletState{Gives: AbleUnknown}
	}
}

// grownQueues is grown, with nobody in the queues that it adds.
func grownQueues(s []*queues, length int) []*queues {
	c := grown(s, length)
	for i := len(s); i < length; i++ {
		c[i] = &queues{}
	}
	return c
}
