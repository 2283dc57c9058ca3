package words

import (
	"fmt"

	"eliminacode/queue"
)

// Removed is the name of a service or the label of a desk that was taken away and
// is there only until those who still wait have gone.
func Removed(name string) string { return name + " (tolto)" }

// TicketState is the word for where a ticket stands.
func TicketState(s queue.TicketState) string {
	switch s {
	case queue.Waiting:
		return "in attesa"
	case queue.Called:
		return "chiamato"
	case queue.Serving:
		return "in servizio"
	case queue.Parked:
		return "sospeso"
	case queue.Served:
		return "servito"
	case queue.NoShow:
		return "non presentato"
	case queue.Cancelled:
		return "annullato"
	case queue.Expired:
		return "scaduto"
	default:
		return "stato sconosciuto"
	}
}

// Paper is the word for what became of a ticket's paper.
func Paper(p queue.PaperState) string {
	switch p {
	case queue.Paperless:
		return "senza carta"
	case queue.PaperRequested:
		return "in stampa"
	case queue.PaperPrinted:
		return "stampato"
	case queue.PaperFailed:
		return "non stampato"
	case queue.PaperUnknown:
		return "forse non stampato"
	default:
		return "carta sconosciuta"
	}
}

// CancelReason is the word for why a ticket was cancelled.
func CancelReason(code string) string {
	switch code {
	case "citizen":
		return "su richiesta del cittadino"
	case "not-printed":
		return "non stampato"
	case "burst":
		return "emesso per gioco"
	case "mistake":
		return "emesso per errore"
	case "technician":
		return "prova del tecnico"
	case queue.WhyGone:
		return "nessuno lo attendeva più"
	default:
		return "altro motivo"
	}
}

// Desk is the word for the state of a desk.
func Desk(d queue.DeskState) string {
	switch {
	case !d.Open:
		return "chiuso"
	case d.Paused:
		return "in pausa"
	case d.Ticket != 0:
		return "occupato"
	default:
		return "libero"
	}
}

// Class is the word for the right by which a ticket waits, for the staff only;
// it is empty for an ordinary one.
func Class(c queue.Class) string {
	switch c {
	case queue.Priority:
		return "precedenza"
	case queue.Appointment:
		return "appuntamento"
	default:
		return ""
	}
}

// Cause is the word for what made something happen.
func Cause(k queue.CauseKind) string {
	switch k {
	case queue.ByButton:
		return "pulsante"
	case queue.ByTotem:
		return "totem"
	case queue.ByReception:
		return "accoglienza"
	case queue.ByKeypad:
		return "tastierino"
	case queue.ByConsole:
		return "cruscotto"
	case queue.ByManager:
		return "responsabile"
	case queue.ByTechnician:
		return "tecnico"
	case queue.ByPrinter:
		return "stampante"
	case queue.ByAutomatic:
		return "automatico"
	default:
		return "origine sconosciuta"
	}
}

// Reason is one sentence on why a number was called: the rule, how long the
// ticket had waited, and the number that it went before, if any.
func Reason(r queue.Reason, number, passed string) string {
	why := rule(r)
	before := ""
	if passed != "" {
		before = " prima di " + passed
	}
	if r.WaitedMs <= 0 {
		return fmt.Sprintf("%s%s: %s.", number, before, why)
	}
	return fmt.Sprintf("%s%s: %s (attesa %s).", number, before, why, Duration(r.WaitedMs))
}

// rule is the rule of a reason in words, with what it took into account.
func rule(r queue.Reason) string {
	switch r.Rule {
	case queue.RuleTransferred:
		return "trasferito a questo sportello"
	case queue.RuleReturned:
		if r.Turn == queue.TurnAlone {
			return "rimesso in coda, e nessun altro aspetta"
		}
		return "rimesso in coda dopo un'assenza, e le chiamate previste sono passate"
	case queue.RuleAppointment:
		return "appuntamento, ed è la sua ora"
	case queue.RulePriority:
		return precedence(r)
	case queue.RuleOverdue:
		if r.Bound {
			return "oltre l'attesa massima, e già scavalcato due volte"
		}
		return "oltre l'attesa massima del servizio"
	case queue.RuleLongest:
		return "l'attesa più lunga rispetto allo standard"
	case queue.RuleFirstCome, queue.RuleOldest:
		return "in attesa da più tempo"
	case queue.RuleStrict:
		return "primo nell'ordine dei servizi dello sportello"
	case queue.RuleHelp:
		return "in aiuto, perché nessuno aspetta per i servizi principali"
	case queue.RuleByNumber:
		return "chiamato fuori ordine dall'operatore"
	case queue.RuleResumed:
		return "ripreso dopo una sospensione"
	default:
		return "secondo le regole dell'ufficio"
	}
}

// precedence is why it was the turn of a ticket with priority.
func precedence(r queue.Reason) string {
	switch r.Turn {
	case queue.TurnAlone:
		return "precedenza, e nessun altro aspetta"
	case queue.TurnEarlier:
		return "precedenza, e arrivato prima degli altri"
	default:
		return fmt.Sprintf("precedenza 1:%d", r.Ratio)
	}
}
