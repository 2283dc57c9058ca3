package words

import "fmt"

// A ReportGrouping is a way to group the rows of the report of waits.
type ReportGrouping struct {
	By     string // as package waiting names it
	Name   string // to choose it by
	Column string // the heading above the groups
}

// ReportGroupings are those of the report's page, in its order.
func (t *Tongue) ReportGroupings() []ReportGrouping {
	var all []ReportGrouping
	for _, by := range []string{"hour", "day", "service", "group"} {
		all = append(all, ReportGrouping{By: by, Name: t.Say("report.by-" + by), Column: t.ReportColumn(by)})
	}
	return all
}

// ReportColumn is the heading above the groups of a grouping.
func (t *Tongue) ReportColumn(by string) string { return t.ifAny("report", "column-"+by) }

// ReportHeadings are those of the figures in the report as plain text.
var ReportHeadings = []string{
	"Visite", "Passaggi", "Serviti", "Non pres.", "Trasf.", "Annull.", "Scaduti", "Aperti",
	"Att. media", "Mediana", "90%", "su", "Entro std", "su", "Avvicin.", "su", "Servizio", "su", "Inferiti",
}

// ReportToldHeadings are those of what was told, in the report as plain text.
var ReportToldHeadings = []string{
	"Servizi", "Rilasciato", "Back office", "Incompleto", "Altro sport.", "Non ind.",
	"Cittadini", "Imprese", "Associaz.", "Enti", "Non ind.",
}

// ReportContactsHeadings are those of the contacts without a ticket, in the report as
// plain text.
var ReportContactsHeadings = []string{
	"Senza numero", "Informazione", "Modulistica", "Esposto", "Prot. semplice", "Doc. mancante",
}

// Rows of the report that have no name of their own: legs that no desk called,
// desks that are in no group, rows of too few desks, and all together.
const (
	ReportMerged  = "(uniti, meno di 3 sportelli)"
	ReportTotal   = "Totale"
	ReportNoDesk  = "(nessuno sportello)"
	ReportNoGroup = "(senza gruppo)"
)

// ReportTitle stands above the report as plain text, a few lines. FewDesks tells
// that something is left out since fewer than three desks worked, or the day goes on;
// inferredFew is the legs of which it is not told whether they were inferred.
func ReportTitle(from, to string, visits, days, leftOut int, fewDesks bool, inferredFew int) string {
	title := fmt.Sprintf("Attese dal %s al %s. Visite: %d. Giorni: %d.\n", from, to, visits, days)
	if leftOut > 0 {
		title += fmt.Sprintf("Passaggi inferiti lasciati fuori: %d.\n", leftOut)
	}
	if fewDesks {
		title += "Ciò che parla degli sportelli si legge a giornata chiusa, e di un giorno solo dove ne hanno lavorato almeno 3: direbbe altrimenti come lavora una persona.\n" +
			"Mancano lì i tempi di avvicinamento e di servizio e gli esiti; le attese ci sono tutte.\n"
	}
	if inferredFew > 0 {
		title += fmt.Sprintf("Di %d passaggi non si legge se sono inferiti, né l'avvicinamento, e non si lasciano fuori: direbbe come lavora lo sportello con il tastierino, o quello senza.\n", inferredFew) +
			"Si legge a giornata chiusa, con le righe per giorno, dei giorni in cui almeno 3 sportelli ne hanno e almeno 3 no; ovunque, dei giorni in cui nessuno sportello ne ha o ne hanno solo di inferiti.\n"
	}
	return title
}
