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
	case "alarm":
		return "Ufficio sospeso per allarme: seguire le indicazioni del personale."
	case "assembly":
		return "Ufficio sospeso per assemblea" + wait
	case "blackout":
		return "Ufficio sospeso per mancanza di corrente" + wait
	default:
		return "Ufficio sospeso" + wait
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
