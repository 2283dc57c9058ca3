package queue

import (
	"fmt"
	"reflect"
)

// Decide says which events a command causes at now, in order, or refuses it
// with one of the errors of this package. A command that was already carried
// out, or that asks for nothing new, causes no events and is no error.
func (s *State) Decide(now Now, c Command) ([]Event, error) {
	_, events, err := s.Step(now, c)
	return events, err
}

// Step is Decide, and the state after the events.
func (s *State) Step(now Now, c Command) (*State, []Event, error) {
	if c == nil || reflect.ValueOf(c).Kind() == reflect.Pointer {
		return s, nil, fmt.Errorf("%w: none was given, or a pointer to one", ErrBadCommand)
	}
	d := decision{now: now, by: c.by(), s: s.draft()}
	if err := short("device", d.by.Device); err != nil {
		return s, nil, err
	}
	d.watchClock()
	if err := d.decide(c); err != nil {
		return s, nil, err
	}
	d.closeRemovedDesks()
	d.stopFull()
	if len(d.events) == 0 {
		return s, nil, nil
	}
	return d.s.seal(), d.events, nil
}

// A decision is a command being worked out: the events so far, and the state
// after them.
type decision struct {
	now    Now
	by     Cause
	s      *draft
	events []Event
}

func (d *decision) emit(b Body) { d.emitBy(d.by, b) }

func (d *decision) emitBy(by Cause, b Body) {
	e := Event{Seq: d.s.seq + 1, At: d.now, By: by, Body: b}
	d.events = append(d.events, e)
	d.s.apply(e)
}

// decide lets a command be decided, if it may be at all now.
func (d *decision) decide(c Command) error {
	switch c.(type) {
	case StartUp, ChangeSetup:
		return c.decide(d)
	}
	if d.s.index == nil {
		return ErrNoSetup
	}
	switch c.(type) {
	case OpenDay, ReportOutlet, SetClock:
		return c.decide(d)
	}
	if !d.s.day.Open {
		if _, idle := c.(Tick); idle {
			return nil
		}
		return ErrNoDay
	}
	if err := d.halted(c); err != nil {
		return err
	}
	return c.decide(d)
}
