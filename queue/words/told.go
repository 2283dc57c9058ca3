package words

import "eliminacode/queue"

// Outcome is the word for what came of a service.
func (t *Tongue) Outcome(o queue.Outcome) string {
	if o == "" {
		return t.Say("told.outcome-none")
	}
	return t.oneOf("told", "outcome-"+string(o), "outcome-any")
}

// Category is the word for who somebody comes for.
func (t *Tongue) Category(c queue.Category) string {
	if c == "" {
		return t.Say("told.category-none")
	}
	return t.oneOf("told", "category-"+string(c), "category-any")
}

// SuspensionReason is the word for why the office is suspended.
func (t *Tongue) SuspensionReason(code string) string {
	return t.oneOf("told", "suspension-"+code, "suspension-any")
}

// StopReason is the word for why somebody stopped a service.
func (t *Tongue) StopReason(code string) string { return t.oneOf("told", "stop-"+code, "stop-any") }

// PauseReason is the word for why a desk is on a pause.
func (t *Tongue) PauseReason(code string) string { return t.oneOf("told", "pause-"+code, "pause-any") }

// Attendance is the word for what became of an appointment; late tells that its
// holder came after the tolerance.
func (t *Tongue) Attendance(s queue.AttendanceState, late bool) string {
	if s == queue.AttendanceCame && late {
		return t.Say("told.attendance-late")
	}
	return t.oneOf("told", "attendance-"+string(s), "attendance-any")
}
