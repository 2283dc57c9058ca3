package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"eliminacode/queue"
)

// A Hash is the SHA-256 of a record's bytes.
type Hash [sha256.Size]byte

// String is the hash in 64 hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText is the hash in 64 hexadecimal digits.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText reads what MarshalText wrote.
func (h *Hash) UnmarshalText(b []byte) error {
	if len(b) != 2*len(h) {
		return fmt.Errorf("a hash has %d digits, not %d", 2*len(h), len(b))
	}
	_, err := hex.Decode(h[:], b)
	return err
}

// maxRecordBytes is the longest record: package queue decodes no more.
const maxRecordBytes = 256 << 10

// A record is an event as it lies on disk.
type record struct {
	seq   uint64
	value []byte
	day   *queue.DayOpened // when the event is one
	dated string           // the date that the event gives the open day, or empty
	wall  int64            // the clock as read
}

// recordOf is the record of an event as it is stored.
func recordOf(e queue.Event, value []byte) record {
	r := record{seq: e.Seq, value: value, wall: e.At.Wall}
	switch b := e.Body.(type) {
	case queue.DayOpened:
		r.day = &b
	case queue.DayRedated:
		r.dated = b.Date
	}
	return r
}

// encode makes the record of an event that follows the record with hash prev.
func encode(e queue.Event, prev Hash) (record, error) {
	r, _, err := encodeInto(nil, e, prev)
	return r, err
}

// encodeInto is encode, with the record's bytes behind those of b.
func encodeInto(b []byte, e queue.Event, prev Hash) (record, []byte, error) {
	if e.Body == nil {
		return record{}, b, fmt.Errorf("encoding event %d: it has no body", e.Seq)
	}
	member := make([]byte, 0, len(prevField)+2*len(prev)+2)
	member = hex.AppendEncode(append(member, prevField...), prev[:])
	from := len(b)
	b, err := e.AppendJSON(b, append(member, `",`...))
	if err != nil {
		return record{}, nil, err
	}
	value := b[from:len(b):len(b)]
	if len(value) > maxRecordBytes {
		return record{}, b, fmt.Errorf("encoding event %d: %w: %d bytes of %d", e.Seq, ErrTooLong, len(value), maxRecordBytes)
	}
	return recordOf(e, value), b, nil
}

const prevField = `"prev":"`

// previous reads the hash that a record holds of the one before it, with
// ErrNewerFormat too where that of a newer version has it in the same place.
func previous(value []byte) (Hash, error) {
	var h Hash
	rest, ok := bytes.CutPrefix(value, []byte(`{"v":`))
	digits, rest, found := bytes.Cut(rest, []byte(","))
	if !ok || !found {
		return h, fmt.Errorf("%w: it has no version", queue.ErrBadEvent)
	}
	v, err := strconv.ParseUint(string(digits), 10, 31)
	if err != nil || v == 0 {
		return h, fmt.Errorf("%w: it has no version", queue.ErrBadEvent)
	}
	rest, ok = bytes.CutPrefix(rest, []byte(prevField))
	if !ok || len(rest) < 2*len(h)+2 || string(rest[2*len(h):2*len(h)+2]) != `",` {
		err = errors.New("it has no hash of the one before")
	} else {
		err = h.UnmarshalText(rest[:2*len(h)])
	}
	switch {
	case v > queue.FormatVersion:
		return h, fmt.Errorf("%w: format %d, this program knows up to %d", ErrNewerFormat, v, queue.FormatVersion)
	case err != nil:
		return h, fmt.Errorf("%w: %v", queue.ErrBadEvent, err)
	}
	return h, nil
}

// decode reads a record that is stored under a sequence.
func decode(seq uint64, value []byte) (prev Hash, e queue.Event, err error) {
	return decodeBy(new(queue.Decoder), seq, value)
}

// decodeBy is decode by a decoder that knows the records before.
func decodeBy(d *queue.Decoder, seq uint64, value []byte) (prev Hash, e queue.Event, err error) {
	if prev, err = previous(value); err != nil {
		return prev, e, err
	}
	if e, err = d.Decode(value); err != nil {
		return prev, e, err
	}
	if e.Seq != seq {
		return prev, e, fmt.Errorf("%w: it says that it is event %d", queue.ErrBadEvent, e.Seq)
	}
	return prev, e, nil
}

// key is a sequence or an ordinal as bbolt sorts it.
func key(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// number reads a key.
func number(k []byte) (uint64, bool) {
	if len(k) != 8 {
		return 0, false
	}
	return binary.BigEndian.Uint64(k), true
}
