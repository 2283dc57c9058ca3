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

// Decode reads a stored sheet. The sheet goes on reading its rows from b,
// which must stay as it is for as long as the sheet is used; its texts are
// copies. The error Is ErrOtherFormat or ErrBadSheet, and the remedy of both is
// to make the sheet anew. What Decode accepts, Encode makes the same bytes of.
func Decode(b []byte) (Sheet, error) { return new(decoder).decode(b) }

// Decoded decodes stored sheets one by one, for Make, whose sums the store has
// checked: it does not add them up again. The bytes of a sheet are not read once the
// next one is asked for. Sheets of days with the same setup share their tables, which
// must not be changed.
func Decoded(stored iter.Seq2[[]byte, error]) iter.Seq2[Sheet, error] {
	return func(yield func(Sheet, error) bool) {
		d := decoder{whole: true}
		for b, err := range stored {
			var s Sheet
			if err == nil {
				s, err = d.decode(b)
			}
			if !yield(s, err) {
				return
			}
		}
	}
}

// A decoder remembers the tables of the last sheet, since those of the next
// day are nearly always the same.
type decoder struct {
	whole  bool   // what it is given is as it was stored
	tables string // as stored
	last   Sheet  // has them
}

func (d *decoder) decode(b []byte) (Sheet, error) {
	if len(b) < preludeBytes+sumBytes || string(b[:4]) != sheetMagic {
		return Sheet{}, fmt.Errorf("%w: no heading", ErrBadSheet)
	}
	version, width := binary.LittleEndian.Uint16(b[4:]), binary.LittleEndian.Uint16(b[6:])
	if version != SheetVersion || width != rowBytes {
		return Sheet{}, fmt.Errorf("%w: version %d, rows of %d bytes", ErrOtherFormat, version, width)
	}
	body, sum := b[:len(b)-sumBytes], binary.LittleEndian.Uint32(b[len(b)-sumBytes:])
	if !d.whole && crc32.Checksum(body, castagnoli) != sum {
		return Sheet{}, fmt.Errorf("%w: the sum does not match", ErrBadSheet)
	}
	rows, header := uint64(binary.LittleEndian.Uint32(b[12:])), uint64(binary.LittleEndian.Uint32(b[16:]))
	if header < preludeBytes+2 || header > uint64(len(body)) || uint64(len(body))-header != rows*rowBytes {
		return Sheet{}, fmt.Errorf("%w: %d bytes are not %d rows", ErrBadSheet, len(b), rows)
	}
	dateBytes := uint64(binary.LittleEndian.Uint16(b[preludeBytes:]))
	tables := preludeBytes + 2 + dateBytes
	if tables > header {
		return Sheet{}, fmt.Errorf("%w: header of %d bytes", ErrBadSheet, header)
	}
	date := string(b[preludeBytes+2 : tables])
	if date != "" && !isDate(date) {
		return Sheet{}, fmt.Errorf("%w: date %q", ErrBadSheet, date)
	}
	if !d.readTables(body[tables:header]) {
		return Sheet{}, fmt.Errorf("%w: header of %d bytes", ErrBadSheet, header)
	}
	s := d.last
	s.Day, s.Date = int(binary.LittleEndian.Uint32(b[8:])), date
	for i, n := range s.contacts() {
		*n = int(binary.LittleEndian.Uint32(b[atContacts+4*i:]))
	}
	s.split = split(min(binary.LittleEndian.Uint16(b[atSplit:]), uint16(splits)))
	if s.split == splits {
		return Sheet{}, fmt.Errorf("%w: no such split", ErrBadSheet)
	}
	s.rows = body[header:len(body):len(body)]
	if i := s.badRow(); i >= 0 {
		return Sheet{}, fmt.Errorf("%w: row %d", ErrBadSheet, i)
	}
	return s, nil
}

// readTables reads the zone and the tables; it is false when they are not as
// Encode writes them.
func (d *decoder) readTables(b []byte) bool {
	if d.tables != "" && string(b) == d.tables {
		return true
	}
	d.tables = ""
	text := string(b)
	r := headerReader{text: text}
	s := Sheet{Zone: r.str()}
	n := r.count(20)
	s.Services = make([]Service, 0, n)
	for range n {
		x := Service{ID: queue.ServiceID(r.str()), Name: r.str(), StandardMs: int64(r.u64())}
		x.StandardShare = math.Float64frombits(r.u64())
		if x.StandardMs < 0 || !(x.StandardShare >= 0 && x.StandardShare <= 1) || math.Signbit(x.StandardShare) {
			return false
		}
		s.Services = append(s.Services, x)
	}
	n = r.count(6)
	s.Desks = make([]Desk, 0, n)
	for range n {
		s.Desks = append(s.Desks, Desk{ID: queue.DeskID(r.str()), Label: r.str(), Group: queue.GroupID(r.str())})
	}
	s.Series = readTexts[queue.SeriesID](&r)
	s.Channels = readTexts[queue.CauseKind](&r)
	if r.bad || r.text != "" {
		return false
	}
	d.tables, d.last = text, s
	return true
}

func readTexts[T ~string](r *headerReader) []T {
	n := r.count(2)
	texts := make([]T, 0, n)
	for range n {
		texts = append(texts, T(r.str()))
	}
	return texts
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
			r.u16(atMinute) >= minutesOfDay || r.outcome() >= outcomes ||
			int(r[atGiven]) > len(queue.Outcomes) || int(r[atCategory]) > len(queue.Categories) || r.flags()&^flagsAll != 0 {
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
	t := r.take(2)
	if t == "" {
		return 0
	}
	return int(t[0]) | int(t[1])<<8
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
