package words

// The codes of what can be wrong with the box as a whole.
const (
	AlarmNotStored     = "not-stored"     // the disk takes nothing: every command is refused
	AlarmDiskHangs     = "disk-hangs"     // the disk does not answer: every command waits
	AlarmJournalBroken = "journal-broken" // what is on disk is not what was written
)

var alarms = map[string]FaultText{
	AlarmNotStored: {
		"L'apparecchio non riesce a salvare.",
		"Non si danno biglietti e non si chiama nessuno finché il disco è pieno: avvisi subito il tecnico.",
	},
	AlarmDiskHangs: {
		"Il disco non risponde.",
		"Biglietti e chiamate attendono che risponda: non prema più volte; se dura più di un minuto avvisi subito il tecnico.",
	},
	AlarmJournalBroken: {
		"I dati sul disco sono rovinati.",
		"Si può lavorare, ma i numeri e i rapporti potrebbero essere sbagliati: avvisi oggi stesso il tecnico, che legga «eliminacode check».",
	},
}

// Alarm is what the staff read of an alarm, by its code. An unknown code gets
// a general text, since a person must always learn what to do.
func Alarm(code string) FaultText {
	if a, ok := alarms[code]; ok {
		return a
	}
	return FaultText{What: "L'apparecchio ha un guasto.", Do: "Avvisi il tecnico, che legga «eliminacode check»."}
}

// Halted is what the hall reads while the box refuses every command.
const Halted = "Il servizio è fermo per un guasto: attenda le indicazioni del personale."
