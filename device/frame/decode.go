package frame

import (
	"bytes"
	"strconv"
	"time"
)

// A Found is a frame that a Decoder found among the bytes of a line.
type Found struct {
	Template int // which of the decoder's, from 0
	Values   Values
	Damaged  bool // it has the shape of a frame, but not its checksum
}

// A Decoder finds the frames of some templates among the bytes of a line,
// whatever stands between them and however they are cut. Where the bytes do not
// begin a frame it drops one and tries again from the next, so that no noise
// hides a whole frame behind it. It keeps at most MaxBytes and belongs to one
// goroutine.
type Decoder struct {
	templates []Template
	gap       time.Duration
	buf       []byte
	last      time.Time // when the last byte came
	dropped   int
}

// NewDecoder makes a decoder for templates, the first that fits wins. Bytes of
// one frame never come further apart than gap; zero is no limit. Adapters hand
// bytes over in bundles, so that less than 50 ms tears good frames.
func NewDecoder(gap time.Duration, templates ...Template) *Decoder {
	return &Decoder{templates: templates, gap: gap}
}

// Dropped counts the bytes so far that belonged to no whole frame.
func (d *Decoder) Dropped() int { return d.dropped }

// Feed reads data that came at a time and calls found for each frame.
func (d *Decoder) Feed(data []byte, at time.Time, found func(Found)) {
	if len(d.buf) > 0 && d.gap > 0 && at.Sub(d.last) > d.gap {
		d.drop(len(d.buf))
	}
	d.last = at
	for _, b := range data {
		d.buf = append(d.buf, b)
		for len(d.buf) > 0 && d.step(found) {
		}
	}
}

// step takes a frame or a byte of noise from the front; it says false when
// only more bytes can tell.
func (d *Decoder) step(found func(Found)) bool {
	wait, damaged := false, Found{}
	for i, t := range d.templates {
		switch v, fits := t.match(d.buf); fits {
		case whole:
			d.buf = append(d.buf[:0], d.buf[t.size:]...)
			found(Found{Template: i, Values: v})
			return true
		case begun:
			wait = true
		case spoilt:
			damaged = Found{Template: i, Values: v, Damaged: true}
		}
	}
	if wait {
		return false
	}
	d.drop(1)
	if damaged.Damaged {
		found(damaged)
	}
	return true
}

func (d *Decoder) drop(n int) {
	d.dropped += n
	d.buf = append(d.buf[:0], d.buf[n:]...)
}

type fit uint8

const (
	none fit = iota
	begun
	whole
	spoilt // whole but for its checksum
)

// match says how the beginning of buf fits the template.
func (t Template) match(buf []byte) (v Values, fits fit) {
	if t.size == 0 {
		return v, none
	}
	fits = whole
	for _, i := range t.items {
		if i.at+i.size > len(buf) {
			return v, begun
		}
		part := buf[i.at : i.at+i.size]
		switch i.kind {
		case literal:
			if part[0] != i.value {
				return v, none
			}
		case text:
			v.Text = string(part)
		case number:
			n, ok := i.value8(part)
			if !ok {
				return v, none
			}
			*v.field(i.name) = n
		case checksum:
			same := bytes.Equal
			if i.asHex {
				same = bytes.EqualFold
			}
			if !same(part, i.sum(buf)) {
				fits = spoilt
			}
		}
	}
	return v, fits
}

// value8 is the number that stands in a frame, 0 to 255.
func (i item) value8(part []byte) (int, bool) {
	if i.ascii == 0 {
		return int(part[0]), true
	}
	n, err := strconv.ParseUint(string(part), i.ascii, 8)
	return int(n), err == nil
}
