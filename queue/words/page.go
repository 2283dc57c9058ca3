package words

import (
	"cmp"

	"eliminacode/queue"
)

// What the pages of the hall and of the staff say of the day.
const (
	NotSetUp      = "L'ufficio non è ancora configurato: chiami il tecnico."
	DayNotOpen    = "La giornata non è ancora aperta: attenda; se l'avviso resta, chieda all'accoglienza."
	NoMoreTickets = "Non si danno più biglietti: chi è in attesa viene servito."
)

// OpensAt says when the office opens, and ClosedAt when it has closed; hour is
// such as "08:15".
func OpensAt(hour string) string  { return "L'ufficio apre alle " + hour + "." }
func ClosedAt(hour string) string { return "L'ufficio ha chiuso alle " + hour + "." }

// ClosedToday says that the office does not open today, and why, if that is
// known.
func ClosedToday(why string) string {
	if why == "" {
		return "Oggi l'ufficio è chiuso."
	}
	return "Oggi l'ufficio è chiuso: " + why + "."
}

// ServiceOpens says when a closed service opens again today; empty is not any
// more.
func ServiceOpens(hour string) string {
	if hour == "" {
		return "chiuso"
	}
	return "apre alle " + hour
}

// TotemOpens is the same on the button of a totem.
func TotemOpens(hour string) string {
	if hour == "" {
		return "Chiuso per oggi"
	}
	return "Apre alle " + hour
}

const (
	nobodyWaiting = "Nessuno in attesa"
	areWaiting    = " in attesa"
)

// Waiting is how many wait for a service, on the button of a totem.
func Waiting(n int) string {
	if n == 0 {
		return nobodyWaiting
	}
	return Count(n) + areWaiting
}

// DeskName is a desk by its label, such as "Sportello 3".
func DeskName(label string) string { return "Sportello " + label }

const ticketCancelled = "Il biglietto è stato annullato: si rivolga all'accoglienza."

// TotemTicket tells the holder of a number that a totem or a button gave what to
// do about the paper. where is the outlet whose printer it comes out of, or
// empty when that is the one where the number was asked for.
func TotemTicket(t *queue.Ticket, where string) string {
	onPaper := t.Paper == queue.PaperRequested || t.Paper == queue.PaperPrinted
	switch {
	case t.State == queue.Cancelled && t.Why == "not-printed":
		return "Il biglietto non è stato stampato: si rivolga all'accoglienza."
	case t.State == queue.Cancelled:
		return ticketCancelled
	case onPaper && where != "":
		return "Ritiri il biglietto alla stampante «" + where + "»"
	case onPaper:
		return "Ritirare il biglietto"
	case t.Paper == queue.Paperless:
		return "Annoti o fotografi il numero: qui non viene stampato"
	default:
		return "Se il biglietto non è uscito, annoti il numero"
	}
}

// PhoneTicket is what the page behind a ticket's code says of its state. ahead
// is how many will be called before a ticket that waits.
func PhoneTicket(s queue.TicketState, ahead int) string {
	if s == queue.Waiting {
		return "In attesa. " + Ahead(ahead) + "."
	}
	return phoneTicket[s]
}

var phoneTicket = map[queue.TicketState]string{
	queue.Called:    "È il suo turno: vada allo sportello.",
	queue.Serving:   "In servizio.",
	queue.Parked:    "La pratica è sospesa: attenda in sala, l'operatore la riprenderà.",
	queue.Served:    "Servizio concluso. Grazie.",
	queue.NoShow:    "È stato chiamato e non si è presentato: si rivolga all'accoglienza.",
	queue.Cancelled: ticketCancelled,
	queue.Expired:   "L'ufficio ha chiuso e il biglietto è scaduto: torni in orario di apertura e prenda un nuovo numero.",
}

const noBoard = "Nessun tabellone collegato"

// SeenOn tells a clerk on how many of the hall's boards a call is painted.
func SeenOn(boards, of int) string {
	if of == 0 {
		return noBoard + ": chiami il numero a voce."
	}
	seen := "Visto su " + counted(int64(boards), "tabellone", "tabelloni") + " su " + Count(of)
	if boards == of {
		return seen
	}
	return seen + ": attenda o chiami a voce."
}

// The devices that are pages of ours.
const (
	Boards    = "Tabelloni"
	Connected = "Collegato"
)

// BoardName is a board by its name, or by its address when it has none.
func BoardName(name string) string { return "Tabellone " + name }

// ScreenName is the screen of an outlet.
func ScreenName(outlet string) string { return "Schermo " + outlet }

// MoreBoards are the boards that a list has no room for, and that they are
// connected.
func MoreBoards(n int) (name, state string) {
	return "Altri " + Count(n) + " tabelloni", "collegati"
}

// keys are what is written on the keys of a clerk's keypad, by their code.
var keys = map[string]string{
	"next": "AVANTI", "recall": "RICHIAMA", "no-show": "NON PRESENTATO", "start": "INIZIO",
	"finish": "CHIUDI", "transfer": "TRASFERISCI", "pause": "PAUSA", "enter": "INVIO", "clear": "CANCELLA",
}

// Key is what is written on a key, or the code of one that has no writing.
func Key(code string) string {
	if text, ok := keys[code]; ok {
		return text
	}
	return code
}

// Script are the sentences of the pages' scripts, by the names that the scripts
// know them by; {n} stands for a figure.
func Script() map[string]string {
	return map[string]string{
		"silent":      "L'apparecchio non risponde: aspetti qualche secondo e riprovi.",
		"failed":      failed.sentence,
		"gone":        sentences["no-page"],
		"printing":    "In stampa.",
		"nobody":      nobodyWaiting,
		"waiting":     "{n}" + areWaiting,
		"closed":      "chiuso",
		"your-number": "Il suo numero",
		"wait":        "Attendere…",
		"no-ticket":   "Nessun biglietto",
		"now":         justNow,
		"ago":         "{n}" + past,
		"seconds-ago": "{n} s" + past,
		"day-ago":     "1 giorno" + past,
		"days-ago":    "{n} giorni" + past,
	}
}

// roles are the names of the roles of staff, as access.Role has their codes.
var roles = map[string]string{
	"clerk":         "Operatore",
	"reception":     "Accoglienza",
	"attendant":     "Commesso",
	"manager":       "Responsabile",
	"quality":       "Ufficio qualità",
	"back-office":   "Back office",
	"technician":    "Tecnico",
	"administrator": "Amministratore",
}

// Role is the name of a role of staff by its code; the code of one that has none.
func Role(code string) string { return cmp.Or(roles[code], code) }
