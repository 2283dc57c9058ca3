package display

import (
	"errors"
	"fmt"
)

// Faults of a configuration: each is answered by New.
var (
	// ErrNoEngine: the server has nobody to send commands to.
	ErrNoEngine = errors.New("display needs an Engine")
)

// Refusals of the web itself, before the office is asked.
var (
	// errForeignHost: the address in the request is not one of this box.
	errForeignHost = errors.New("host is not served here")
	// errForeignOrigin: a page of another site sent the request.
	errForeignOrigin = errors.New("request comes from another site")
	// errSignIn: who asks is nobody that the office knows.
	errSignIn = errors.New("nobody is recognised")
	// errNotYours: the address is for another role.
	errNotYours = errors.New("address is for another role")
	// errNotInScope: a token is narrowed to other parts of the API.
	errNotInScope = errors.New("token is for other parts of the API")
	// errTokenBusy: a program has used up its requests of this minute.
	errTokenBusy = errors.New("token has no request left")
	// errBadMedia: a body is said to be something else than the address takes.
	errBadMedia = errors.New("body is of another type")
	// errBadFields: some fields of a request are not what the address takes.
	errBadFields = errors.New("fields are not valid")
	// errBadFile: a catalogue that was sent as a file has faults.
	errBadFile = errors.New("file has faults")
	// errDiskFails: the disk takes nothing, and not because it is full.
	errDiskFails = errors.New("disk takes nothing")
	// errTooLong: a body is longer than the address takes.
	errTooLong = errors.New("body is too long")
	// errEventsGone: the events that are asked for are kept no more.
	errEventsGone = errors.New("events are kept no more")
	// errFull: as many pages are connected as the box serves.
	errFull = errors.New("too many pages are connected")
	// errBusy: an address asks for more at once than the box answers.
	errBusy = errors.New("too many requests at once")
	// errManyTickets: an address has asked for more tickets than a person gives.
	errManyTickets = errors.New("too many tickets for one address")
	// errBadBody: the body of a request is not what the address takes.
	errBadBody = errors.New("body is not valid")
	// errBadDecimals: a sign of decimals that no report is written with.
	errBadDecimals = errors.New("sign of decimals is not known")
	// errOtherJournal: the name of an event is not one of this journal.
	errOtherJournal = errors.New("event is of another journal")
	// errNoEventYet: a sequence comes after the next one.
	errNoEventYet = errors.New("no such event yet")
	// ErrNoAccess: pages that others reach need an Access; one of a demonstration,
	// which asks nobody who it is, must not be reached by others.
	ErrNoAccess = errors.New("display needs an Access, or to be open to this machine alone")
	// errAccessLost: the accounts of the office cannot be read.
	errAccessLost = errors.New("accounts cannot be read")
	// errAccountOff: the account that an administrator works on is switched off.
	errAccountOff = errors.New("the account is switched off")
	// errAccountsBusy: too many sign in for an administrator to have a secret made.
	errAccountsBusy = errors.New("too many are signing in")
	// errDeskTaken: another operator has the desk.
	errDeskTaken = errors.New("another operator has the desk")
	// errNoPage: there is no such page, desk or outlet.
	errNoPage = errors.New("no such page")
	// errMethod: the address does not take the method of the request.
	errMethod = errors.New("method is not taken here")
	// errNoCatalogue: the catalogue of procedures cannot be read; the log says why.
	errNoCatalogue = errors.New("catalogue of procedures cannot be read")
	// errNoEarlier: no catalogue of procedures is kept from before.
	errNoEarlier = errors.New("no earlier catalogue is kept")
	// errNotPublished: the office publishes no service.
	errNotPublished = errors.New("nothing is published")
	// errOneService: the totem gives tickets for one service each.
	errOneService = errors.New("totem gives tickets for one service")
	// errNoTicket: no ticket of today has this token.
	errNoTicket = errors.New("no such ticket today")
)

// An EventsGoneError answers who asks for events that are kept no more.
type EventsGoneError struct {
	Oldest uint64 // the first that there is
}

func (e EventsGoneError) Error() string {
	return fmt.Sprintf("events before %d are kept no more", e.Oldest)
}
