package calendar

import (
	"strings"
	"testing"
	"time"

	"eliminacode/queue"
)

// cityHall has a midday break, a service with hours of its own, one that is
// there for two weeks, and all the moments at which a day ends.
func cityHall() queue.Setup {
	s := townHall()
	s.Services = []queue.Service{
		{ID: "anagrafe"}, {ID: "cie"},
		{ID: "tributi", Week: []queue.WeekBand{{Days: []string{"mon", "sun"}, Open: "09:00", Close: "10:00"}}},
		{ID: "imu", From: "2026-06-01", To: "2026-06-16"},
	}
	s.Hours.Week = []queue.WeekBand{
		{Days: []string{"mon", "tue"}, Open: "08:30", Close: "12:30", StopIssue: "12:15", Caps: []queue.Cap{{Service: "cie", Most: 9}}},
		{Days: []string{"mon"}, Open: "14:30", Close: "17:00"},
		{Days: []string{"wed"}, Open: "08:30", Close: "12:30", Services: []queue.ServiceID{"imu", "tributi"}},
	}
	s.Hours.StopCalls, s.Hours.StopCallsAfterMs = true, 20*60_000
	s.Rules.Break = queue.BreakExpires
	return s
}

// moments are the times of day at which a day stops this or that.
func moments(p queue.DayPlan, zone *time.Location) string {
	var said []string
	at := func(what string, ms int64) {
		if ms != 0 {
			said = append(said, what+" "+time.UnixMilli(ms).In(zone).Format("15:04"))
		}
	}
	for _, b := range p.Bands {
		at("last ticket", b.StopIssue)
	}
	for _, ms := range p.BreakExpiries {
		at("break expiry", ms)
	}
	at("last call", p.StopCalls)
	at("expiry", p.Expiry)
	return strings.Join(said, ", ")
}

func TestServicesByDate(t *testing.T) {
	zone := rome(t)
	for _, c := range []struct{ date, bands, moments string }{
		{"2026-05-25",
			"25 08:30 CEST-25 12:30 CEST[anagrafe cie] 25 09:00 CEST-25 10:00 CEST[tributi] 25 14:30 CEST-25 17:00 CEST[anagrafe cie]",
			"last ticket 12:15, break expiry 13:15, last call 17:20, expiry 17:45"},
		{"2026-06-01", // the first day of the temporary service
			"01 08:30 CEST-01 12:30 CEST[anagrafe cie imu] 01 09:00 CEST-01 10:00 CEST[tributi] 01 14:30 CEST-01 17:00 CEST[anagrafe cie imu]",
			"last ticket 12:15, break expiry 13:15, last call 17:20, expiry 17:45"},
		{"2026-06-16", // the last
			"16 08:30 CEST-16 12:30 CEST[anagrafe cie imu]", "last ticket 12:15, last call 12:50, expiry 13:15"},
		{"2026-06-17", "", ""}, // its band was for it alone
		{"2026-06-10", "10 08:30 CEST-10 12:30 CEST[imu]", "last call 12:50, expiry 13:15"},
		{"2026-06-07", "07 09:00 CEST-07 10:00 CEST[tributi]", "last call 10:20, expiry 10:45"}, // a Sunday of its own
		{"2026-06-02", "", ""},
	} {
		plan, err := PlanOn(cityHall(), date(t, c.date))
		if err != nil {
			t.Fatal(err)
		}
		_, bands, _ := strings.Cut(shown(plan, zone), ") ")
		bands, _, _ = strings.Cut(bands, " expiry")
		if len(plan.Bands) == 0 {
			bands = ""
		}
		if bands != c.bands || moments(plan, zone) != c.moments {
			t.Errorf("%s:\n got %s\n     %s\nwant %s\n     %s", c.date, bands, moments(plan, zone), c.bands, c.moments)
		}
	}
}

// An exception names the services itself: a service's own hours do not count,
// and a temporary one is not there outside its dates.
func TestElectionDay(t *testing.T) {
	s := cityHall()
	s.Hours.Exceptions = []queue.Exception{{Date: "2026-06-07", Why: "Elezioni", Bands: []queue.WeekBand{
		{Open: "07:00", Close: "23:00", Services: []queue.ServiceID{"cie", "tributi"}},
	}}, {Date: "2026-09-06", Bands: []queue.WeekBand{{Open: "07:00", Close: "23:00", Services: []queue.ServiceID{"imu", "cie"}}}}}
	for day, want := range map[string]string{
		"2026-06-07": "[cie tributi] expiry 07 23:45 CEST Elezioni", "2026-09-06": "[cie] expiry 06 23:45 CEST Orario straordinario",
	} {
		plan, err := PlanOn(s, date(t, day))
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(plan, rome(t)); !strings.HasSuffix(got, want) || len(plan.Bands) != 1 {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
}

// The clocks change on a Sunday night; the moments of a band that spans it are
// those that the clocks show.
func TestMomentsOnDaysWhenTheClocksChange(t *testing.T) {
	s := cityHall()
	s.Services = nil
	s.Hours.Week = []queue.WeekBand{
		{Days: []string{"sun"}, Open: "01:30", Close: "03:30", StopIssue: "02:30"},
		{Days: []string{"sun"}, Open: "05:00", Close: "06:00"},
	}
	for day, want := range map[string]int64{"2026-03-29": 30, "2026-10-25": 120} { // minutes in which tickets are given
		plan, err := PlanOn(s, date(t, day))
		if err != nil {
			t.Fatal(err)
		}
		if b := plan.Bands[0]; (b.StopIssue-b.Opens)/60_000 != want {
			t.Errorf("%s: the last ticket comes %d min after opening, want %d", day, (b.StopIssue-b.Opens)/60_000, want)
		}
		if got := moments(plan, rome(t)); !strings.Contains(got, "break expiry 04:15, last call 06:20") {
			t.Errorf("%s: %s", day, got)
		}
	}
}

func TestWeeklyMinutesOfServices(t *testing.T) {
	// Monday 4 h and 2 h 30, Tuesday 4 h, Wednesday 4 h, Sunday 1 h.
	if got, err := WeeklyMinutes(cityHall()); err != nil || got != 15*60+30 {
		t.Errorf("%d minutes, %v", got, err)
	}
}

func TestADateOfAServiceThatIsNone(t *testing.T) {
	s := cityHall()
	s.Services[3].To = "2026-06-31"
	if err := Validate(s); err == nil || !strings.Contains(err.Error(), `service "imu": the date "2026-06-31"`) {
		t.Errorf("got %v", err)
	}
}
