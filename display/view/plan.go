package view

import (
	"slices"
	"strings"

	"eliminacode/queue"
)

// Planned is what a visit is still for after the present service.
type Planned struct {
	// Then are the names of the services, in order.
	Then []string `json:"then,omitempty"`
	// Services are the services themselves, with commas between, as a command that
	// changes them names them.
	Services string `json:"services,omitempty"`
	// Nth says which service of the visit the present one is, from 1.
	Nth int `json:"nth"`
}

// planned is what the visit of a ticket is still for.
func (l Look) planned(t *queue.Ticket) Planned {
	p := Planned{Nth: t.Leg + 1}
	var ids []string
	for _, id := range l.State.Planned(t) {
		if x, ok := l.State.Service(id); ok {
			ids, p.Then = append(ids, string(id)), append(p.Then, l.ServiceName(x))
		}
	}
	p.Services = strings.Join(ids, ",")
	return p
}

// ThenInWords are the services still to come, in order, or empty.
func (p Planned) ThenInWords() string { return strings.Join(p.Then, ", ") }

// plans are what a visit may be planned for: what it is for now, then nothing more, and
// one service besides.
func (l Look) plans(t *queue.Ticket, p Planned) []Choice {
	nothing := Choice{"", l.tongue().Say("plan.nothing-more")}
	plans := []Choice{nothing}
	if p.Services != "" {
		plans = []Choice{{p.Services, l.tongue().Say("plan.then", "services", p.ThenInWords())}, nothing}
	}
	for _, x := range l.State.Setup().Services {
		if x.ID == t.Service || slices.Contains(l.State.Planned(t), x.ID) {
			continue
		}
		more := Planned{Then: append(slices.Clone(p.Then), l.ServiceName(x))}
		plans = append(plans, Choice{
			strings.TrimPrefix(p.Services+","+string(x.ID), ","), l.tongue().Say("plan.then", "services", more.ThenInWords()),
		})
	}
	return plans
}
