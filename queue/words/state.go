package words

import (
	"fmt"

	"eliminacode/queue"
)

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
	if c == queue.Priority {
		return "precedenza"
	}
	return ""
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
	var why string
	switch r.Rule {
	case queue.RuleTransferred:
		why = "trasferito a questo sportello"
	case queue.RuleOldest:
		why = "in attesa da più tempo"
	case queue.RuleHelp:
		why = "in aiuto, perché nessuno aspetta per i servizi principali"
	case queue.RuleByNumber:
		why = "chiamato fuori ordine dall'operatore"
	case queue.RuleResumed:
		why = "ripreso dopo una sospensione"
	default:
		why = "secondo le regole dell'ufficio"
	}
	before := ""
	if passed != "" {
		before = " prima di " + passed
	}
	if r.WaitedMs <= 0 {
		return fmt.Sprintf("%s%s: %s.", number, before, why)
	}
	return fmt.Sprintf("%s%s: %s (attesa %s).", number, before, why, Duration(r.WaitedMs))
}
