package queue

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
)

// FormatVersion is the version of the encoding of events. A reader refuses a
// greater one; fields are added without a new version, and never changed.
const FormatVersion = 1

// maxEventBytes bounds what is decoded: a setup has at most 64 KiB, twice.
const maxEventBytes = 256 << 10

type eventJSON struct {
	V    int             `json:"v"`
	Seq  uint64          `json:"seq"`
	At   Now             `json:"at"`
	By   Cause           `json:"by"`
	Kind string          `json:"kind"`
	Body json.RawMessage `json:"body"`
}

// MarshalJSON is the encoding of an event on disk:
// {"v":1,"seq":…,"at":{…},"by":{…},"kind":"TicketIssued","body":{…}}.
func (e Event) MarshalJSON() ([]byte, error) { return e.AppendJSON(nil, nil) }

// AppendJSON appends the encoding to b. What is given as more are further
// members, each with a comma behind it, that stand right after the version:
// the journal has one of its own.
func (e Event) AppendJSON(b, more []byte) ([]byte, error) {
	if e.Body == nil {
		return nil, fmt.Errorf("encoding event %d: %w: it has no body", e.Seq, ErrBadEvent)
	}
	// Written out by hand: a box under load spends more time on this envelope
	// than on deciding what is in it. A test holds it to eventJSON.
	b = strconv.AppendInt(append(b, `{"v":`...), FormatVersion, 10)
	b = append(append(b, ','), more...)
	b = strconv.AppendUint(append(b, `"seq":`...), e.Seq, 10)
	b = strconv.AppendInt(append(b, `,"at":{"wall":`...), e.At.Wall, 10)
	b = appendText(append(b, `,"boot":`...), e.At.Boot)
	b = strconv.AppendInt(append(b, `,"mono":`...), e.At.Mono, 10)
	b = strconv.AppendBool(append(b, `,"synced":`...), e.At.Synced)
	b = appendText(append(b, `},"by":{"kind":`...), string(e.By.Kind))
	if e.By.Device != "" {
		b = appendText(append(b, `,"device":`...), e.By.Device)
	}
	if e.By.Inferred {
		b = append(b, `,"inferred":true`...)
	}
	b = appendText(append(b, `},"kind":`...), e.Body.Kind())
	b = append(b, `,"body":`...)
	if fields := bodies[e.Body.Kind()].fields; fields != nil {
		b = appendPlain(b, fields, reflect.ValueOf(e.Body))
	} else if body, err := json.Marshal(e.Body); err != nil {
		return nil, fmt.Errorf("encoding event %d: %w", e.Seq, err)
	} else {
		b = append(b, body...)
	}
	return append(b, '}'), nil
}

// appendText appends a JSON text. What needs no escaping is copied.
func appendText(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(text) // a text has an encoding, always
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), text...), '"')
}

// UnmarshalJSON reads the encoding; see Decoder.Decode.
func (e *Event) UnmarshalJSON(b []byte) error {
	read, err := new(Decoder).Decode(b)
	if err == nil {
		*e = read
	}
	return err
}

// decodeJSON reads the encoding with encoding/json.
func decodeJSON(b []byte) (Event, error) {
	var j eventJSON
	if err := json.Unmarshal(b, &j); err != nil {
		// A newer format may have changed more than its version.
		var version struct{ V int }
		if json.Unmarshal(b, &version) != nil || version.V <= FormatVersion {
			return Event{}, fmt.Errorf("%w: %v", ErrBadEvent, err)
		}
		j.V = version.V
	}
	if j.V > FormatVersion {
		return Event{}, fmt.Errorf("%w: format %d of event %d, this program knows up to %d", ErrNewerFormat, j.V, j.Seq, FormatVersion)
	}
	if j.V < 1 || j.Seq == 0 {
		return Event{}, fmt.Errorf("%w: no version or sequence", ErrBadEvent)
	}
	of, ok := bodies[j.Kind]
	if !ok {
		return Event{}, fmt.Errorf("%w: event %d is of the unknown kind %q", ErrNewerFormat, j.Seq, j.Kind)
	}
	body, err := of.decode(j.Body)
	if err != nil {
		return Event{}, fmt.Errorf("%w: %s %d: %v", ErrBadEvent, j.Kind, j.Seq, err)
	}
	return Event{Seq: j.Seq, At: j.At, By: j.By, Body: body}, nil
}

// A bodyReader reads the bodies of one kind of event.
type bodyReader struct {
	body   reflect.Type
	fields []plainField // nil when only decode can read it
	decode func([]byte) (Body, error)
}

func body[T Body]() bodyReader {
	t := reflect.TypeFor[T]()
	return bodyReader{body: t, fields: plainFields(t), decode: func(b []byte) (Body, error) {
		var t T
		if len(b) == 0 || string(b) == "null" {
			return nil, errors.New("it has no body")
		}
		err := json.Unmarshal(b, &t)
		return t, err
	}}
}

// bodies has a reader for each kind of event.
var bodies = map[string]bodyReader{
	JournalBegun{}.Kind():         body[JournalBegun](),
	JournalResumed{}.Kind():       body[JournalResumed](),
	SetupChanged{}.Kind():         body[SetupChanged](),
	DayOpened{}.Kind():            body[DayOpened](),
	DayClosed{}.Kind():            body[DayClosed](),
	DayReplanned{}.Kind():         body[DayReplanned](),
	ClockSet{}.Kind():             body[ClockSet](),
	DeskOpened{}.Kind():           body[DeskOpened](),
	DeskClosed{}.Kind():           body[DeskClosed](),
	DeskPaused{}.Kind():           body[DeskPaused](),
	DeskProfileChanged{}.Kind():   body[DeskProfileChanged](),
	OutletChanged{}.Kind():        body[OutletChanged](),
	TicketIssued{}.Kind():         body[TicketIssued](),
	AppointmentBooked{}.Kind():    body[AppointmentBooked](),
	AppointmentCancelled{}.Kind(): body[AppointmentCancelled](),
	AppointmentMissed{}.Kind():    body[AppointmentMissed](),
	CallUndone{}.Kind():           body[CallUndone](),
	TicketReturned{}.Kind():       body[TicketReturned](),
	TicketPutBack{}.Kind():        body[TicketPutBack](),
	TicketReinstated{}.Kind():     body[TicketReinstated](),
	DeskSeen{}.Kind():             body[DeskSeen](),
	TicketCalled{}.Kind():         body[TicketCalled](),
	TicketRecalled{}.Kind():       body[TicketRecalled](),
	ServiceStarted{}.Kind():       body[ServiceStarted](),
	TicketServed{}.Kind():         body[TicketServed](),
	TicketNoShow{}.Kind():         body[TicketNoShow](),
	TicketTransferred{}.Kind():    body[TicketTransferred](),
	ServicesPlanned{}.Kind():      body[ServicesPlanned](),
	ServiceContinued{}.Kind():     body[ServiceContinued](),
	TicketIssuedAtDesk{}.Kind():   body[TicketIssuedAtDesk](),
	TicketParked{}.Kind():         body[TicketParked](),
	TicketResumed{}.Kind():        body[TicketResumed](),
	TicketCancelled{}.Kind():      body[TicketCancelled](),
	TicketExpired{}.Kind():        body[TicketExpired](),
	TicketPrinted{}.Kind():        body[TicketPrinted](),
	TicketPrintFailed{}.Kind():    body[TicketPrintFailed](),
	TicketPrintUnknown{}.Kind():   body[TicketPrintUnknown](),
	TicketMadePaperless{}.Kind():  body[TicketMadePaperless](),
	SlipMoved{}.Kind():            body[SlipMoved](),
	ReprintRequested{}.Kind():     body[ReprintRequested](),
	DayRedated{}.Kind():           body[DayRedated](),
	ClockSynced{}.Kind():          body[ClockSynced](),
	ClockStepped{}.Kind():         body[ClockStepped](),
	OfficeSuspended{}.Kind():      body[OfficeSuspended](),
	HallCapacitySet{}.Kind():      body[HallCapacitySet](),
	MessagePosted{}.Kind():        body[MessagePosted](),
	MessageWithdrawn{}.Kind():     body[MessageWithdrawn](),
	OfficeResumed{}.Kind():        body[OfficeResumed](),
	ServiceStopped{}.Kind():       body[ServiceStopped](),
	ServiceReopened{}.Kind():      body[ServiceReopened](),
	SeriesRestarted{}.Kind():      body[SeriesRestarted](),
	PriorityGranted{}.Kind():      body[PriorityGranted](),
	PriorityWithdrawn{}.Kind():    body[PriorityWithdrawn](),
	BlockReserved{}.Kind():        body[BlockReserved](),
	CategorySet{}.Kind():          body[CategorySet](),
	ContactRecorded{}.Kind():      body[ContactRecorded](),
}
