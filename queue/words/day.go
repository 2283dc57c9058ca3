package words

import "eliminacode/queue"

// ClockDoubtful is what the staff are told while the day has no sure date.
const ClockDoubtful = "L'orologio non è affidabile: i biglietti si danno comunque; controlli data e ora e scelga «usa l'ora di questo computer»."

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

// ClockNote says whether the box's clock can be believed.
func ClockNote(synced, doubtful bool) string {
	switch {
	case doubtful:
		return "non affidabile"
	case synced:
		return "sincronizzato"
	default:
		return "non sincronizzato"
	}
}
