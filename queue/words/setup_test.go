package words

import (
	"strings"
	"testing"

	"eliminacode/queue"
)

func TestLengthsReadAsTheyAreWritten(t *testing.T) {
	for _, c := range []struct{ file, shown string }{{"15m", "15 min"}, {"1h30m", "1 h 30 min"}, {"1.5s", "1,5 s"}, {"0s", "0 s"}, {"", ""}, {"36h", "36 h"}} {
		if got := Length(c.file); got != c.shown {
			t.Errorf("%q is shown %q, want %q", c.file, got, c.shown)
		}
	}
	for text, want := range map[string]string{
		"15": "15m", "15 min": "15m", "1 h 30 min": "1h30m", "1,5 s": "1.5s", "2 ore": "2h", "1 ora": "1h", "90 sec": "90s", "": "", "presto": "presto", "1h30": "1h30m",
	} {
		if got := ReadLength(text); got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
}

func TestDaysOfTheYearReadAsTheyAreWritten(t *testing.T) {
	for _, l := range StaffLanguages() {
		in := In(l)
		for _, days := range []string{"", "04-25", "04-25, 12-07", "whit-monday, 02-29"} {
			if got := in.ReadYearDays(in.YearDays(days)); got != days {
				t.Errorf("%s: %q comes back as %q", l, days, got)
			}
		}
		if got := in.ReadYearDays("domani"); got != "domani" {
			t.Errorf("what is no day is read as %q", got)
		}
	}
}

// A text of tickets that is a rule of its own in braces stays as it is read.
func TestRulesOfTicketTextsNameTheirPlaceholders(t *testing.T) {
	for _, l := range StaffLanguages() {
		text, ok := In(l).SetupValue("slip.text.estimate")
		if !ok || !strings.Contains(text.Rule, "{from}") || !strings.Contains(text.Rule, "{to}") {
			t.Errorf("%s: the rule is %q", l, text.Rule)
		}
		if text, ok := In(l).SetupValue("slip.text.ahead_two"); !ok || text.Label == "" {
			t.Errorf("%s: a plural form has no words", l)
		}
		if text, _ := In(l).SetupValue("hours.own_holidays"); !strings.Contains(text.Rule, In(l).Say("choice.whit-monday")) {
			t.Errorf("%s: the rule is %q", l, text.Rule)
		}
	}
}

func TestEveryChoiceHasWords(t *testing.T) {
	for _, key := range []string{"rules.discipline", "rules.transfer_place", "rules.break", "hours.week.days", "service.week.days", "slip.parts", "slip.languages"} {
		choices := In("").SetupChoices(key)
		if len(choices) < 2 {
			t.Errorf("%s has the choices %v", key, choices)
		}
		for _, c := range choices {
			if c.Words == "" || strings.HasPrefix(c.Words, "choice.") {
				t.Errorf("%s: %q has no words", key, c.Text)
			}
		}
	}
	if got := In("").SetupShown("hours.week.days", "", false, "mon, tue"); got != "lun, mar" {
		t.Errorf("days are shown %q", got)
	}
	if got := In("").SetupShown("rules.discipline", "", false, string(queue.ByStandard)); !strings.Contains(got, "standard") {
		t.Errorf("the usual order is shown %q", got)
	}
}
