package queue

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// slowKinds are the events that come a few times a day and hold lists.
var slowKinds = map[string]bool{
	"JournalBegun": true, "SetupChanged": true, "DayOpened": true, "DayReplanned": true, "DayRedated": true, "DeskProfileChanged": true,
	"DeskOpened": true, "MessagePosted": true, "BlockReserved": true, "ServicesPlanned": true,
}

// TestDecoderReadsWhatIsWritten takes every kind of event that comes with each
// ticket in one pass, with the member of the journal and without it.
func TestDecoderReadsWhatIsWritten(t *testing.T) {
	d := NewDecoder()
	for _, body := range goldenBodies() {
		e := goldenEvent(body)
		for _, more := range []string{"", `"prev":"00ff",`} {
			b, err := e.AppendJSON(nil, []byte(more))
			if err != nil {
				t.Fatal(err)
			}
			got, plain := d.plain(b)
			if plain == slowKinds[body.Kind()] {
				t.Errorf("%s in one pass: %v", body.Kind(), plain)
			}
			if plain && got != e {
				t.Errorf("%s is read as %+v", b, got)
			}
			if got, err = d.Decode(b); err != nil || !cmp.Equal(got, e) {
				t.Errorf("%s is decoded as %+v, %v", b, got, err)
			}
		}
	}
}

// TestBodiesAreEncodingJSONs writes bodies with all their fields, with none, and
// with texts that need escaping.
func TestBodiesAreEncodingJSONs(t *testing.T) {
	all := goldenBodies()
	for _, b := range all {
		all = append(all, reflect.Zero(reflect.TypeOf(b)).Interface().(Body))
	}
	for _, text := range []string{"a\"b\\", "<&>", "perché", "\u2028", "\xff", "\x00\x7f"} {
		all = append(all, DeskPaused{Desk: DeskID(text), Why: text}, TicketIssued{Number: Number{Series: SeriesID(text), Value: -7}})
	}
	for _, b := range all {
		want, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		if f := bodies[b.Kind()].fields; f != nil {
			if got := appendPlain(nil, f, reflect.ValueOf(b)); string(got) != string(want) {
				t.Errorf("%s\nand encoding/json writes\n%s", got, want)
			}
		}
	}
}

// TestDecoderKeepsNothing reads an event with everything in it before one with
// nothing: what is missing is zero.
func TestDecoderKeepsNothing(t *testing.T) {
	d := NewDecoder()
	full := TicketIssued{
		Ticket: 7, Number: Number{Series: "A", Value: 1, Lap: 2, Text: "A001"}, Service: "s", Class: Priority, Outlet: "o",
		Paper: Paperless, Token: "t", Request: "r", Ahead: 4, Promise: Promise{1, 2}, Appointment: "a", DueAt: 5, Desk: "1", Late: true, Asked: "x",
	}
	for _, body := range []Body{full, TicketIssued{Ticket: 8}} {
		e := Event{Seq: 3, Body: body}
		b, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := d.Decode(b); err != nil || got != e {
			t.Errorf("%s is decoded as %+v, %v", b, got, err)
		}
	}
}

// TestDecoderIsEncodingJSONs changes bytes of what is written, and both ways of
// reading answer alike.
func TestDecoderIsEncodingJSONs(t *testing.T) {
	var written [][]byte
	for _, body := range goldenBodies() {
		b, err := json.Marshal(goldenEvent(body))
		if err != nil {
			t.Fatal(err)
		}
		written = append(written, b)
	}
	rapid.Check(t, func(t *rapid.T) {
		b := append([]byte(nil), rapid.SampledFrom(written).Draw(t, "event")...)
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			at := rapid.IntRange(0, len(b)-1).Draw(t, "at")
			if rapid.Bool().Draw(t, "cut") {
				b = append(b[:at], b[at+1:]...)
			} else {
				b[at] = rapid.SampledFrom([]byte(`"\{}[],:-+.eE0123456789tfn u`+"\x00\x7f\xc3")).Draw(t, "to")
			}
		}
		sameReading(t, new(Decoder), b)
	})
}

// sameReading reads bytes in both ways.
func sameReading(t interface {
	Helper()
	Fatalf(string, ...any)
}, d *Decoder, b []byte) {
	t.Helper()
	plain, ok := d.plain(b)
	if !ok {
		return
	}
	if e, err := decodeJSON(b); err != nil || e != plain {
		t.Fatalf("%s is read as %+v, and encoding/json reads %+v, %v", b, plain, e, err)
	}
}
