package words

// The codes of what can be wrong with the box as a whole.
const (
	AlarmNotStored     = "not-stored"     // the disk takes nothing: every command is refused
	AlarmDiskHangs     = "disk-hangs"     // the disk does not answer: every command waits
	AlarmJournalBroken = "journal-broken" // what is on disk is not what was written
	AlarmAccessLost    = "access-lost"    // the accounts cannot be read: nobody can sign in
	AlarmAccessRows    = "access-rows"    // some accounts cannot be read: whom they are of cannot come in
	AlarmPagesPort     = "pages-port"     // another program has the port of the pages
	AlarmStaffPort     = "staff-port"     // another program has the port of the staff's pages
)

// Alarm is what the staff read of an alarm, by its code. An unknown code gets
// a general text, since a person must always learn what to do.
func (t *Tongue) Alarm(code string) FaultText { return t.fault("alarm", code, "unknown") }
