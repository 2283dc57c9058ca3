package bridge

import (
	"eliminacode/device"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// slip is a ticket as words on paper, made from what is on disk alone.
func (b *Bridge) slip(state *queue.State, t *queue.Ticket) device.Slip {
	service, _ := state.Service(t.Service)
	text := words.Slip(state.Setup().Office, service, *t, b.cfg.Local(t.Issued.Wall+state.CorrectionMs()))
	slip := device.Slip{
		Header: text.Header, Date: text.Date, Service: text.Service,
		Caption: text.Caption, Number: text.Number, Mark: text.Mark,
		Facts: text.Facts, Notes: text.Notes,
	}
	if b.cfg.Status != "" && t.Token != "" {
		slip.QR = b.cfg.Status + t.Token
	}
	return slip
}
