package words

import "eliminacode/queue"

// ClockTrouble is what the staff read while the clock cannot be relied on: it
// shows what cannot be, or nobody has said since the start that it is right. ok
// is false when there is nothing to say.
func ClockTrouble(doubtful, sure bool) (text FaultText, ok bool) {
	switch {
	case doubtful:
		return FaultText{
			"L'orologio dell'apparecchio è sbagliato.",
			"I biglietti si danno comunque e nessuno scade; ora e data non valgono. Se questo computer ha l'ora giusta, prema «Usa l'ora di questo computer».",
		}, true
	case !sure:
		return FaultText{
			"L'ora non è confermata.",
			"Dall'accensione nessuno ha detto che ora è: guardi data e ora in alto a destra e prema il tasto giusto.",
		}, true
	default:
		return FaultText{}, false
	}
}

// Suspended is what boards and totems say while the office is suspended, by
// the code of its reason.
func Suspended(why string) string {
	const wait = ": attendere, i numeri restano validi."
	switch why {
	case queue.WhyAlarm:
		return "Ufficio sospeso per allarme: seguire le indicazioni del personale."
	case queue.WhyAssembly:
		return "Ufficio sospeso per assemblea" + wait
	case queue.WhyBlackout:
		return "Ufficio sospeso per mancanza di corrente" + wait
	case queue.WhyFault:
		return "Ufficio sospeso per un guasto" + wait
	case queue.WhyIllness:
		return "Ufficio sospeso per un soccorso: lasciare libero il passaggio, i numeri restano validi."
	default:
		return "Ufficio sospeso" + wait
	}
}

// SuspensionReason is the word for why the office is suspended.
func SuspensionReason(code string) string {
	switch code {
	case queue.WhyAlarm:
		return "allarme"
	case queue.WhyAssembly:
		return "assemblea"
	case queue.WhyBlackout:
		return "mancanza di corrente"
	case queue.WhyFault:
		return "guasto"
	case queue.WhyIllness:
		return "soccorso a una persona"
	default:
		return "altro motivo"
	}
}

// StopReason is the word for why somebody stopped a service.
func StopReason(code string) string {
	switch code {
	case "staff":
		return "manca personale"
	case queue.WhyFault:
		return "guasto"
	case "crowd":
		return "troppe persone in attesa"
	default:
		return "altro motivo"
	}
}

// PauseReason is the word for why a desk is on a pause.
func PauseReason(code string) string {
	switch code {
	case "break":
		return "pausa"
	case "meeting":
		return "riunione"
	case "back-office":
		return "back office"
	case "helping":
		return "aiuto a un collega"
	default:
		return "altro motivo"
	}
}

// Stopped is why a service gives no more tickets, in a word for the staff.
func Stopped(s queue.Stop) string {
	switch {
	case !s.Stopped:
		return "aperto"
	case s.Why == queue.WhyLastTicket:
		return "chiuso: chi attende riempie il tempo che resta"
	default:
		return "chiuso dal responsabile"
	}
}

// Contact is the word for what somebody came to the reception for.
func Contact(c queue.Contact) string {
	switch c {
	case queue.ContactInformation:
		return "informazioni"
	case queue.ContactForms:
		return "modulistica"
	case queue.ContactComplaint:
		return "reclamo"
	case queue.ContactRegistration:
		return "registrazione semplice"
	case queue.ContactIncomplete:
		return "documento mancante"
	default:
		return "altro contatto"
	}
}

// ClockNote says whether the box's clock can be relied on.
func ClockNote(synced, sure, doubtful bool) string {
	switch {
	case doubtful:
		return "sbagliato: lo imposti"
	case synced:
		return "sincronizzato"
	case sure:
		return "confermato"
	default:
		return "non confermato"
	}
}
