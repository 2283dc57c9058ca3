package office

import (
	"fmt"
	"strings"
	"time"

	"eliminacode/queue"
)

// Format writes a setup as an office file that Parse reads back the same; the
// comments of a file that the setup came from are gone. Durations of more than
// 292 years cannot be written.
func Format(s queue.Setup) []byte {
	w := &writer{}
	w.line("format = %d", FormatVersion)
	w.header("[office]")
	w.text("body", s.Office.Body)
	w.text("name", s.Office.Name)
	w.text("place", s.Office.Place)
	w.text("zone", s.Office.Zone)
	w.text("note", s.Office.Note)
	w.text("excluded_letters", s.Office.ExcludedLetters)
	for _, x := range s.Series {
		w.header("[[series]]")
		w.text("id", string(x.ID))
		w.text("letters", x.Letters)
		w.line("first = %d", x.First)
		w.line("last = %d", x.Last)
		w.line("width = %d", x.Width)
		w.line("wrap = %t", x.Wrap)
		w.list("ranges", ranges(x.Ranges))
	}
	for _, x := range s.Services {
		w.header("[[service]]")
		w.text("id", string(x.ID))
		w.text("name", x.Name)
		w.names(x.Names)
		w.text("detail", x.Detail)
		w.text("series", string(x.Series))
		w.text("standard", formatDuration(x.StandardMs))
		w.text("share", formatShare(x.StandardShare))
		if x.DayCap != 0 {
			w.line("day_cap = %d", x.DayCap)
		}
		w.duration("max", x.MaxMs)
		w.text("from", x.From)
		w.text("to", x.To)
		w.count("quota", x.Quota)
		w.yes("last_ticket", x.LastTicket)
		for _, b := range x.Week {
			w.header("[[service.week]]")
			w.list("days", b.Days)
			w.band(b)
		}
	}
	for _, x := range s.Desks {
		w.header("[[desk]]")
		w.text("id", string(x.ID))
		w.text("label", x.Label)
		w.text("group", string(x.Group))
		w.list("first", texts(x.Profile.First))
		w.list("help", texts(x.Profile.Help))
		w.yes("back_office", x.BackOffice)
	}
	for _, x := range s.Outlets {
		w.header("[[outlet]]")
		w.text("id", string(x.ID))
		w.text("name", x.Name)
		w.line("printer = %t", x.Printer)
		w.line("screen = %t", x.Screen)
		w.text("spare", string(x.Spare))
	}
	w.hours(s.Hours)
	w.rules(s.Rules)
	w.slip(s.Slip)
	return []byte(w.b.String())
}

type writer struct{ b strings.Builder }

func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.b, format+"\n", args...) }

func (w *writer) header(h string) { w.line("\n%s", h) }

// text writes a key with a text; an empty one is left out, which reads the same.
func (w *writer) text(key, value string) {
	if value != "" {
		w.line("%s = %s", key, quote(value))
	}
}

// duration, count and yes write what is not the usual: zero is left out, which
// reads the same.
func (w *writer) duration(key string, ms int64) {
	if ms != 0 {
		w.text(key, formatDuration(ms))
	}
}

func (w *writer) count(key string, n int) {
	if n != 0 {
		w.line("%s = %d", key, n)
	}
}

func (w *writer) yes(key string, is bool) {
	if is {
		w.line("%s = true", key)
	}
}

func (w *writer) list(key string, values []string) {
	if len(values) == 0 {
		return
	}
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = quote(v)
	}
	w.line("%s = [%s]", key, strings.Join(quoted, ", "))
}

func (w *writer) hours(h queue.Hours) {
	w.header("[hours]")
	w.line("holidays = %t", h.Holidays)
	w.text("patron", h.Patron)
	w.text("cut", h.Cut)
	w.text("expire_after", formatDuration(h.ExpireAfterMs))
	if h.StopCalls {
		w.text("stop_calls_after", formatDuration(h.StopCallsAfterMs))
	}
	for _, b := range h.Week {
		w.header("[[hours.week]]")
		w.list("days", b.Days)
		w.band(b)
	}
	for _, e := range h.Exceptions {
		w.header("[[hours.exception]]")
		w.text("date", e.Date)
		w.text("why", e.Why)
		for _, b := range e.Bands {
			w.header("[[hours.exception.band]]")
			w.band(b)
		}
	}
}

func (w *writer) band(b queue.WeekBand) {
	w.text("open", b.Open)
	w.text("close", b.Close)
	w.list("services", texts(b.Services))
	w.text("stop_issue", b.StopIssue)
	if len(b.Caps) > 0 {
		caps := make([]string, len(b.Caps))
		for i, c := range b.Caps {
			caps[i] = fmt.Sprintf("{ service = %s, most = %d }", quote(string(c.Service)), c.Most)
		}
		w.line("caps = [%s]", strings.Join(caps, ", "))
	}
}

func (w *writer) rules(r queue.Rules) {
	w.header("[rules]")
	w.text("rest", formatDuration(r.RestMs))
	w.line("presses_per_minute = %d", r.PressesPerMinute)
	w.line("unprinted_max = %d", r.UnprintedMax)
	w.text("recall_rest", formatDuration(r.RecallRestMs))
	w.text("park", formatDuration(r.ParkMs))
	w.line("call_by_number = %t", r.CallByNumber)
	w.yes("call_outside", r.CallOutside)
	w.text("discipline", string(r.Discipline))
	w.count("priority_ratio", r.PriorityRatio)
	w.text("transfer_place", string(r.TransferPlace))
	w.count("no_show_recalls", r.NoShowRecalls)
	w.duration("recall_gap", r.RecallGapMs)
	w.duration("late_return", r.LateReturnMs)
	w.count("return_after_calls", r.ReturnAfterCalls)
	w.duration("undo", r.UndoMs)
	w.duration("appointment_early", r.AppointmentEarlyMs)
	w.duration("appointment_tolerance", r.AppointmentToleranceMs)
	w.text("break", string(r.Break))
}

func ranges(all []queue.Range) []string {
	var list []string
	for _, r := range all {
		list = append(list, fmt.Sprintf("%d-%d", r.First, r.Last))
	}
	return list
}

// texts are names of any kind as texts.
func texts[S ~string](names []S) []string {
	var list []string
	for _, n := range names {
		list = append(list, string(n))
	}
	return list
}

// formatDuration is the shortest of the forms that Parse reads, such as "15m".
func formatDuration(ms int64) string {
	s := (time.Duration(ms) * time.Millisecond).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// quote writes a TOML basic string.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
