package view

import (
	"cmp"
	"slices"

	"eliminacode/queue/words"
)

// An Attendant is the page of who helps people in the hall, on a phone: where it
// is crowded, who waits longest, what needs a hand.
type Attendant struct {
	Office  Heading `json:"office"`
	Day     Day     `json:"day"`
	Waiting int     `json:"waiting"`
	Longest *Wait   `json:"longest,omitempty"` // who has waited longest
	// LongestStandardMs is the standard of that wait, and LongestStandard the same in
	// words; 0 and empty for none.
	LongestStandardMs int64  `json:"longest_standard_ms,omitempty"`
	LongestStandard   string `json:"longest_standard,omitempty"`
	Working           int    `json:"working"` // desks open and not on a break
	// Crowded are the services that somebody waits for, those with most people first.
	Crowded []ManagerRow `json:"crowded"`
	Stopped []Stopped    `json:"stopped"` // outlets that cannot print
	// Printers are those that print and need a hand soon, such as for paper.
	Printers []Device `json:"printers"`
	// Search is what somebody without script looks for; others ask for it by itself.
	Search Search `json:"-"`
}

// Prints tells that an attendant gives no numbers.
func (Attendant) Prints() bool { return false }

// Attendant is the view of who helps people in the hall.
func (l Look) Attendant(devices []Device) Attendant {
	now := l.Manager(nil)
	v := Attendant{
		Office: now.Office, Day: now.Day, Waiting: now.Waiting, Longest: now.Longest, Working: now.Working,
		Crowded: []ManagerRow{}, Stopped: now.Stopped, Printers: []Device{},
	}
	if t := l.State.LongestWaiting(l.Now); t != nil {
		if x, ok := l.State.Service(t.Service); ok && x.StandardMs > 0 {
			v.LongestStandardMs, v.LongestStandard = x.StandardMs, words.Wait(x.StandardMs)
		}
	}
	for _, row := range now.Services {
		if row.Waiting > 0 {
			v.Crowded = append(v.Crowded, row)
		}
	}
	slices.SortStableFunc(v.Crowded, func(a, b ManagerRow) int { return cmp.Compare(b.Waiting, a.Waiting) })
	for _, d := range devices {
		// One that has stopped is told as the outlet that it stops, with what to do.
		if d.Health != nil && d.Health.Type == "printer" && (d.State == "degraded" || d.State == "lost") {
			v.Printers = append(v.Printers, Device{Name: d.Name, Kind: d.Kind, State: d.State, Words: d.Words, Do: d.Do})
		}
	}
	return v
}
