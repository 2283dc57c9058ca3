package queue

import (
	"fmt"
	"slices"
)

// A desk serves the profile of the setup, unless its operator is not qualified for
// all of it. What is left out then is kept beside the setup, which stays as the
// manager wrote it, and for as long as the desk is open. A service that the
// manager gives the desk meanwhile is in force at once: it was the manager's
// choice, knowing who sits there.

// ProfileInForce is what a desk serves now: its profile, or what its operator
// may serve of that.
func (s *State) ProfileInForce(id DeskID) Profile {
	i := s.deskIndex(id)
	if i < 0 {
		return Profile{}
	}
	return s.index.desks[i].inForce()
}

// Unattended is how many wait for whichever desk calls a service while no open desk
// serves it, if desk had the profile as; an unknown desk changes nothing. They wait
// until a desk that serves it opens.
func (s *State) Unattended(id ServiceID, desk DeskID, as Profile) int {
	for i, d := range s.index.desks {
		has := d.inForce()
		if d.ID == desk {
			has = as
		}
		if s.desks[i].Open && !d.removed && !d.BackOffice && (slices.Contains(has.First, id) || slices.Contains(has.Help, id)) {
			return 0
		}
	}
	if i := s.serviceIndex(id); i >= 0 {
		return s.waiting[i].len()
	}
	return 0
}

// An attendedNow is what a change of profiles may leave: the services that somebody waits
// for and an open desk serves, and the desks that serve something.
type attendedNow struct {
	services []ServiceID
	desks    []DeskID
}

func (s *State) attended() (now attendedNow) {
	for _, x := range s.index.setup.Services {
		if i := s.serviceIndex(x.ID); s.waiting[i].len() > 0 && s.Unattended(x.ID, "", Profile{}) == 0 {
			now.services = append(now.services, x.ID)
		}
	}
	for _, x := range s.index.setup.Desks {
		if len(x.Profile.First)+len(x.Profile.Help) > 0 {
			now.desks = append(now.desks, x.ID)
		}
	}
	return now
}

// left is an UnattendedError with each service of those that were attended whose people
// no open desk would call now, and each desk that serves nothing any more. What the
// setup no longer has is left by nobody: its desks go on until it has ended.
func (s *State) left(was attendedNow) error {
	var all []Left
	for _, id := range was.services {
		if n := s.Unattended(id, "", Profile{}); n > 0 && !s.index.services[s.serviceIndex(id)].removed {
			all = append(all, Left{Service: id, Waiting: n})
		}
	}
	for _, id := range was.desks {
		if d := s.index.desks[s.deskIndex(id)]; !d.removed && len(d.Profile.First)+len(d.Profile.Help) == 0 {
			all = append(all, Left{Desk: id})
		}
	}
	if all == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrUnattended, UnattendedError{all})
}

func (p Profile) equal(q Profile) bool {
	return slices.Equal(p.First, q.First) && slices.Equal(p.Help, q.Help)
}

// without is the profile with some services left out.
func (p Profile) without(left []ServiceID) Profile {
	out := func(id ServiceID) bool { return slices.Contains(left, id) }
	return Profile{
		First: slices.DeleteFunc(slices.Clone(p.First), out),
		Help:  slices.DeleteFunc(slices.Clone(p.Help), out),
	}
}

func (d *indexedDesk) inForce() Profile { return d.Profile.without(d.left) }

// narrowed is the profile in force when it is less than that of the setup, else
// the zero one.
func (d *indexedDesk) narrowed() Profile {
	if p := d.inForce(); !p.equal(d.Profile) {
		return p
	}
	return Profile{}
}

// common is the narrowed profile that a desk has with an operator who may serve
// some services, or any when there are none.
func (d *indexedDesk) common(qualified []ServiceID) (Profile, error) {
	if len(qualified) == 0 || len(d.Profile.First)+len(d.Profile.Help) == 0 {
		return Profile{}, nil
	}
	if len(qualified) > mostQualified {
		return Profile{}, fmt.Errorf("%w: an operator with %d services", ErrBadCommand, len(qualified))
	}
	var left []ServiceID
	for _, id := range slices.Concat(d.Profile.First, d.Profile.Help) {
		if !slices.Contains(qualified, id) {
			left = append(left, id)
		}
	}
	p := d.Profile.without(left)
	if len(p.First)+len(p.Help) == 0 {
		return Profile{}, fmt.Errorf("%w: desk %q", ErrNotQualified, d.Label)
	}
	if len(left) == 0 {
		return Profile{}, nil
	}
	return p, nil
}

// mostQualified bounds the services that a command names.
const mostQualified = 1_000

// narrow puts a profile in force at a desk that is less than that of the setup;
// the zero one is all of it.
func (n *draft) narrow(id DeskID, p Profile) {
	i := n.deskIndex(id)
	if i < 0 {
		return
	}
	var left []ServiceID
	if len(p.First)+len(p.Help) > 0 {
		d := &n.index.desks[i]
		for _, id := range slices.Concat(d.Profile.First, d.Profile.Help) {
			if !slices.Contains(p.First, id) && !slices.Contains(p.Help, id) {
				left = append(left, id)
			}
		}
	}
	if !slices.Equal(left, n.index.desks[i].left) {
		n.setIndex(n.index.withLeft(i, left))
	}
}

// withLeft is the index in which a desk leaves out some services of its profile.
func (o *setupIndex) withLeft(desk int, left []ServiceID) *setupIndex {
	before := *o
	before.desks = slices.Clone(o.desks)
	before.desks[desk].left = left
	return indexSetup(o.setup, &before)
}
