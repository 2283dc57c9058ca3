package waiting

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"hash/crc32"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"eliminacode/queue"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s differs (-want +got):\n%s", path, cmp.Diff(string(want), string(got)))
	}
}

// smallDay is a day with one of everything.
func smallDay(t *testing.T) *hall {
	h := openHall(t, "2026-11-24", "08:15", "13:00", "14:00", "17:00")
	h.pass(10 * minute)
	for _, s := range []queue.ServiceID{"anagrafe", "cie", "anagrafe", "stato-civile", "cie", "anagrafe"} {
		h.issue(s)
		h.pass(4*minute + 321)
	}
	for _, c := range []queue.Contact{queue.ContactForms, queue.ContactIncomplete, queue.ContactForms, queue.ContactInformation} {
		h.must(queue.RecordContact{By: queue.Cause{Kind: queue.ByReception}, Contact: c})
	}
	first := h.call("s1")
	h.pass(32_000)
	h.must(queue.StartService{By: byConsole, Desk: "s1", Ticket: first})
	h.pass(6 * minute)
	h.must(queue.SetCategory{By: byConsole, Ticket: first, Category: queue.CategoryFirm})
	h.must(queue.TransferTicket{By: byConsole, From: "s1", Ticket: first, Service: "cie"})
	second := h.call("s4")
	h.pass(2 * minute)
	h.must(queue.MarkNoShow{By: byConsole, Desk: "s4", Ticket: second})
	h.call("s2")
	h.pass(3 * minute)
	h.call("s2")
	h.must(queue.CancelTicket{By: byConsole, Ticket: h.call("s3"), Why: "citizen"})
	h.at(clockOn(t, "2026-11-24", "14:10"))
	h.call("s3")
	h.issue("stato-civile")
	h.pass(20 * 60 * minute)
	h.must(queue.Tick{})
	return h
}

func TestSheetsAreEncodedAsEver(t *testing.T) {
	s := smallDay(t).sheet()
	golden(t, "sheet-v8.golden", s.Encode())
	for _, old := range []string{"sheet-v1.golden", "sheet-v2.golden", "sheet-v3.golden", "sheet-v4.golden", "sheet-v5.golden", "sheet-v6.golden", "sheet-v7.golden"} {
		before, err := os.ReadFile("testdata/" + old)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Decode(before); !errors.Is(err, ErrOtherFormat) {
			t.Errorf("%s, whose rows meant something else: %v", old, err)
		}
	}
	stored, err := os.ReadFile("testdata/sheet-v8.golden")
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(stored)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, got, cmp.AllowUnexported(Sheet{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("decoded (-made +read):\n%s", diff)
	}
	if rowBytes > 64 {
		t.Errorf("rows of %d bytes", rowBytes)
	}
}

func TestRowsKeepEveryLeg(t *testing.T) {
	ms := rapid.Int64Range(0, maxDurationMs)
	rapid.Check(t, func(t *rapid.T) {
		flip := func(name string) bool { return rapid.Bool().Draw(t, name) }
		l := Leg{
			Ticket: rapid.IntRange(1, 999_999).Draw(t, "ticket"), Leg: rapid.IntRange(0, 65_535).Draw(t, "leg"),
			Service: rapid.IntRange(0, 65_535).Draw(t, "service"), Desk: rapid.IntRange(-1, 65_534).Draw(t, "desk"),
			Series: rapid.IntRange(0, 65_535).Draw(t, "series"), Channel: rapid.IntRange(0, 255).Draw(t, "channel"),
			Outcome: Outcome(rapid.IntRange(0, int(outcomes)-1).Draw(t, "outcome")),
			Given:   rapid.SampledFrom(append(queue.Outcomes[:], "")).Draw(t, "given"), Category: rapid.SampledFrom(append(queue.Categories[:], "")).Draw(t, "category"),
			Minute: rapid.IntRange(0, minutesOfDay-1).Draw(t, "minute"), DateOffset: rapid.IntRange(-32_768, 32_767).Draw(t, "date"),
			FirstWaitMs: ms.Draw(t, "first"), WaitMs: ms.Draw(t, "wait"), WalkMs: ms.Draw(t, "walk"),
			ServiceMs: ms.Draw(t, "service ms"), HoldMs: ms.Draw(t, "hold"), Recalls: rapid.IntRange(0, 65_535).Draw(t, "recalls"),
			Priority: flip("priority"), Called: flip("called"), HasWalk: flip("has walk"), HasService: flip("has service"),
			Inferred: flip("inferred"), UnknownEnd: flip("unknown"), WithinStandard: flip("within"), Inexact: flip("inexact"), Finished: flip("finished"),
		}
		var r row
		r.put(l)
		if got := r.leg(); got != l {
			t.Fatal(cmp.Diff(l, got))
		}
	})
}

func TestDamagedSheetsAreRefused(t *testing.T) {
	s := smallDay(t).sheet()
	good := s.Encode()
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1 << (i % 8)
		if _, err := Decode(bad); !errors.Is(err, ErrBadSheet) && !errors.Is(err, ErrOtherFormat) {
			t.Fatalf("byte %d flipped: %v", i, err)
		}
		if _, err := Decode(good[:i]); !errors.Is(err, ErrBadSheet) {
			t.Fatalf("cut to %d bytes: %v", i, err)
		}
	}
	other := bytes.Clone(good)
	other[4] = SheetVersion + 1
	if _, err := Decode(other); !errors.Is(err, ErrOtherFormat) {
		t.Errorf("other version: %v", err)
	}
}

// Rows that point outside the tables are refused even when the sum is right.
func TestImpossibleRowsAreRefused(t *testing.T) {
	day := smallDay(t).sheet()
	for _, x := range []struct {
		name  string
		spoil func(*row)
	}{
		{"service", func(r *row) { r.put16(atServiceNo, len(day.Services)) }},
		{"desk", func(r *row) { r.put16(atDesk, len(day.Desks)) }},
		{"series", func(r *row) { r.put16(atSeries, len(day.Series)) }},
		{"channel", func(r *row) { r[atChannel] = byte(len(day.Channels)) }},
		{"minute", func(r *row) { r.put16(atMinute, minutesOfDay) }},
		{"outcome", func(r *row) { r[atOutcome] = byte(outcomes) }},
		{"outcome told", func(r *row) { r[atGiven] = byte(len(queue.Outcomes) + 1) }},
		{"category", func(r *row) { r[atCategory] = byte(len(queue.Categories) + 1) }},
		{"flags", func(r *row) { r.put16(atFlags, flagsAll+1) }},
	} {
		s := day
		s.rows = bytes.Clone(day.rows)
		x.spoil(s.row(s.Len() - 1))
		if _, err := Decode(s.Encode()); !errors.Is(err, ErrBadSheet) {
			t.Errorf("%s: %v", x.name, err)
		}
	}
}

// summed puts the right sum at the end, so that a fuzzer gets past it.
func summed(b []byte) []byte {
	if len(b) < sumBytes {
		return b
	}
	b = bytes.Clone(b)
	body := b[:len(b)-sumBytes]
	binary.LittleEndian.PutUint32(b[len(body):], crc32.Checksum(body, castagnoli))
	return b
}

func FuzzDecode(f *testing.F) {
	stored, err := os.ReadFile("testdata/sheet-v8.golden")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(stored)
	f.Add(Sheet{}.Encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, b := range [][]byte{b, summed(b)} {
			s, err := Decode(b)
			if err != nil {
				if !errors.Is(err, ErrBadSheet) && !errors.Is(err, ErrOtherFormat) {
					t.Fatalf("error is of no kind: %v", err)
				}
				continue
			}
			if again := s.Encode(); !bytes.Equal(again, b) {
				t.Fatalf("encoding again gives other bytes:\n%x\n%x", b, again)
			}
			twice := func(yield func([]byte, error) bool) {
				// The second reading shares the tables of the first.
				if yield(b, nil) {
					yield(bytes.Clone(b), nil)
				}
			}
			for _, by := range allGroupings {
				if _, err := Make(Query{From: "0001-01-01", To: "9999-12-31", By: by}, Decoded(twice)); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
