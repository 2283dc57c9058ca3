package words

// A FaultText says what is wrong with a device and what to do about it.
type FaultText struct {
	What string // such as "Carta esaurita"
	Do   string // such as "Metta un rotolo nuovo e chiuda il coperchio."
}

// faults is the table from the code of a fault to its words. The codes are
// those that devices and outlets report.
var faults = map[string]FaultText{
	"paper-out":      {"Carta esaurita", "Metta un rotolo nuovo e chiuda il coperchio."},
	"paper-low":      {"Carta in esaurimento", "Tenga pronto un rotolo nuovo."},
	"cover-open":     {"Coperchio aperto", "Chiuda il coperchio della stampante."},
	"cutter":         {"Taglierina bloccata", "Spenga la stampante, tolga la carta inceppata e riaccenda."},
	"head-hot":       {"Testina troppo calda", "Aspetti qualche minuto: riprende da sola."},
	"ticket-in-exit": {"Biglietto non ritirato", "Tolga il biglietto dall'uscita della stampante."},
	"offline":        {"Stampante fuori linea", "Controlli carta e coperchio, poi prema il tasto di avanzamento."},
	"error":          {"Guasto della stampante", "Spenga e riaccenda la stampante; se continua, chiami il tecnico."},
	"silent":         {"Non risponde", "Controlli cavo e alimentazione, poi spenga e riaccenda."},
	"unplugged":      {"Non collegato", "Controlli il cavo e l'alimentazione."},
	"stuck":          {"Pulsante bloccato", "Controlli che nulla lo tenga premuto; se continua, chiami il tecnico."},
	"denied":         {"Accesso negato", "Chiami il tecnico: al programma manca un permesso."},
	"in-use":         {"Usato da un altro programma", "Chiami il tecnico."},
	"line-busy":      {"Stampante che non accetta dati", "Controlli carta e coperchio, poi spenga e riaccenda."},
	"misread":        {"Risposte incomprensibili", "Chiami il tecnico: velocità o cavo non sono giusti."},
	"wrong-path":     {"Non è l'apparecchio giusto", "Chiami il tecnico: il percorso nelle impostazioni è di un altro apparecchio."},
	"late":           {"Stampa non partita in tempo", "Controlli che la stampante sia accesa e abbia carta."},
	"not-started":    {"Stampa non partita in tempo", "Controlli che la stampante sia accesa e abbia carta."},
	"stopped":        {"Stampante ferma", "Controlli carta, coperchio e taglierina."},
	"too-long":       {"Biglietto troppo lungo", "Chieda al responsabile di accorciare i testi del biglietto."},
	"unknown":        {"Esito sconosciuto", "Guardi se il biglietto è uscito."},
	"unconfirmed":    {"La stampante non dà conferme", "Guardi se il biglietto è uscito."},
	"not-wired":      {"Nessuna stampante collegata qui", "Chiami il tecnico: manca nelle impostazioni."},
	"restart":        {"In verifica dopo il riavvio", "Aspetti qualche secondo."},
	"starting":       {"In avvio", "Aspetti qualche secondo."},
	"no-board":       {noBoard, "Apra la pagina del tabellone sul televisore della sala."},
	"board-behind":   {"Non mostra le ultime chiamate", "Controlli che il televisore sia acceso e la pagina in primo piano."},
	"board-mute":     {"Senza suono", "Tocchi o faccia clic una volta sulla pagina del tabellone."},
}

// Fault is the text for a fault's code. An unknown code gets a general text,
// since a person must always learn what to do.
func Fault(code string) FaultText {
	if f, ok := faults[code]; ok {
		return f
	}
	return FaultText{What: "Fuori servizio", Do: "Spenga e riaccenda; se continua, chiami il tecnico."}
}

// OutletSign is what an outlet that cannot print tells the citizen, by the
// code of its fault. screen tells that numbers can be given without paper.
func OutletSign(code string, screen bool) string {
	what := Fault(code).What
	if screen {
		return what + ": il numero appare sullo schermo, lo annoti o lo fotografi."
	}
	return what + ": chieda il biglietto all'accoglienza."
}

// PaperAt says where a slip comes out, when that is not where its number was
// asked for.
func PaperAt(outlet string) string { return "Esce dalla stampante «" + outlet + "»." }

// MovedSign is what the outlet where a number was asked for says of a slip that
// comes out elsewhere.
func MovedSign(number, outlet string) string {
	return number + ": ritiri il biglietto alla stampante «" + outlet + "»."
}

// SpareSign tells the staff what helps out while a printer cannot print.
func SpareSign(outlet string) string {
	return "Intanto i biglietti dell'accoglienza e quelli non usciti escono dalla stampante «" + outlet + "»."
}

// DeviceState is the word for a device's health.
func DeviceState(state string) string {
	switch state {
	case "ready":
		return "funziona"
	case "degraded":
		return "da controllare"
	case "stopped":
		return "fermo"
	case "lost":
		return "non collegato"
	default:
		return "in verifica"
	}
}
