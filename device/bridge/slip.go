package bridge

import (
	"eliminacode/device"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// slip is a ticket as words on paper, made from what is on disk alone.
func (b *Bridge) slip(state *queue.State, t *queue.Ticket) device.Slip {
	service, _ := state.Service(t.Service)
	address := ""
	if b.cfg.Status != "" && t.Token != "" {
		address = b.cfg.Status + t.Token
	}
	return Paper(words.Slip(state.Setup(), service, *t, b.cfg.Local(state.TimeOf(t.Issued)), address))
}

// Paper is a text as a printer takes it.
func Paper(text words.SlipText) device.Slip {
	return device.Slip{
		Logo: text.Logo, Header: text.Header, Date: text.Date, Service: text.Service,
		Caption: text.Caption, Number: text.Number, Mark: text.Mark,
		Facts: text.Facts, QR: text.QR, Notes: text.Notes,
	}
}
