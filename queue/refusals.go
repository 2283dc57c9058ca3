package queue

import (
	"reflect"
	"slices"
)

// ownRefusals are what a command of a kind may be refused with besides what holds for
// most of them; see Refusals.
var ownRefusals = map[reflect.Type][]error{
	reflect.TypeFor[AbandonTicket]():     {ErrUnknownTicket, ErrWrongState},
	reflect.TypeFor[AdmitReserved]():     {ErrNotReserved, ErrNotThen, ErrSeriesExhausted, ErrSuspended, ErrUnknownOutlet, ErrUnknownService, ErrWrongState},
	reflect.TypeFor[BookAppointment]():   {ErrAppointmentTaken, ErrTooLate, ErrUnknownDesk, ErrUnknownService, ErrWrongState},
	reflect.TypeFor[CallNext]():          {ErrCallsStopped, ErrDeskClosed, ErrJustCalled, ErrStale, ErrSuspended, ErrTooSoon, ErrUnknownDesk},
	reflect.TypeFor[CallTicket]():        {ErrCallsStopped, ErrDeskClosed, ErrJustCalled, ErrNotAllowed, ErrParked, ErrStale, ErrSuspended, ErrTooSoon, ErrUnknownDesk, ErrUnknownTicket, ErrWrongState},
	reflect.TypeFor[CancelAppointment](): {ErrUnknownAppointment, ErrWrongState},
	reflect.TypeFor[CancelTicket]():      {ErrUnknownTicket, ErrWrongState},
	reflect.TypeFor[CancelTickets]():     {ErrUnknownTicket},
	reflect.TypeFor[ChangeSetup]():       {ErrBadSetup, ErrSetupTooLong, ErrUnattended},
	reflect.TypeFor[CheckIn]():           {ErrAppointmentCancelled, ErrAppointmentsOnly, ErrBandCapReached, ErrDayCapReached, ErrHallFull, ErrNoPaper, ErrPrinterBehind, ErrQuotaReached, ErrResting, ErrSeriesExhausted, ErrServiceClosed, ErrServiceStopped, ErrSuspended, ErrTooManyPresses, ErrUnknownAppointment, ErrUnknownOutlet, ErrUnknownService, ErrWrongState},
	reflect.TypeFor[CloseDesk]():         {ErrUnknownDesk, ErrUntold, ErrWrongState},
	reflect.TypeFor[FinishTicket]():      {ErrDeskIdle, ErrStale, ErrUnknownDesk, ErrUnknownTicket},
	reflect.TypeFor[GrantPriority]():     {ErrHasAppointment, ErrNotAllowed, ErrUnknownTicket, ErrWrongState},
	reflect.TypeFor[IssueAtDesk]():       {ErrAppointmentsOnly, ErrBandCapReached, ErrCallsStopped, ErrDayCapReached, ErrDeskClosed, ErrDeskHasTicket, ErrHallFull, ErrNotAllowed, ErrOtherRequest, ErrQuotaReached, ErrSeriesExhausted, ErrServiceClosed, ErrServiceStopped, ErrStale, ErrSuspended, ErrUnknownDesk, ErrUnknownService},
	reflect.TypeFor[IssueTicket]():       {ErrAppointmentsOnly, ErrBandCapReached, ErrDayCapReached, ErrHallFull, ErrNoPaper, ErrOtherRequest, ErrPrinterBehind, ErrQuotaReached, ErrResting, ErrSeriesExhausted, ErrServiceClosed, ErrServiceStopped, ErrServiceTwice, ErrSuspended, ErrTooManyPresses, ErrUnknownOutlet, ErrUnknownService},
	reflect.TypeFor[MarkNoShow]():        {ErrDeskIdle, ErrStale, ErrUnknownDesk, ErrUnknownTicket, ErrWrongState},
	reflect.TypeFor[OpenDay]():           {ErrUnknownDesk, ErrUnknownService},
	reflect.TypeFor[OpenDesk]():          {ErrNotQualified, ErrOperatorElsewhere, ErrStale, ErrUnknownDesk},
	reflect.TypeFor[ParkTicket]():        {ErrDeskIdle, ErrStale, ErrUnknownDesk, ErrUnknownTicket},
	reflect.TypeFor[PauseDesk]():         {ErrDeskClosed, ErrDeskHasTicket, ErrStale, ErrUnknownDesk},
	reflect.TypeFor[PlanServices]():      {ErrServiceTwice, ErrStale, ErrUnknownService, ErrUnknownTicket, ErrWrongState},
	reflect.TypeFor[PostMessage]():       {ErrMessageTaken, ErrTooManyMessages},
	reflect.TypeFor[PutBack]():           {ErrDeskIdle, ErrStale, ErrUnknownDesk, ErrUnknownTicket, ErrWrongState},
	reflect.TypeFor[RecallTicket]():      {ErrDeskIdle, ErrStale, ErrSuspended, ErrTooSoon, ErrUnknownDesk, ErrUnknownTicket, ErrWrongState},
	reflect.TypeFor[RecordContact]():     {ErrOtherRequest},
	reflect.TypeFor[Reinstate]():         {ErrNumberTaken, ErrUnknownTicket, ErrWrongState},
	reflect.TypeFor[ReopenService]():     {ErrUnknownService},
	reflect.TypeFor[ReportOutlet]():      {ErrTooSoon, ErrUnknownOutlet},
	reflect.TypeFor[ReportPaper]():       {ErrUnknownTicket},
	reflect.TypeFor[Reprint]():           {ErrNoPaper, ErrStale, ErrUnknownOutlet, ErrUnknownTicket, ErrWrongState},
	reflect.TypeFor[ReserveBlock]():      {ErrOtherRequest, ErrSeriesExhausted, ErrTooManyBlocks, ErrUnknownSeries, ErrUnknownService},
	reflect.TypeFor[RestartSeries]():     {ErrGivenToday, ErrNumberInHand, ErrStale, ErrUnknownSeries},
	reflect.TypeFor[ResumeTicket]():      {ErrDeskClosed, ErrDeskHasTicket, ErrSuspended, ErrUnknownDesk, ErrUnknownTicket, ErrWrongState},
	reflect.TypeFor[ReturnTicket]():      {ErrNumberTaken, ErrReturnedOnce, ErrTooLate, ErrUnknownTicket, ErrWrongState},
	reflect.TypeFor[ServeOn]():           {ErrDeskIdle, ErrNotAllowed, ErrStale, ErrUnknownDesk, ErrUnknownService, ErrUnknownTicket},
	reflect.TypeFor[SetCategory]():       {ErrUnknownTicket},
	reflect.TypeFor[SetClock]():          {ErrClockJump, ErrNoSuchTime},
	reflect.TypeFor[SetDeskProfile]():    {ErrUnattended, ErrUnknownDesk, ErrUnknownService, ErrUnserved},
	reflect.TypeFor[StartService]():      {ErrDeskIdle, ErrStale, ErrUnknownDesk, ErrUnknownTicket},
	reflect.TypeFor[StopService]():       {ErrUnknownService},
	reflect.TypeFor[TransferTicket]():    {ErrDeskIdle, ErrOtherDeskClosed, ErrStale, ErrUnknownDesk, ErrUnknownService, ErrUnknownTicket},
	reflect.TypeFor[UndoCall]():          {ErrDeskIdle, ErrStale, ErrTooLate, ErrUnknownDesk, ErrUnknownTicket, ErrWrongState},
	reflect.TypeFor[WithdrawMessage]():   {ErrUnknownMessage},
	reflect.TypeFor[WithdrawPriority]():  {ErrHasAppointment, ErrNotAllowed, ErrUnknownTicket, ErrWrongState},
}

// Refusals are what Decide may refuse commands of the kind of one with, whatever their
// values and the state of the office.
func Refusals(c Command) []error {
	all := []error{ErrBadCommand}
	switch c.(type) {
	case StartUp, ChangeSetup:
	case OpenDay, ReportOutlet, SetClock, Tick:
		all = append(all, ErrNoSetup)
	default:
		all = append(all, ErrNoSetup, ErrNoDay)
	}
	return slices.Concat(all, ownRefusals[reflect.TypeOf(c)])
}
