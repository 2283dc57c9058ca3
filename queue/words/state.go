package words

import "eliminacode/queue"

// Removed is the name of a service or the label of a desk that was taken away and
// is there only until those who still wait have gone.
func (t *Tongue) Removed(name string) string { return t.Say("setup.removed", "name", name) }

// TicketState is the word for where a ticket stands.
func (t *Tongue) TicketState(s queue.TicketState) string {
	return t.oneOf("ticket", string(s), "unknown")
}

// Paper is the word for what became of a ticket's paper.
func (t *Tongue) Paper(p queue.PaperState) string {
	return t.oneOf("ticket", "paper-"+string(p), "paper-any")
}

// CancelReason is the word for why a ticket was cancelled.
func (t *Tongue) CancelReason(code string) string {
	return t.oneOf("ticket", "cancel-"+code, "cancel-any")
}

// Class is the word for the right by which a ticket waits, for the staff only;
// it is empty for an ordinary one.
func (t *Tongue) Class(c queue.Class) string { return t.ifAny("ticket", "class-"+string(c)) }

// Cause is the word for what made something happen.
func (t *Tongue) Cause(k queue.CauseKind) string { return t.oneOf("cause", string(k), "any") }

// DeskName is a desk by its label, such as "Sportello 3".
func (t *Tongue) DeskName(label string) string { return t.Say("desk.name", "label", label) }

// Desk is the word for the state of a desk.
func (t *Tongue) Desk(d queue.DeskState) string {
	switch {
	case !d.Open:
		return t.Say("desk.closed")
	case d.Paused:
		return t.Say("desk.paused")
	case d.Ticket != 0:
		return t.Say("desk.busy")
	default:
		return t.Say("desk.free")
	}
}

// Reason is one sentence on why a number was called: the rule, how long the
// ticket had waited, and the number that it went before, if any.
func (t *Tongue) Reason(r queue.Reason, number, passed string) string {
	why := t.rule(r)
	if r.WaitedMs > 0 {
		why = t.Say("reason.waited", "why", why, "time", t.Duration(r.WaitedMs))
	}
	if passed == "" {
		return t.Say("reason.plain", "number", number, "why", why)
	}
	return t.Say("reason.before", "number", number, "passed", passed, "why", why)
}

// rule is the rule of a reason in words, with what it took into account.
func (t *Tongue) rule(r queue.Reason) string {
	switch {
	case r.Rule == queue.RuleReturned && r.Turn == queue.TurnAlone:
		return t.Say("rule.returned-alone")
	case r.Rule == queue.RulePriority:
		return t.precedence(r)
	case r.Rule == queue.RuleOverdue && r.Bound:
		return t.Say("rule.overdue-bound")
	case r.Rule == queue.RuleFirstCome:
		return t.Say("rule.oldest")
	default:
		return t.oneOf("rule", string(r.Rule), "any")
	}
}

// precedence is why it was the turn of a ticket with priority.
func (t *Tongue) precedence(r queue.Reason) string {
	switch r.Turn {
	case queue.TurnAlone:
		return t.Say("rule.priority-alone")
	case queue.TurnEarlier:
		return t.Say("rule.priority-earlier")
	default:
		return t.Say("rule.priority-ratio", "ratio", r.Ratio)
	}
}

// Role is the name of a role of staff by its code, as access.Role has it; the
// code of one that has none.
func (t *Tongue) Role(code string) string {
	if name := t.ifAny("role", code); name != "" {
		return name
	}
	return code
}

// Right is the name of what a person may beside the roles, by its code.
func (t *Tongue) Right(code string) string {
	if name := t.ifAny("role", "right-"+code); name != "" {
		return name
	}
	return code
}
