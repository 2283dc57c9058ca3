package office

import (
	"strings"
	"testing"

	"eliminacode/queue"
)

// What an office file may say and hardly means is told, once each.
func TestNotices(t *testing.T) {
	for _, setup := range []queue.Setup{Reference(), Before()} {
		if notices := Notices(setup); len(notices) > 0 {
			t.Errorf("the shipped office has %v", notices)
		}
	}
	band := func(days, open, closing string, services ...queue.ServiceID) queue.WeekBand {
		return queue.WeekBand{Days: strings.Fields(days), Open: open, Close: closing, Services: services}
	}
	for name, c := range map[string]struct {
		change func(*queue.Setup)
		says   []string
	}{
		"bands that overlap": {func(s *queue.Setup) {
			s.Hours.Week = append(s.Hours.Week, band("thu fri", "13:00", "14:00"))
		}, []string{"hours.week[4]: hours: bands 1 and 4 overlap on thu from 13:00 to 14:00", "hours.week[4]: hours: bands 2 and 4 overlap on fri from 13:00 to 13:30"}},
		"bands of other services, or that only touch": {func(s *queue.Setup) {
			s.Hours.Week = append(s.Hours.Week, band("sat", "08:15", "12:15", "elettorale"), band("fri", "13:30", "15:00"))
		}, nil},
		"a service's own bands": {func(s *queue.Setup) {
			s.Services[0].Week = []queue.WeekBand{band("mon", "08:00", "12:00"), band("mon", "11:00", "13:00")}
		}, []string{`service[1].week[2]: service "anagrafe": bands 1 and 2 overlap on mon from 11:00 to 12:00`}},
		"bands of an exception": {func(s *queue.Setup) {
			s.Hours.Exceptions[0].Bands = append(s.Hours.Exceptions[0].Bands, band("", "12:00", "13:00"))
		}, []string{`hours.exception[1].band[2]: hours: exception "2026-12-24": bands 1 and 2 overlap from 12:00 to 12:15`}},
		"no hours at all": {func(s *queue.Setup) {
			s.Hours.Week, s.Hours.Exceptions = nil, nil
		}, []string{"hours: hours: the office opens at no hour"}},
		"one service with hours of its own": {func(s *queue.Setup) {
			s.Hours.Week, s.Hours.Exceptions = nil, nil
			for i := range s.Services {
				if i != 1 {
					s.Services[i].Week = []queue.WeekBand{band("mon", "08:00", "12:00")}
				}
			}
		}, []string{`service[2].week: service "stato-civile" opens at no hour`}},
		"two desks with one label": {func(s *queue.Setup) {
			s.Desks[4].Label = "1"
		}, []string{`desk[5].label: desks "s1" and "s5" have the label "1"`}},
		"a reception that nobody named": {func(s *queue.Setup) {
			s.Outlets[2].Reception, s.Outlets[2].ID, s.Outlets[2].Name, s.Outlets[1].Spare = false, "c", "Cassa", ""
		}, []string{`outlet: no outlet is said to be the reception's, which prints at "pulsantiera"`}},
		"characters that no printer has": {func(s *queue.Setup) {
			s.Office.Body, s.Services[0].Name, s.Services[1].Names["de"] = "Comune 中 di 😀 中", "Anagrafe ☎", "Ст"
			s.Office.Note = "Łódź, žába, perché: 5 € – “così”"
			s.Slip.Texts = map[queue.Language]queue.Wording{"it": {queue.WordCaption: "Numero ☞"}}
		}, []string{`office.body: office: the body holds "\u4e2d\U0001f600", which no`, `service[1].name: service "anagrafe": the name holds "\u260e"`,
			`service[2].names.de: service "stato-civile": the name in de holds`, `slip.text.it.caption: slip: text it caption holds "\u261e"`}},
	} {
		t.Run(name, func(t *testing.T) {
			setup := Reference()
			c.change(&setup)
			if err := setup.Validate(); err != nil {
				t.Fatal(err)
			}
			notices := Notices(setup)
			for i, n := range notices {
				if got := n.Path + ": " + n.Error(); i >= len(c.says) || !strings.HasPrefix(got, c.says[i]) || n.Remedy == "" {
					t.Errorf("says %s", got)
				}
			}
			if len(notices) < len(c.says) {
				t.Errorf("says %d things, want %q", len(notices), c.says)
			}
		})
	}
}
