package waiting

import (
	"encoding/binary"
	"hash/crc32"
	"math"

	"eliminacode/queue"
)

// SheetVersion is the version of the encoding and of what a row means. A sheet of
// any other version is made anew and never read, since the events are always
// there. Version 1 measured over a restart by the wall clock, right or wrong;
// to version 2 a first wait as long as the standard was not within it; version 3 had
// neither outcome nor category; to version 4 a call that was undone parted the wait
// around it in two; version 5 did not tell a service that ended before its visit went
// on from one that did not; version 6 had no contacts; version 7 did not say where the
// inferred legs may be told.
const SheetVersion = 8

const (
	sheetMagic   = "ECDS"
	preludeBytes = 46
	atContacts   = 20
	atSplit      = 44
	sumBytes     = 4
	maxTextBytes = 1<<16 - 1
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A Sheet is the legs of one business day. The zero Sheet is a day that never
// opened.
type Sheet struct {
	Day  int    // ordinal of the business day
	Date string // of the business day, "2026-11-24", local
	// GoesOn tells that the day was not closed when the sheet was made. It is not
	// stored: what is stored is of days that are over.
	GoesOn bool
	Zone   string // the time zone that the rows' minutes are in

	Services []Service
	Desks    []Desk
	Series   []queue.SeriesID
	Channels []queue.CauseKind // what tickets were issued by

	// Contacts are those whom the reception helped without a ticket.
	Contacts queue.Contacts

	split split // of the inferred legs and the others
	rows  []byte
}

// A Service is a service as the day knew it.
type Service struct {
	ID            queue.ServiceID
	Name          string
	StandardMs    int64   // 0 is none
	StandardShare float64 // 0..1
}

// A Desk is a desk as the day knew it.
type Desk struct {
	ID    queue.DeskID
	Label string
	Group queue.GroupID
}

// Len is the number of legs.
func (s Sheet) Len() int { return len(s.rows) / rowBytes }

func (s *Sheet) row(i int) *row { return (*row)(s.rows[i*rowBytes:]) }

// Encode is the sheet as stored. Equal sheets are equal bytes.
func (s Sheet) Encode() []byte {
	b := make([]byte, preludeBytes, preludeBytes+512+len(s.rows)+sumBytes)
	b = appendText(b, s.Date)
	b = appendText(b, s.Zone)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(s.Services)))
	for _, x := range s.Services {
		b = appendText(b, string(x.ID))
		b = appendText(b, x.Name)
		b = binary.LittleEndian.AppendUint64(b, uint64(x.StandardMs))
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x.StandardShare))
	}
	b = binary.LittleEndian.AppendUint16(b, uint16(len(s.Desks)))
	for _, x := range s.Desks {
		b = appendText(b, string(x.ID))
		b = appendText(b, x.Label)
		b = appendText(b, string(x.Group))
	}
	b = appendTexts(b, s.Series)
	b = appendTexts(b, s.Channels)

	copy(b, sheetMagic)
	binary.LittleEndian.PutUint16(b[4:], SheetVersion)
	binary.LittleEndian.PutUint16(b[6:], rowBytes)
	binary.LittleEndian.PutUint32(b[8:], uint32(s.Day))
	binary.LittleEndian.PutUint32(b[12:], uint32(s.Len()))
	binary.LittleEndian.PutUint32(b[16:], uint32(len(b)))
	for i, n := range s.contacts() {
		binary.LittleEndian.PutUint32(b[atContacts+4*i:], uint32(*n))
	}

	binary.LittleEndian.PutUint16(b[atSplit:], uint16(s.split))

	b = append(b, s.rows...)
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// contacts are the counts of contacts, in the order in which they are stored.
func (s *Sheet) contacts() [6]*int {
	c := &s.Contacts
	return [...]*int{&c.All, &c.Information, &c.Forms, &c.Complaint, &c.Registration, &c.MissingDocument}
}

func appendText(b []byte, text string) []byte {
	text = text[:min(len(text), maxTextBytes)]
	b = binary.LittleEndian.AppendUint16(b, uint16(len(text)))
	return append(b, text...)
}

func appendTexts[T ~string](b []byte, texts []T) []byte {
	b = binary.LittleEndian.AppendUint16(b, uint16(len(texts)))
	for _, t := range texts {
		b = appendText(b, string(t))
	}
	return b
}
