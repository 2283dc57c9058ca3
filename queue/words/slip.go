package words

import (
	"fmt"
	"time"

	"eliminacode/queue"
)

// A SlipText is what stands on a ticket, in words only, from top to bottom.
// Empty fields take no paper.
type SlipText struct {
	Header  []string // the body and the office
	Date    string   // when it was issued, such as "martedì 24 novembre 2026, 10:31"
	Service string
	Caption string // above the number
	Number  string
	Mark    string   // "RISTAMPA" or "PROVA"; printed reversed
	Facts   []string // people ahead, estimated wait, where to go
	Notes   []string // what happens to who comes late, priority, free text
}

// The marks of a slip that is not a first, real ticket.
const (
	MarkReprint = "RISTAMPA"
	MarkTest    = "PROVA"
)

// The notes that stand on every ticket.
const (
	LateRule     = "Dopo 2 chiamate senza risposta si rivolga all'accoglienza."
	PriorityNote = "Appuntamenti e precedenze possono passare prima."
)

// Slip is the text of a ticket that issued at that time, in the office's own
// zone, tells its holder. It never says the class of the ticket. A job after
// the first is marked as a reprint.
func Slip(office queue.Office, service queue.Service, t queue.Ticket, issued time.Time) SlipText {
	s := SlipText{
		Header:  header(office),
		Date:    DateClock(issued),
		Service: service.Name,
		Caption: "Il suo numero",
		Number:  t.Number.Text,
		Facts:   []string{Ahead(t.Ahead)},
		Notes:   []string{LateRule, PriorityNote},
	}
	if t.Job > 1 {
		s.Mark = MarkReprint
	}
	if wait := Promise(t.Promise); wait != "" {
		s.Facts = append(s.Facts, wait)
	}
	if office.Place != "" {
		s.Facts = append(s.Facts, office.Place)
	}
	if office.Note != "" {
		s.Notes = append(s.Notes, office.Note)
	}
	return s
}

// TrialSlip is the text of a test ticket: it has no number and counts nowhere.
func TrialSlip(office queue.Office, printed time.Time) SlipText {
	return SlipText{
		Header:  header(office),
		Date:    DateClock(printed),
		Caption: "Biglietto di prova",
		Mark:    MarkTest,
		Notes:   []string{"àèéìòù €: se queste lettere si leggono bene, la stampante è a posto."},
	}
}

func header(office queue.Office) []string {
	if office.Name == "" {
		return []string{office.Body}
	}
	return []string{office.Body, office.Name}
}

// Ahead is how many people stand before the holder of a ticket.
func Ahead(n int) string {
	switch {
	case n <= 0:
		return "Nessuno davanti a lei"
	case n == 1:
		return "1 persona davanti a lei"
	default:
		return fmt.Sprintf("%d persone davanti a lei", n)
	}
}

// Promise is the estimated wait as an honest range; empty when none was told.
func Promise(p queue.Promise) string {
	if p.ToMs <= 0 {
		return ""
	}
	const step = 5 * 60_000
	from, to := p.FromMs/step*5, (p.ToMs+step-1)/step*5
	if from >= to {
		from = to - 5
	}
	if from <= 0 {
		return fmt.Sprintf("Attesa stimata: meno di %d minuti", to)
	}
	return fmt.Sprintf("Attesa stimata: %d-%d minuti", from, to)
}
