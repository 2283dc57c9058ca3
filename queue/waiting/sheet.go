package waiting

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"iter"
	"math"
	"time"

	"eliminacode/queue"
)

// sheetVersion is the version of the encoding. A sheet of any other version is
// made anew and never read, since the events are always there.
const sheetVersion = 1

const (
	sheetMagic   = "ECDS"
	preludeBytes = 20
	sumBytes     = 4
	maxTextBytes = 1<<16 - 1
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A Sheet is the legs of one business day. The zero Sheet is a day that never
// opened.
type Sheet struct {
	Day  int    // ordinal of the business day
	Date string // of the business day, "2026-11-24", local
	Zone string // the time zone that the rows' minutes are in

	Services []Service
	Desks    []Desk
	Series   []queue.SeriesID
	Channels []queue.CauseKind // what tickets were issued by

	rows []byte
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
func (s *Sheet) Len() int { return len(s.rows) / rowBytes }

// Leg is the i-th leg, in order of ticket and leg; i is below Len.
func (s *Sheet) Leg(i int) Leg { return s.row(i).leg() }

// Legs are the legs in order of ticket and leg.
func (s *Sheet) Legs() iter.Seq2[int, Leg] {
	return func(yield func(int, Leg) bool) {
		for i := range s.Len() {
			if !yield(i, s.Leg(i)) {
				return
			}
		}
	}
}

func (s *Sheet) row(i int) row { return row(s.rows[i*rowBytes : (i+1)*rowBytes]) }

// Encode is the sheet as stored. Equal sheets are equal bytes.
func (s *Sheet) Encode() []byte {
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
	binary.LittleEndian.PutUint16(b[4:], sheetVersion)
	binary.LittleEndian.PutUint16(b[6:], rowBytes)
	binary.LittleEndian.PutUint32(b[8:], uint32(s.Day))
	binary.LittleEndian.PutUint32(b[12:], uint32(s.Len()))
	binary.LittleEndian.PutUint32(b[16:], uint32(len(b)))

	b = append(b, s.rows...)
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
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

// Decode reads a stored sheet. The sheet goes on reading its rows from b,
// which must stay as it is for as long as the sheet is used; its texts are
// copies. The error Is ErrOtherFormat or ErrBadSheet, and the remedy of both is
// to make the sheet anew. What Decode accepts, Encode makes the same bytes of.
func Decode(b []byte) (Sheet, error) {
	if len(b) < preludeBytes+sumBytes || string(b[:4]) != sheetMagic {
		return Sheet{}, fmt.Errorf("%w: no heading", ErrBadSheet)
	}
	version, width := binary.LittleEndian.Uint16(b[4:]), binary.LittleEndian.Uint16(b[6:])
	if version != sheetVersion || width != rowBytes {
		return Sheet{}, fmt.Errorf("%w: version %d, rows of %d bytes", ErrOtherFormat, version, width)
	}
	body, sum := b[:len(b)-sumBytes], binary.LittleEndian.Uint32(b[len(b)-sumBytes:])
	if crc32.Checksum(body, castagnoli) != sum {
		return Sheet{}, fmt.Errorf("%w: the sum does not match", ErrBadSheet)
	}
	rows, header := uint64(binary.LittleEndian.Uint32(b[12:])), uint64(binary.LittleEndian.Uint32(b[16:]))
	if header < preludeBytes || header > uint64(len(body)) || uint64(len(body))-header != rows*rowBytes {
		return Sheet{}, fmt.Errorf("%w: %d bytes are not %d rows", ErrBadSheet, len(b), rows)
	}
	s := Sheet{Day: int(binary.LittleEndian.Uint32(b[8:]))}
	r := headerReader{text: string(body[preludeBytes:header])}
	if !s.readHeader(&r) {
		return Sheet{}, fmt.Errorf("%w: header of %d bytes", ErrBadSheet, header)
	}
	s.rows = body[header:len(body):len(body)]
	if i := s.badRow(); i >= 0 {
		return Sheet{}, fmt.Errorf("%w: row %d", ErrBadSheet, i)
	}
	return s, nil
}

// readHeader reads date, zone and tables; it is false when they are not as
// Encode writes them.
func (s *Sheet) readHeader(r *headerReader) bool {
	s.Date, s.Zone = r.str(), r.str()
	for range r.count(20) {
		x := Service{ID: queue.ServiceID(r.str()), Name: r.str(), StandardMs: int64(r.u64())}
		x.StandardShare = math.Float64frombits(r.u64())
		if x.StandardMs < 0 || !(x.StandardShare >= 0 && x.StandardShare <= 1) || math.Signbit(x.StandardShare) {
			return false
		}
		s.Services = append(s.Services, x)
	}
	for range r.count(6) {
		s.Desks = append(s.Desks, Desk{ID: queue.DeskID(r.str()), Label: r.str(), Group: queue.GroupID(r.str())})
	}
	for range r.count(2) {
		s.Series = append(s.Series, queue.SeriesID(r.str()))
	}
	for range r.count(2) {
		s.Channels = append(s.Channels, queue.CauseKind(r.str()))
	}
	return !r.bad && r.text == "" && (s.Date == "" || isDate(s.Date))
}

// badRow is the first row that points outside the tables or says what cannot
// be, or -1.
func (s *Sheet) badRow() int {
	services, desks, series, channels := len(s.Services), len(s.Desks), len(s.Series), len(s.Channels)
	for i := range s.Len() {
		r := s.row(i)
		desk := r.u16(atDesk)
		if r.u16(atServiceNo) >= services || desk >= desks && desk != noDesk ||
			r.u16(atSeries) >= series || int(r[atChannel]) >= channels ||
			r.u16(atMinute) >= minutesOfDay || r.outcome() >= outcomes || r.flags()&^flagsAll != 0 {
			return i
		}
	}
	return -1
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// A headerReader takes a header apart. Its texts are parts of one string, so
// that a header costs one copy however many names it has.
type headerReader struct {
	text string
	bad  bool
}

func (r *headerReader) take(n int) string {
	if r.bad || n > len(r.text) {
		r.bad = true
		return ""
	}
	t := r.text[:n]
	r.text = r.text[n:]
	return t
}

func (r *headerReader) u16() int {
	if t := r.take(2); t != "" {
		return int(t[0]) | int(t[1])<<8
	}
	return 0
}

func (r *headerReader) u64() uint64 {
	t := r.take(8)
	var n uint64
	for i := len(t) - 1; i >= 0; i-- {
		n = n<<8 | uint64(t[i])
	}
	return n
}

func (r *headerReader) str() string { return r.take(r.u16()) }

// count is the length of a table whose entries have at least so many bytes;
// a length that cannot be is none.
func (r *headerReader) count(entryBytes int) int {
	n := r.u16()
	if n*entryBytes > len(r.text) {
		r.bad = true
		return 0
	}
	return n
}
