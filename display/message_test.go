package display

import (
	"testing"
	"time"
)

// A message may be shown until the end of the day, as the hours pages write it.
func TestAMessageEndsWithTheDay(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	for _, hour := range []string{"24", "24:00", "24.00"} {
		o := newTestOffice(t)
		u := &surfer{t: t, s: serve(t, o.config(), "")}
		u.post("/responsabile", "action", "post", "request", "m1", "text-it", "Si chiude tardi", "until", hour)
		u.sees("Si chiude tardi", "fino alle 24:00")
		m := o.newest().Messages()
		if len(m) != 1 || time.UnixMilli(m[0].Until).In(rome).Format("2006-01-02 15:04") != "2026-11-25 00:00" {
			t.Fatalf("until %s there is %+v", hour, m)
		}
		u.post("/responsabile", "action", "post", "request", "m2", "text-it", "Si apre tardi", "from", "24")
		if len(o.newest().Messages()) != 1 {
			t.Error("a message begins at the end of the day")
		}
	}
}
