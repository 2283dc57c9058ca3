package queue

import "iter"

// A draft is a State that is being made, and the only one that can be changed:
// every method that writes into a State is one of a draft. It is made from a
// State that stays as it is, or from nothing, and becomes a State when it is
// sealed.
type draft struct {
	State
	// folding tells that the draft was begun from nothing: nobody has seen what
	// it holds, and all of that is changed in place. Else what is changed is
	// copied first, since older States hold it too.
	folding bool
}

// draft begins a State that is to follow s.
func (s *State) draft() *draft { return &draft{State: *s} }

// seal ends the making: the draft must not be used any more.
func (n *draft) seal() *State { return &n.State }

// Fold is the state after events, in order, from nothing.
func Fold(events []Event) *State {
	n := &draft{folding: true}
	for _, e := range events {
		n.apply(e)
	}
	return n.seal()
}

// FoldSeq is Fold while the events are read, so that none is kept. It ends with
// the first error of the reading.
func FoldSeq(events iter.Seq2[Event, error]) (*State, error) {
	n := &draft{folding: true}
	for e, err := range events {
		if err != nil {
			return nil, err
		}
		n.apply(e)
	}
	return n.seal(), nil
}

// Apply is the state after an event. It is total: an event that makes no sense
// here (a ticket that is not there) changes nothing but the sequence, since
// what is on disk is never argued with.
func (s *State) Apply(e Event) *State {
	n := s.draft()
	n.apply(e)
	return n.seal()
}

// put replaces the element at i of a list of the draft.
func put[T any](n *draft, list *[]T, i int, t T) {
	if !n.folding {
		*list = grown(*list, len(*list))
	}
	(*list)[i] = t
}

// changeAt changes the element at i of a list of the draft; none when i is
// below 0.
func changeAt[T any](n *draft, list *[]*T, i int, change func(*T)) {
	if i < 0 {
		return
	}
	if !n.folding {
		t := *(*list)[i]
		put(n, list, i, &t)
	}
	change((*list)[i])
}

// grown copies s into a slice of the given length.
func grown[T any](s []T, length int) []T {
	c := make([]T, length)
	copy(c, s)
	return c
}

// grownWith is grown, with each element that it adds made new.
func grownWith[T any](s []*T, length int, made func() *T) []*T {
	c := grown(s, length)
	for i := len(s); i < length; i++ {
		c[i] = made()
	}
	return c
}

// stand puts a ticket into a line at key, in place of who stood there.
func (n *draft) stand(l *line, key uint64, ticket TicketID, m mark) {
	*l = l.with(key, ticket, m, n.folding)
}

// leave takes whoever stands at key out of a line.
func (n *draft) leave(l *line, key uint64) { *l = l.without(key, n.folding) }
