package words

import "eliminacode/queue"

// ClockTrouble is what the staff read while the clock cannot be relied on: it
// shows what cannot be, or nobody has said since the start that it is right. ok
// is false when there is nothing to say.
func (t *Tongue) ClockTrouble(doubtful, sure bool) (text FaultText, ok bool) {
	switch {
	case doubtful:
		return t.fault("day", "clock-wrong", ""), true
	case !sure:
		return t.fault("day", "clock-unsure", ""), true
	default:
		return FaultText{}, false
	}
}

// ClockNote says whether the box's clock can be relied on.
func (t *Tongue) ClockNote(synced, sure, doubtful bool) string {
	switch {
	case doubtful:
		return t.Say("day.clock-note-wrong")
	case synced:
		return t.Say("day.clock-note-synced")
	case sure:
		return t.Say("day.clock-note-sure")
	default:
		return t.Say("day.clock-note-unsure")
	}
}

// Suspended is what boards and totems say while the office is suspended, by
// the code of its reason.
func (t *Tongue) Suspended(why string) string {
	if text := t.ifAny("day", "suspended-"+why); text != "" {
		return text
	}
	return t.Say("day.suspended")
}

// Halted is what the hall reads while the box refuses every command.
func (t *Tongue) Halted() string { return t.Say("alarm.halted") }

// OpensAt says when the office opens, and ClosedAt when it has closed; hour is
// such as "08:15".
func (t *Tongue) OpensAt(hour string) string  { return t.Say("day.opens-at", "hour", hour) }
func (t *Tongue) ClosedAt(hour string) string { return t.Say("day.closed-at", "hour", hour) }

// ClosedToday says that the office does not open today, and why, if that is
// known.
func (t *Tongue) ClosedToday(why string) string {
	if why == "" {
		return t.Say("day.closed-today")
	}
	return t.Say("day.closed-today-why", "why", why)
}

// ServiceOpens says when a closed service opens again today; empty is not any
// more.
func (t *Tongue) ServiceOpens(hour string) string {
	if hour == "" {
		return t.Say("day.service-closed")
	}
	return t.Say("day.service-opens", "hour", hour)
}

// Stopped is why a service gives no more tickets, in a word for the staff.
func (t *Tongue) Stopped(s queue.Stop) string {
	switch {
	case !s.Stopped:
		return t.Say("day.service-open")
	case s.Why == queue.WhyLastTicket:
		return t.Say("day.service-full")
	default:
		return t.Say("day.service-stopped")
	}
}

// Contact is the word for what somebody came to the reception for.
func (t *Tongue) Contact(c queue.Contact) string { return t.oneOf("contact", string(c), "any") }
