package queue

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// dateAt is the date, in UTC, of an instant of office time.
func dateAt(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.DateOnly) }

// withRules is the setup with other rules, as a script's "rules" names them.
func (h *hall) withRules(w words) Setup {
	s := h.state.Setup()
	s.Services = append([]Service(nil), s.Services...)
	s.Series = append([]Series(nil), s.Series...)
	for name, value := range w.named {
		service := &s.Services[h.state.serviceIndex("cie")]
		switch name {
		case "quota":
			service.Quota = h.count(value)
		case "day-cap":
			service.DayCap = h.count(value)
		case "last-ticket":
			s.Services[h.state.serviceIndex("anagrafe")].LastTicket = value == "yes"
		case "spare":
			outlet, spare, _ := strings.Cut(value, ">")
			s.Outlets = append([]Outlet(nil), s.Outlets...)
			s.Outlets[h.state.outletIndex(OutletID(outlet))].Spare = OutletID(spare)
		case "ranges":
			var a, b, c, d int
			if _, err := fmt.Sscanf(value, "%d-%d,%d-%d", &a, &b, &c, &d); err != nil {
				h.t.Fatal(err)
			}
			s.Series[0].Ranges = []Range{{a, b}, {c, d}}
		}
	}
	return s
}

// withPlan is the plan of the day with other moments, as a script names them.
func (h *hall) withPlan(w words) DayPlan {
	p := h.state.Plan().copied()
	moment := func(value string) int64 {
		var hh, mm int64
		if _, err := fmt.Sscanf(value, "%d:%d", &hh, &mm); err != nil {
			h.t.Fatal(err)
		}
		return p.Begins + hh*hour + mm*minute
	}
	if v, ok := w.named["break"]; ok {
		var from, to string
		if _, err := fmt.Sscanf(v, "%5s-%5s", &from, &to); err != nil {
			h.t.Fatal(err)
		}
		whole := p.Bands[0]
		p.Bands = []Band{{Opens: whole.Opens, Closes: moment(from)}, {Opens: moment(to), Closes: whole.Closes}}
		if w.named["waiting"] == "expire" {
			p.BreakExpiries = []int64{moment(from)}
		}
	}
	if v, ok := w.named["stop-issue"]; ok {
		p.Bands[len(p.Bands)-1].StopIssue = moment(v)
	}
	if v, ok := w.named["stop-calls"]; ok {
		p.StopCalls = moment(v)
	}
	if v, ok := w.named["band-cap"]; ok {
		for i := range p.Bands {
			p.Bands[i].Caps = []Cap{{Service: "cie", Most: h.count(v)}}
		}
	}
	return p
}

func (h *hall) count(value string) int {
	n, err := strconv.Atoi(value)
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}
