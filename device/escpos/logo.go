package escpos

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos/profile"
)

// The logo has one place in the printer: a key of GS ( L, or the first number
// of FS q.
const (
	logoKey1, logoKey2 = 'E', 'L'
	logoNumber         = 1

	// logoGuessDots is the height of the stored logo in the count of paper,
	// since the printer does not tell: 12 mm.
	logoGuessDots = 96

	// The whole command fits the receive buffer, with room for the questions
	// behind it: writing its memory a printer may not read its line for
	// seconds.
	logoReserve = 256
	// A head of the ticket that is higher is a poster.
	logoHighest = 240
)

// logo prints the picture that an installer stored in the printer. A printer
// that has none prints nothing and moves on.
func (e *encoder) logo() {
	switch e.profile.Logo {
	case profile.LogoGSL:
		e.put(gs, '(', 'L', 6, 0, '0', 'E', logoKey1, logoKey2, 1, 1)
	case profile.LogoFSP:
		e.put(fs, 'p', logoNumber, 0)
	default:
		return
	}
	e.dots += logoGuessDots
	e.feed(gapDots / 2)
}

// EncodeLogo is the command that stores a picture as the logo, in the profile's
// dialect: scaled down to the head and to the printer's buffer, on white, and
// dithered to black dots. Wherever the dots would spell a real-time command,
// which a printer executes even inside a picture, one dot is made black. It is
// pure. The error is ErrNoLogo when the profile has no dialect, or says that
// the picture is empty.
func EncodeLogo(p profile.Profile, picture image.Image) ([]byte, error) {
	if p.IsRaw() || p.Logo == profile.LogoNone {
		return nil, fmt.Errorf("encoding logo: profile %q: %w", p.Name, ErrNoLogo)
	}
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("encoding logo: %w", err)
	}
	if picture.Bounds().Empty() {
		return nil, errors.New("encoding logo: the picture has no size")
	}
	width, height := logoSize(p, picture.Bounds())
	for ; height > 0; height-- {
		d := dither(shrink(picture, width, height))
		head, data := d.gsL()
		if p.Logo == profile.LogoFSP {
			head, data = d.fsQ()
		}
		if profile.RealTimeAt(head) >= 0 {
			continue // a length that spells a command: one row less
		}
		return defuse(head, data), nil
	}
	return nil, fmt.Errorf("encoding logo: %w", ErrRealTime)
}

// logoSize is the picture's size in dots: never more than it has, and of its
// shape. Both are at least 1.
func logoSize(p profile.Profile, b image.Rectangle) (width, height int) {
	dots := 8 * float64(max(p.BufferBytes-logoReserve, 64))
	w, h := float64(b.Dx()), float64(b.Dy())
	scale := min(1, float64(p.HeadDots&^7)/w, logoHighest/h, math.Sqrt(dots/(w*h)))
	// Both sides are filled up to whole bytes, so the last of them is spare.
	width, height = max(1, int(w*scale)), max(1, int(h*scale))
	for (width+7)/8*8*((height+7)/8*8) > int(dots) {
		width, height = max(1, width*31/32), max(1, height*31/32)
	}
	return width, height
}

// shrink averages the picture's light over each dot's area, on white.
func shrink(picture image.Image, width, height int) [][]float64 {
	b := picture.Bounds()
	rows := make([][]float64, height)
	for y := range rows {
		rows[y] = make([]float64, width)
		top, bottom := b.Min.Y+y*b.Dy()/height, b.Min.Y+(y+1)*b.Dy()/height
		for x := range rows[y] {
			left, right := b.Min.X+x*b.Dx()/width, b.Min.X+(x+1)*b.Dx()/width
			sum := 0.0
			for sy := top; sy < bottom; sy++ {
				for sx := left; sx < right; sx++ {
					sum += light(picture.At(sx, sy))
				}
			}
			rows[y][x] = sum / float64((bottom-top)*(right-left))
		}
	}
	return rows
}

// light is from 0, black, to 1, white. What is transparent shows the paper.
func light(c color.Color) float64 {
	r, g, b, a := c.RGBA()
	return (0.299*float64(r)+0.587*float64(g)+0.114*float64(b))/0xffff + 1 - float64(a)/0xffff
}

// dots are the black ones of a picture, by row.
type dots [][]bool

// dither turns light into dots by Floyd and Steinberg's rule: what is black or
// white stays so, and grey becomes a grain of the same mean.
func dither(rows [][]float64) dots {
	d := make(dots, len(rows))
	for y, row := range rows {
		d[y] = make([]bool, len(row))
		for x, l := range row {
			d[y][x] = l < 0.5
			if !d[y][x] {
				l--
			}
			spread := func(x, y int, share float64) {
				if y < len(rows) && x >= 0 && x < len(row) {
					rows[y][x] += l * share / 16
				}
			}
			spread(x+1, y, 7)
			spread(x-1, y+1, 3)
			spread(x, y+1, 5)
			spread(x+1, y+1, 1)
		}
	}
	return d
}

func (d dots) at(x, y int) bool { return y < len(d) && x < len(d[y]) && d[y][x] }

// gsL is GS ( L function 67: rows of bytes, the leftmost dot highest.
func (d dots) gsL() (head, data []byte) {
	wide, high := (len(d[0])+7)/8, len(d)
	data = make([]byte, wide*high)
	for y := range high {
		for x := range wide * 8 {
			if d.at(x, y) {
				data[y*wide+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	n := 11 + len(data)
	return []byte{gs, '(', 'L', byte(n), byte(n >> 8), '0', 'C', '0', logoKey1, logoKey2, 1,
		byte(wide * 8), byte(wide * 8 >> 8), byte(high), byte(high >> 8), '1'}, data
}

// fsQ is FS q with one picture: columns of bytes, the uppermost dot highest.
func (d dots) fsQ() (head, data []byte) {
	wide, high := (len(d[0])+7)/8, (len(d)+7)/8
	data = make([]byte, wide*8*high)
	for x := range wide * 8 {
		for y := range high * 8 {
			if d.at(x, y) {
				data[x*high+y/8] |= 0x80 >> (y % 8)
			}
		}
	}
	return []byte{fs, 'q', logoNumber, byte(wide), byte(wide >> 8), byte(high), byte(high >> 8)}, data
}

// defuse joins head and data, with a dot more wherever data would complete a
// real-time command. The byte that gets it cannot begin another.
func defuse(head, data []byte) []byte {
	all := append(head, data...)
	for {
		at := profile.RealTimeAt(all)
		if at < 0 {
			return all
		}
		all[at+1] |= 0x02 // 04, 05 and 14 become 06, 07 and 16
	}
}

const (
	// A picture goes out in pieces at the pace of 9600 baud, so that neither
	// the port nor a printer without flow control holds more than one.
	pieceBytes = 128
	pieceEvery = 150 * time.Millisecond
	// storeWithin is how long a printer may be busy with its memory; it then
	// answers nothing, and some start anew.
	storeWithin = 60 * time.Second
	storeLeast  = 5 * time.Second
	storeRest   = 500 * time.Millisecond
)

// An errand is something else than a ticket that the printer is sent on.
type errand struct {
	bytes, rest []byte
	next        time.Time  // when the next piece may go
	deadline    time.Time  // of its confirmation
	done        chan error // holds one
}

// StoreLogo puts a picture into the printer's own memory, from where every slip
// with Logo prints it for a few bytes. It waits for an idle printer and for its
// confirmation, a minute or so, and no ticket goes out meanwhile.
//
// It is for an installer, never for a ticket: the memory wears out (makers
// speak of ten writings a day), and the dialect FS q erases the other pictures
// there. The answer says that the printer went through the command, not that
// its memory took it; print a slip and look. Beyond EncodeLogo's, the errors
// are those of package device that say why the printer was not ready or not
// heard of again.
func (p *Printer) StoreLogo(ctx context.Context, picture image.Image) error {
	b, err := EncodeLogo(p.profile, picture)
	if err != nil {
		return fmt.Errorf("storing logo: %w", err)
	}
	e := &errand{bytes: b, rest: b, done: make(chan error, 1)}
	wait := time.NewTimer(p.pace(p.cfg.StartWithin, time.Second))
	defer wait.Stop()
	select {
	case p.errands <- e:
	case <-wait.C:
		return fmt.Errorf("storing logo: %w", p.whyNot())
	case <-ctx.Done():
		return fmt.Errorf("storing logo: %w: %w", ctx.Err(), p.whyNot())
	}
	select {
	case err = <-e.done:
	case <-ctx.Done():
		err = fmt.Errorf("it may or may not be stored: %w", ctx.Err())
	}
	if err != nil {
		return fmt.Errorf("storing logo: %w", err)
	}
	return nil
}

// due is when the next piece may go, or the confirmation is overdue.
func (e *errand) due() time.Time {
	if len(e.rest) > 0 {
		return e.next
	}
	return e.deadline
}

// stepErrand sends the next piece. When all are out, the confirmation is that
// of the probe: the printer answers what was placed behind the command.
func (s *session) stepErrand(now time.Time) {
	e := s.flight.errand
	switch {
	case e == nil || len(e.rest) > 0 && now.Before(e.next):
	case len(e.rest) > 0:
		n := min(len(e.rest), pieceBytes)
		s.send(e.rest[:n])
		e.rest = e.rest[n:]
		e.next = now.Add(s.p.pace(pieceEvery, 5*time.Millisecond))
		if len(e.rest) == 0 {
			e.deadline = now.Add(s.p.patience(storeWithin, storeLeast))
			s.inquiry.forget(now.Add(s.p.pace(storeRest, 50*time.Millisecond)))
			s.probe.again(slices.Index(s.p.profile.Ack, s.probe.rung))
		}
	case s.probe.rung != "":
		s.flight.errand = nil
		e.done <- nil
	case !now.Before(e.deadline):
		s.err = fmt.Errorf("waiting for the printer to store its logo: %w", device.ErrSilent)
	}
}

// endErrand gives the errand its outcome when the line ends.
func (s *session) endErrand(err error) {
	e := s.flight.errand
	if e == nil {
		return
	}
	s.p.torn = len(e.bytes)
	s.flight.errand = nil
	e.done <- errors.Join(errors.New("it may or may not be stored"), err)
}
