package queue

import "strings"

// wishOf is what a request for a ticket asks for, hashed: two requests of one name are
// the same only if they ask for the same. A desk is that of a ticket made there, an
// outlet that of any other.
func wishOf(service ServiceID, class Class, category Category, outlet OutletID, desk DeskID) uint64 {
	return hashed(strings.Join([]string{string(service), string(class), string(category), string(outlet), string(desk)}, "\x00"))
}

// andThen is a wish with the services that are planned after the first.
func andThen(wish uint64, then []ServiceID) uint64 {
	for _, id := range then {
		wish = mix(wish ^ hashed(string(id)))
	}
	return wish
}

// asked tells that a request of the name was carried out before; it answers
// ErrOtherRequest where that one asked for something else.
func (d *decision) asked(request string, wish uint64) (before bool, err error) {
	t := d.s.TicketByRequest(request)
	switch {
	case t == nil:
		return false, nil
	case t.wish != wish:
		return true, ErrOtherRequest
	}
	return true, nil
}
