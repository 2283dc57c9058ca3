package words

import (
	"errors"

	"eliminacode/queue"
)

// A refusal is one answer of the domain that is not a yes. What a person reads
// of it is the text "refusal." and its code.
type refusal struct {
	err  error
	code string // stable name for programs and addresses of pages
}

// refusals is the one table from a refusal to its code.
var refusals = []refusal{
	{queue.ErrServiceClosed, "service-closed"},
	{queue.ErrDayCapReached, "day-cap-reached"},
	{queue.ErrBandCapReached, "band-cap-reached"},
	{queue.ErrQuotaReached, "quota-reached"},
	{queue.ErrServiceStopped, "service-stopped"},
	{queue.ErrSuspended, "suspended"},
	{queue.ErrHallFull, "hall-full"},
	{queue.ErrAppointmentsOnly, "appointments-only"},
	{queue.ErrSeriesExhausted, "series-exhausted"},
	{queue.ErrNoPaper, "no-paper"},
	{queue.ErrPrinterBehind, "printer-behind"},
	{queue.ErrResting, "resting"},
	{queue.ErrTooManyPresses, "too-many-presses"},

	{queue.ErrStale, "stale"},
	{queue.ErrOtherDeskClosed, "other-desk-closed"}, // before ErrDeskClosed, which it is too
	{queue.ErrDeskClosed, "desk-closed"},
	{queue.ErrDeskHasTicket, "desk-has-ticket"},
	{queue.ErrDeskIdle, "desk-idle"},
	{queue.ErrParked, "is-parked"}, // before ErrWrongState, which it is too
	{queue.ErrWrongState, "wrong-state"},
	{queue.ErrJustCalled, "just-called"}, // before ErrTooSoon, which it is too
	{queue.ErrTooSoon, "too-soon"},
	{queue.ErrTooLate, "too-late"},
	{queue.ErrReturnedOnce, "returned-once"},
	{queue.ErrNumberTaken, "number-taken"},
	{queue.ErrNumberInHand, "number-in-hand"},
	{queue.ErrGivenToday, "given-today"},
	{queue.ErrUnknownAppointment, "unknown-appointment"},
	{queue.ErrAppointmentTaken, "appointment-taken"},
	{queue.ErrAppointmentCancelled, "appointment-cancelled"},
	{queue.ErrNotQualified, "not-qualified"},
	{queue.ErrOtherRequest, "other-request"},
	{queue.ErrMessageTaken, "message-taken"},
	{queue.ErrTooManyMessages, "too-many-messages"},
	{queue.ErrUnknownMessage, "unknown-message"},
	{queue.ErrNoSuchTime, "no-such-time"},
	{queue.ErrClockJump, "clock-jump"},
	{queue.ErrNotReserved, "not-reserved"},
	{queue.ErrServiceTwice, "service-twice"},
	{queue.ErrNotThen, "not-then"},
	{queue.ErrTooManyBlocks, "too-many-blocks"},
	{queue.ErrHasAppointment, "has-appointment"},
	{queue.ErrOperatorElsewhere, "operator-elsewhere"},
	{queue.ErrCallsStopped, "calls-stopped"},
	{queue.ErrNotAllowed, "not-allowed"},
	{queue.ErrUnserved, "unserved"},
	{queue.ErrUntold, "current-untold"},
	{queue.ErrUnattended, "profile-sure"},

	{queue.ErrNotStored, "not-stored"},

	{queue.ErrUnknownService, "unknown-service"},
	{queue.ErrUnknownDesk, "unknown-desk"},
	{queue.ErrUnknownOutlet, "unknown-outlet"},
	{queue.ErrUnknownTicket, "unknown-ticket"},
	{queue.ErrUnknownSeries, "unknown-series"},
	{queue.ErrNoSetup, "no-setup"},
	{queue.ErrNoDay, "no-day"},
	{queue.ErrSetupTooLong, "setup-too-long"}, // before ErrBadSetup, which it is too
	{queue.ErrBadSetup, "bad-setup"},
	{queue.ErrBadCommand, "bad-command"},
}

// Refusals are the answers of the domain that are not a yes.
func Refusals() []error {
	all := make([]error, len(refusals))
	for i, r := range refusals {
		all[i] = r.err
	}
	return all
}

// failed is a fault that is no refusal of the domain.
var failed = refusal{code: "failed"}

func refusalOf(err error) refusal {
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			return r
		}
	}
	return failed
}

// Refusal is the sentence for a refusal; any other error gets one sentence
// that gives nothing away. It is empty for nil.
func (t *Tongue) Refusal(err error) string {
	if err == nil {
		return ""
	}
	return t.Say("refusal." + refusalOf(err).code)
}

// RefusalToCitizen is Refusal for who reads a totem or the published waits.
func (t *Tongue) RefusalToCitizen(err error) string {
	if err == nil {
		return ""
	}
	sentence, _ := t.ToCitizen(refusalOf(err).code)
	return sentence
}

// RefusalCode is the stable name of a refusal, such as "service-closed", for
// programs and addresses of pages; "failed" for any other error, and empty for
// nil.
func RefusalCode(err error) string {
	if err == nil {
		return ""
	}
	return refusalOf(err).code
}

// IsRefusal tells whether an error is a normal answer of the domain.
func IsRefusal(err error) bool {
	return err != nil && refusalOf(err).code != failed.code
}

// ByCode is the sentence for a code of RefusalCode, of what a page itself
// refuses, or of a good answer; ok is false for any other code, so that an
// address can never put words of its own on a page.
func (t *Tongue) ByCode(code string) (sentence string, ok bool) {
	return t.among(code, "refusal", "done")
}

// ToCitizen is ByCode for who stands at a totem or has a phone in the hand, and
// has no technician to call.
func (t *Tongue) ToCitizen(code string) (sentence string, ok bool) {
	return t.among(code, "citizen", "refusal", "done")
}

// ToProgram is ByCode for a program, which has no password to sign in with and agrees
// on nothing with people.
func (t *Tongue) ToProgram(code string) (sentence string, ok bool) {
	return t.among(code, "to-program", "refusal", "done")
}

// AtReception is ByCode for who stands at the reception: whom others send there.
func (t *Tongue) AtReception(code string) (sentence string, ok bool) {
	return t.among(code, "at-reception", "refusal", "done")
}

// AtDesk is ByCode for a clerk, whose page lists those who wait alone.
func (t *Tongue) AtDesk(code string) (sentence string, ok bool) {
	return t.among(code, "at-desk", "refusal", "done")
}

// among is the text of a code in the first of the families that have it.
func (t *Tongue) among(code string, families ...string) (sentence string, ok bool) {
	for _, family := range families {
		if t.has(family, code) {
			return t.Say(family + "." + code), true
		}
	}
	return "", false
}
