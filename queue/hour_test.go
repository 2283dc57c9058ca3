package queue

import (
	"strings"
	"testing"
	"time"
)

func TestHoursAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"8": "08:00", "08": "08:00", "8.30": "08:30", "8:30": "08:30", "08:30": "08:30", "8,30": "08:30", " 08.15 ": "08:15",
		"0": "00:00", "0:00": "00:00", "23:59": "23:59", "24": "24:00", "24:00": "24:00",
		"": "", "25": "", "24:01": "", "8:60": "", "8:5": "", "8:": "", ":30": "", "830": "", "8:30:00": "", "-8": "", "+8": "", "8 30": "", "otto": "", "８": "",
	} {
		minutes, ok := ReadHour(text)
		if ok != (want != "") || ok && HourOf(minutes) != want {
			t.Errorf("%q is %d (%v), want %q", text, minutes, ok, want)
		}
		if want == "" {
			want = text
		}
		if got := TidyHour(text); got != want {
			t.Errorf("%q is tidied to %q, want %q", text, got, want)
		}
	}
}

// Whatever is read as an hour is one of the day, is read alike once it is tidied, and
// agrees with the library wherever that reads it.
func FuzzReadHour(f *testing.F) {
	for _, text := range []string{"8", "8.30", "08:30", "8,30", "24:00", "", "otto", "99:99"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		minutes, ok := ReadHour(text)
		if at, err := time.Parse("15:04", text); err == nil && len(text) >= len("8:30") && strings.Count(text, ":") == 1 && (!ok || minutes != at.Hour()*60+at.Minute()) {
			t.Errorf("%q is %d (%v), want %v", text, minutes, ok, at)
		}
		if !ok {
			return
		}
		tidy := HourOf(minutes)
		again, still := ReadHour(tidy)
		if minutes < 0 || minutes > 24*60 || !still || again != minutes || len(tidy) != len("08:30") {
			t.Errorf("%q is %d, tidied to %q, which is %d (%v)", text, minutes, tidy, again, still)
		}
	})
}
