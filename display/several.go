package display

import (
	"net/url"
	"slices"
	"strings"

	"eliminacode/display/view"
)

// mostSeveral is how many services one may choose at a totem for one ticket: who
// needs more is better served by the reception.
const mostSeveral = 3

// severalRefresh is after how many seconds a totem without script is as it was, when
// somebody has chosen services and gone away.
const severalRefresh = 60

// A several is a totem while somebody chooses several services for one ticket. What
// is chosen stands in the address, and each touch loads the page anew: it needs no
// script, and nothing is kept of who goes away.
type several struct {
	Services []severalService
	Chosen   []string // the services, in order
	Plain    string   // the totem as it is for one service
}

// A severalService is one service to choose.
type severalService struct {
	view.TotemService
	Nth     int    // which of those that are chosen, from 1; 0 is none
	Touched string // the address with it chosen, or no more; empty when it cannot be
}

// severalAt is what is chosen at an address of a totem, or nil where nobody chooses
// several services or the office does not offer it. Plain is the totem's own address.
func severalAt(v view.Totem, chosen url.Values, plain string) *several {
	if !v.Several || !chosen.Has("servizi") {
		return nil
	}
	c := &several{Plain: plain}
	for _, id := range servicesOf(chosen.Get("servizi")) {
		open := slices.ContainsFunc(v.Services, func(s view.TotemService) bool { return s.ID == string(id) && s.Open })
		if open && len(c.Chosen) < mostSeveral && !slices.Contains(c.Chosen, string(id)) {
			c.Chosen = append(c.Chosen, string(id))
		}
	}
	for _, s := range v.Services {
		x := severalService{TotemService: s, Nth: 1 + slices.Index(c.Chosen, s.ID)}
		switch {
		case x.Nth > 0:
			x.Touched = choosing(plain, slices.Delete(slices.Clone(c.Chosen), x.Nth-1, x.Nth)...)
		case s.Open && len(c.Chosen) < mostSeveral:
			x.Touched = choosing(plain, append(slices.Clone(c.Chosen), s.ID)...)
		}
		c.Services = append(c.Services, x)
	}
	return c
}

// choosing is the address of a totem at which these services are chosen.
func choosing(plain string, services ...string) string {
	return plain + "&" + url.Values{"servizi": {strings.Join(services, ",")}}.Encode()
}
