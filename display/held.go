package display

import (
	"fmt"
	"net/http"
	"strings"

	"eliminacode/display/view"
	"eliminacode/queue"

	"github.com/boombuler/barcode/qr"
)

// A heldNumber is what the holder of a number is shown beside it who has no paper. It leads to
// the ticket's page, whose token is nobody else's: it goes to whom the number is given,
// and to the reception.
type heldNumber struct {
	Code  string  `json:"code" doc:"By which the reception finds the ticket of who comes back"`
	Phone string  `json:"phone,omitempty" doc:"The address of the ticket's page; left out where phones do not reach the box"`
	QR    *qrCode `json:"qr,omitempty" doc:"The same address as a QR code"`
}

// A qrCode is a QR code to be drawn: dark on light, in a light margin that belongs to it.
type qrCode struct {
	Size int    `json:"size" doc:"How many modules are a side, with the margin"`
	Path string `json:"path" doc:"Its dark modules as the path of an SVG image, in modules"`
}

// heldOf is what the holder of a ticket is shown; nil for a number that a desk gave.
func (s *Server) heldOf(t *queue.Ticket) *heldNumber {
	if t.Token == "" {
		return nil
	}
	h := &heldNumber{Code: view.TicketCode(t)}
	if s.cfg.Phones != "" {
		h.Phone = s.cfg.Phones + t.Token
		h.QR = drawQR(h.Phone)
	}
	return h
}

// qrMargin is the light margin that a QR code needs, in modules (ISO/IEC 18004).
const qrMargin = 4

// drawQR draws an address; nil where it is too long for a QR code.
func drawQR(address string) *qrCode {
	code, err := qr.Encode(address, qr.M, qr.Unicode)
	if err != nil {
		return nil
	}
	side := code.Bounds().Dx()
	var path strings.Builder
	for y := range side {
		for x := 0; x < side; x++ {
			from := x
			for x < side && dark(code.At(x, y)) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+qrMargin, y+qrMargin, x-from, x-from)
			}
		}
	}
	return &qrCode{Size: side + 2*qrMargin, Path: path.String()}
}

// dark tells that a colour is nearer to black.
func dark(c interface{ RGBA() (r, g, b, a uint32) }) bool {
	r, _, _, _ := c.RGBA()
	return r < 0x8000
}

// heldPage stands before the ticket in the address of the page that shows it again.
const heldPage = "/accoglienza/numero/"

// A heldView is a ticket shown again.
type heldView struct {
	view.TotemTicket
	Held *heldNumber `json:"held" doc:"What its holder is shown beside the number"`
}

// getHeld shows the number of who comes back, and its code, to the reception: the holder
// takes its address with a phone from the screen.
func (s *Server) getHeld(w http.ResponseWriter, r *http.Request) {
	l := s.lookFor(r)
	v, err := s.heldAgain(l, r.PathValue("ticket"))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	p := s.pageAt(l, "held")
	p.View = v
	s.render(w, r, p)
}

// heldAgain is a ticket whose visit goes on, by its id.
func (s *Server) heldAgain(l view.Look, ticket string) (heldView, error) {
	id, err := queue.ParseTicketID(ticket)
	t := l.State.Ticket(id)
	if err != nil || t == nil || t.Token == "" || t.State.Ended() {
		return heldView{}, fmt.Errorf("%w: %q", queue.ErrUnknownTicket, ticket)
	}
	return heldView{l.AnswerTicket(t, false), s.heldOf(t)}, nil
}
