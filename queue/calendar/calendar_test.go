package calendar

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"eliminacode/queue"
)

func rome(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// townHall has the hours of the reference office.
func townHall() queue.Setup {
	return queue.Setup{
		Office: queue.Office{Body: "Comune di Prova", Zone: "Europe/Rome"},
		Hours: queue.Hours{
			Week: []queue.WeekBand{
				{Days: []string{"mon", "tue", "thu"}, Open: "08:15", Close: "17:00"},
				{Days: []string{"wed", "fri"}, Open: "08:15", Close: "13:30"},
				{Days: []string{"sat"}, Open: "08:15", Close: "12:15", Services: []queue.ServiceID{"cie"}},
			},
			Patron: "08-10", Holidays: true, ExpireAfterMs: 45 * 60_000,
		},
	}
}

func date(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// shown writes a plan in local time, for people to read.
func shown(p queue.DayPlan, zone *time.Location) string {
	at := func(ms int64) string { return time.UnixMilli(ms).In(zone).Format("02 15:04 MST") }
	var b strings.Builder
	fmt.Fprintf(&b, "%s [%s, %s)", p.Date, at(p.Begins), at(p.Ends))
	for _, x := range p.Bands {
		fmt.Fprintf(&b, " %s-%s%v", at(x.Opens), at(x.Closes), x.Services)
	}
	if p.Expiry != 0 {
		fmt.Fprintf(&b, " expiry %s", at(p.Expiry))
	}
	if p.Why != "" {
		fmt.Fprintf(&b, " %s", p.Why)
	}
	return b.String()
}

func TestPlan(t *testing.T) {
	nights := func(s *queue.Setup) {
		s.Hours.Week = []queue.WeekBand{
			{Days: []string{"fri", "sat"}, Open: "20:00", Close: "24:00"},
			{Days: []string{"sat", "sun"}, Open: "00:00", Close: "03:30"},
		}
		s.Hours.Cut = "04:00"
	}
	hour := func(open, closing string) func(*queue.Setup) {
		return func(s *queue.Setup) {
			s.Hours.Week = []queue.WeekBand{{Days: []string{"sun"}, Open: open, Close: closing}}
		}
	}
	election := func(s *queue.Setup) {
		s.Hours.Exceptions = []queue.Exception{
			{Date: "2026-06-02", Bands: []queue.WeekBand{{Open: "07:00", Close: "23:00", Services: []queue.ServiceID{"cie"}}}},
			{Date: "2026-06-03", Why: "Assemblea del personale"},
			{Date: "2026-06-04"},
			{Date: "2026-06-05", Why: "Elezioni", Bands: []queue.WeekBand{{Open: "15:00", Close: "18:00"}, {Open: "08:00", Close: "12:00"}}},
		}
	}
	own := func(s *queue.Setup) {
		s.Hours.Holidays, s.Hours.OwnHolidays = false, []string{queue.WhitMonday, "04-28"}
	}
	for _, tt := range []struct {
		name   string
		at     string // local
		change func(*queue.Setup)
		want   string
	}{
		{"a long day", "2026-11-24 10:00", nil, "2026-11-24 [24 00:00 CET, 25 00:00 CET) 24 08:15 CET-24 17:00 CET[] expiry 24 17:45 CET"},
		{"its first moment", "2026-11-24 00:00", nil, "2026-11-24 [24 00:00 CET, 25 00:00 CET) 24 08:15 CET-24 17:00 CET[] expiry 24 17:45 CET"},
		{"a subset of services", "2026-11-28 10:00", nil, "2026-11-28 [28 00:00 CET, 29 00:00 CET) 28 08:15 CET-28 12:15 CET[cie] expiry 28 13:00 CET"},
		{"Sunday", "2026-11-29 10:00", nil, "2026-11-29 [29 00:00 CET, 30 00:00 CET) Chiusura settimanale"},
		{"a holiday", "2026-12-25 10:00", nil, "2026-12-25 [25 00:00 CET, 26 00:00 CET) Natale"},
		{"a holiday that the office works", "2026-12-25 10:00", func(s *queue.Setup) { s.Hours.Holidays = false },
			"2026-12-25 [25 00:00 CET, 26 00:00 CET) 25 08:15 CET-25 13:30 CET[] expiry 25 14:15 CET"},
		{"the patron", "2026-08-10 10:00", nil, "2026-08-10 [10 00:00 CEST, 11 00:00 CEST) Santo patrono"},
		{"Whit Monday, where it is none", "2026-05-25 10:00", nil, "2026-05-25 [25 00:00 CEST, 26 00:00 CEST) 25 08:15 CEST-25 17:00 CEST[] expiry 25 17:45 CEST"},
		{"Whit Monday of Bolzano", "2026-05-25 10:00", own, "2026-05-25 [25 00:00 CEST, 26 00:00 CEST) Lunedì di Pentecoste"},
		{"the next year's", "2027-05-17 10:00", own, "2027-05-17 [17 00:00 CEST, 18 00:00 CEST) Lunedì di Pentecoste"},
		{"an own holiday without the national ones", "2026-04-28 10:00", own, "2026-04-28 [28 00:00 CEST, 29 00:00 CEST) Festa locale"},
		{"the patron without holidays", "2026-08-10 10:00", func(s *queue.Setup) { s.Hours.Holidays = false }, "2026-08-10 [10 00:00 CEST, 11 00:00 CEST) Santo patrono"},
		{"an exception over a holiday", "2026-06-02 10:00", election, "2026-06-02 [02 00:00 CEST, 03 00:00 CEST) 02 07:00 CEST-02 23:00 CEST[cie] expiry 02 23:45 CEST Orario straordinario"},
		{"closed with a reason", "2026-06-03 10:00", election, "2026-06-03 [03 00:00 CEST, 04 00:00 CEST) Assemblea del personale"},
		{"closed without one", "2026-06-04 10:00", election, "2026-06-04 [04 00:00 CEST, 05 00:00 CEST) Chiusura straordinaria"},
		{"several bands, in order", "2026-06-05 10:00", election, "2026-06-05 [05 00:00 CEST, 06 00:00 CEST) 05 08:00 CEST-05 12:00 CEST[] 05 15:00 CEST-05 18:00 CEST[] expiry 05 18:45 CEST Elezioni"},
		{"a night over midnight", "2026-11-27 23:00", nights, "2026-11-27 [27 04:00 CET, 28 04:00 CET) 27 20:00 CET-28 00:00 CET[] 28 00:00 CET-28 03:30 CET[] expiry 28 04:00 CET"},
		{"the same night, after midnight", "2026-11-28 03:59", nights, "2026-11-27 [27 04:00 CET, 28 04:00 CET) 27 20:00 CET-28 00:00 CET[] 28 00:00 CET-28 03:30 CET[] expiry 28 04:00 CET"},
		{"a day of 23 hours", "2026-03-29 10:00", hour("08:00", "12:00"), "2026-03-29 [29 00:00 CET, 30 00:00 CEST) 29 08:00 CEST-29 12:00 CEST[] expiry 29 12:45 CEST"},
		{"hours that are skipped in part", "2026-03-29 10:00", hour("01:00", "02:30"), "2026-03-29 [29 00:00 CET, 30 00:00 CEST) 29 01:00 CET-29 03:00 CEST[] expiry 29 03:45 CEST"},
		{"hours that are skipped whole", "2026-03-29 10:00", hour("02:05", "02:55"), "2026-03-29 [29 00:00 CET, 30 00:00 CEST)"},
		{"a day of 25 hours", "2026-10-25 10:00", hour("08:00", "12:00"), "2026-10-25 [25 00:00 CEST, 26 00:00 CET) 25 08:00 CET-25 12:00 CET[] expiry 25 12:45 CET"},
		{"hours that come twice", "2026-10-25 10:00", hour("02:15", "02:45"), "2026-10-25 [25 00:00 CEST, 26 00:00 CET) 25 02:15 CEST-25 02:45 CET[] expiry 25 03:30 CET"},
		{"a cut that comes twice", "2026-10-25 10:00", func(s *queue.Setup) { s.Hours.Cut = "02:30" }, "2026-10-25 [25 02:30 CEST, 26 02:30 CET) Chiusura settimanale"},
		{"a cut that is skipped", "2026-03-29 10:00", func(s *queue.Setup) { s.Hours.Cut = "02:30" }, "2026-03-29 [29 03:00 CEST, 30 02:30 CEST) Chiusura settimanale"},
		{"24:00 is midnight", "2026-11-24 10:00", func(s *queue.Setup) { s.Hours.Cut = "24:00" }, "2026-11-24 [24 00:00 CET, 25 00:00 CET) 24 08:15 CET-24 17:00 CET[] expiry 24 17:45 CET"},
		{"a clock without a battery", "1970-01-01 01:00", nil, "1970-01-01 [01 00:00 CET, 02 00:00 CET) Capodanno"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			setup := townHall()
			if tt.change != nil {
				tt.change(&setup)
			}
			at, err := time.ParseInLocation("2006-01-02 15:04", tt.at, rome(t))
			if err != nil {
				t.Fatal(err)
			}
			plan, err := Plan(setup, at.UnixMilli())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, shown(plan, rome(t))); diff != "" {
				t.Errorf("the plan differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlanRefusesWhatValidateRefuses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*queue.Setup)
		want   error
	}{
		{"a zone that is not there", func(s *queue.Setup) { s.Office.Zone = "Europe/Pontelungo" }, ErrUnknownZone},
		{"a zone of the box", func(s *queue.Setup) { s.Office.Zone = "Local" }, ErrUnknownZone},
		{"no zone", func(s *queue.Setup) { s.Office.Zone = "" }, ErrUnknownZone},
		{"an hour that is none", func(s *queue.Setup) { s.Hours.Week[0].Close = "24:01" }, ErrBadHours},
		{"a cut that is none", func(s *queue.Setup) { s.Hours.Cut = "7:00" }, ErrBadHours},
	} {
		t.Run(tt.name, func(t *testing.T) {
			setup := townHall()
			tt.change(&setup)
			at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
			if plan, err := Plan(setup, at.UnixMilli()); !errors.Is(err, tt.want) || plan.Date != "" {
				t.Errorf("got %+v and %v, want no plan and %v", plan, err, tt.want)
			}
		})
	}
}

func TestHolidays(t *testing.T) {
	var got []string
	for d := date(t, "2026-01-01"); d.Year == 2026; d = d.AddDays(1) {
		if name, ok := IsHoliday(d); ok {
			got = append(got, d.String()+" "+name)
		}
	}
	want := []string{
		"2026-01-01 Capodanno", "2026-01-06 Epifania", "2026-04-05 Pasqua", "2026-04-06 Lunedì dell'Angelo",
		"2026-04-25 Festa della Liberazione", "2026-05-01 Festa del Lavoro", "2026-06-02 Festa della Repubblica",
		"2026-08-15 Assunzione di Maria (Ferragosto)", "2026-10-04 San Francesco d'Assisi, patrono d'Italia",
		"2026-11-01 Ognissanti", "2026-12-08 Immacolata Concezione", "2026-12-25 Natale", "2026-12-26 Santo Stefano",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the holidays of 2026 differ (-want +got):\n%s", diff)
	}
	if name, ok := IsHoliday(date(t, "2025-10-04")); ok {
		t.Errorf("4 October 2025 is %q; it is a holiday from 2026 on", name)
	}
}

// Dates of Easter from the tables of the Astronomisches Rechen-Institut,
// the earliest and latest possible ones among them.
func TestEaster(t *testing.T) {
	for _, want := range []string{
		"1818-03-22", "1943-04-25", "1954-04-18", "1961-04-02", "1981-04-19", "2000-04-23", "2008-03-23", "2010-04-04",
		"2011-04-24", "2016-03-27", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2030-04-21", "2038-04-25", "2049-04-18", "2076-04-19", "2285-03-22",
	} {
		if d := date(t, want); Easter(d.Year) != d {
			t.Errorf("Easter of %d is %s, want %s", d.Year, Easter(d.Year), want)
		}
	}
}

func TestReferencePeriodHas124OpenDays(t *testing.T) {
	days, err := OpenDays(townHall(), date(t, "2009-12-01"), date(t, "2010-05-01"))
	if err != nil {
		t.Fatal(err)
	}
	if len(days) != 124 {
		t.Errorf("%d open days, want 124", len(days))
	}
	if days, err := OpenDays(townHall(), date(t, "2010-05-01"), date(t, "2010-04-01")); err != nil || len(days) != 0 {
		t.Errorf("a period that ends before it begins has %v, %v", days, err)
	}
}

func TestWeeklyMinutes(t *testing.T) {
	setup := townHall()
	if got, err := WeeklyMinutes(setup); err != nil || got != 40*60+45 {
		t.Errorf("%d minutes and %v, want 40 h 45 min", got, err)
	}
	// A service's own hours within the office's count once; beyond them they add.
	setup.Hours.Week = append(setup.Hours.Week, queue.WeekBand{Days: []string{"mon"}, Open: "16:00", Close: "18:00", Services: []queue.ServiceID{"cie"}})
	if got, err := WeeklyMinutes(setup); err != nil || got != 41*60+45 {
		t.Errorf("%d minutes and %v, want 41 h 45 min", got, err)
	}
	setup.Hours.Week[0].Open = "8"
	if _, err := WeeklyMinutes(setup); !errors.Is(err, ErrBadHours) {
		t.Errorf("got %v, want ErrBadHours", err)
	}
}

func TestValidateFindsEverything(t *testing.T) {
	setup := townHall()
	if err := Validate(setup); err != nil {
		t.Fatal(err)
	}
	setup.Office.Zone = "Marte/Base"
	setup.Hours.Patron, setup.Hours.OwnHolidays = "02-30", []string{queue.WhitMonday, "04-31"}
	setup.Hours.Exceptions = []queue.Exception{{Date: "2026-02-29"}, {Date: "2026-05-05"}, {Date: "2026-05-05"}}
	err := Validate(setup)
	if !errors.Is(err, ErrUnknownZone) || !errors.Is(err, ErrBadDate) {
		t.Errorf("got %v", err)
	}
	if n := strings.Count(err.Error(), "\n") + 1; n != 5 {
		t.Errorf("%d faults, want 5:\n%v", n, err)
	}
	setup.Hours.Patron = "02-29"
	if err := Validate(setup); strings.Contains(err.Error(), "patron") {
		t.Errorf("29 February is a day of leap years: %v", err)
	}
}

func TestNotices(t *testing.T) {
	setup := townHall()
	setup.Hours.Patron = "10-04"
	setup.Hours.Exceptions = []queue.Exception{{Date: "2026-12-25"}, {Date: "2026-12-24"}}
	if got := Notices(setup); len(got) != 2 {
		t.Errorf("got %q, want one of the patron and one of Natale", got)
	}
	if got := Notices(townHall()); len(got) != 0 {
		t.Errorf("got %q for plain hours", got)
	}
}

func TestBusinessDate(t *testing.T) {
	setup := townHall()
	setup.Hours.Cut = "03:00"
	at := time.Date(2026, 11, 24, 2, 59, 30, 0, rome(t)).UnixMilli()
	if d, err := BusinessDate(setup, at); err != nil || d.String() != "2026-11-23" {
		t.Errorf("the business day is %s (%v), want the day before", d, err)
	}
	plan, err := PlanOn(setup, date(t, "2026-11-24"))
	if err != nil || plan.Date != "2026-11-24" {
		t.Errorf("got %+v, %v", plan, err)
	}
}

func TestDates(t *testing.T) {
	d := date(t, "2024-02-28")
	if got := d.AddDays(2).String(); got != "2024-03-01" {
		t.Errorf("two days later is %s", got)
	}
	if n := d.DaysUntil(date(t, "2025-02-28")); n != 366 {
		t.Errorf("%d days to the next year's", n)
	}
	if d.Weekday() != time.Wednesday || d.MonthDay() != "02-28" || !d.Before(d.AddDays(1)) || d.Before(d) {
		t.Errorf("%s is a %s", d, d.Weekday())
	}
	for _, s := range []string{"", "2026-02-29", "2026-2-1", "02-01-2026", "2026-02-01 "} {
		if _, err := ParseDate(s); !errors.Is(err, ErrBadDate) {
			t.Errorf("%q: got %v", s, err)
		}
	}
}
