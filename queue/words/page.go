package words

import (
	"strings"

	"eliminacode/queue"
)

// TotemOpens says on the button of a totem when a closed service opens again
// today; empty is not any more.
func (t *Tongue) TotemOpens(hour string) string {
	if hour == "" {
		return t.Say("totem.closed")
	}
	return t.Say("totem.opens", "hour", hour)
}

// Waiting is how many wait for a service, on the button of a totem.
func (t *Tongue) Waiting(n int) string {
	if n == 0 {
		return t.Say("totem.nobody")
	}
	return t.Say("totem.waiting", "count", n)
}

// TotemTicket tells the holder of a number that a totem or a button gave what to
// do about the paper. where is the outlet whose printer it comes out of, or
// empty when that is the one where the number was asked for.
func (t *Tongue) TotemTicket(ticket *queue.Ticket, where string) string {
	onPaper := ticket.Paper == queue.PaperRequested || ticket.Paper == queue.PaperPrinted
	switch {
	case ticket.State == queue.Cancelled && ticket.Why == "not-printed":
		return t.Say("totem.not-printed")
	case ticket.State == queue.Cancelled:
		return t.Say("totem.cancelled")
	case onPaper && where != "":
		return t.Say("totem.collect-at", "outlet", where)
	case onPaper:
		return t.Say("totem.collect")
	case ticket.Paper == queue.Paperless:
		return t.Say("totem.note")
	default:
		return t.Say("totem.note-if")
	}
}

// PhoneTicket is what the page behind a ticket's code says of its state. ahead
// is how many will be called before a ticket that waits.
func (t *Tongue) PhoneTicket(s queue.TicketState, ahead int) string {
	switch s {
	case queue.Waiting:
		return t.Say("phone.waiting", "ahead", t.Ahead(ahead))
	case queue.Cancelled:
		return t.Say("totem.cancelled")
	default:
		return t.ifAny("phone", string(s))
	}
}

// Ahead is how many people stand before the holder of a ticket.
func (t *Tongue) Ahead(n int) string {
	return slipText{languages: []*catalogue{t.citizens}}.ahead(n)
}

// PhoneWhy says why the place of a ticket that waits is what it is, in one sentence
// that tells of nobody's class: it was put back, no desk calls for its service, or
// neither.
func (t *Tongue) PhoneWhy(returned, unserved bool) string {
	switch {
	case returned:
		return t.Say("phone.why-returned")
	case unserved:
		return t.Say("phone.why-no-desk")
	default:
		return t.Say("phone.why")
	}
}

// Estimate is the wait that was promised, less what has passed of it, in milliseconds;
// empty when none was promised, or all of it has passed.
func (t *Tongue) Estimate(p queue.Promise, passedMs int64) string {
	left := queue.Promise{FromMs: max(0, p.FromMs-passedMs), ToMs: p.ToMs - passedMs}
	if p.ToMs <= 0 || left.ToMs <= 0 {
		return ""
	}
	return slipText{languages: []*catalogue{t.citizens}}.promise(left) + "."
}

// SeenOn tells a clerk on how many of the hall's boards a call is painted.
func (t *Tongue) SeenOn(boards, of int) string {
	if of == 0 {
		return t.Say("seen.none")
	}
	seen := t.Say("seen.on", "count", boards, "of", of)
	if boards == of {
		return seen
	}
	return t.Say("seen.some", "seen", seen)
}

// Script are the sentences of the pages' scripts, by the names that the scripts
// know them by; {n} stands for a figure. What has a form of its own for some
// numbers stands again under its name and "-one", "-two", "-few" or "-many".
func (t *Tongue) Script() map[string]string {
	said := map[string]string{
		"failed":      t.Say("refusal.failed"),
		"gone":        t.Say("refusal.no-page"),
		"nobody":      t.Say("totem.nobody"),
		"closed":      t.Say("day.service-closed"),
		"now":         t.Say("format.now"),
		"ago":         t.Say("format.ago", "time", "{n}"),
		"seconds-ago": t.Say("format.ago", "time", "{n} s"),
		"silent":      t.Say("script.silent"),
		"printing":    t.Say("script.printing"),
		"your-number": t.Say("script.your-number"),
		"wait":        t.Say("script.wait"),
		"no-ticket":   t.Say("script.no-ticket"),
		"refused":     t.Say("wrong.refused", "fields", "{n}"),
	}
	for name, id := range map[string]string{"waiting": "totem.waiting", "days-ago": "format.days-ago"} {
		m := t.counted[id]
		for form, text := range map[string]string{"": m.Other, "-one": m.One, "-two": m.Two, "-few": m.Few, "-many": m.Many} {
			if text != "" {
				said[name+form] = strings.ReplaceAll(text, "{count}", "{n}")
			}
		}
	}
	return said
}
