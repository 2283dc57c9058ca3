package words

import (
	"errors"

	"eliminacode/queue"
)

// A refusal is one answer of the domain that is not a yes.
type refusal struct {
	err      error
	code     string // stable name for programs and addresses of pages
	sentence string
}

// refusals is the one table from a refusal to what a person reads.
var refusals = []refusal{
	{queue.ErrServiceClosed, "service-closed", "Il servizio in questo momento è chiuso: guardi l'orario oppure chieda all'accoglienza."},
	{queue.ErrDayCapReached, "day-cap-reached", "I biglietti di oggi per questo servizio sono finiti: chieda all'accoglienza quando tornare."},
	{queue.ErrBandCapReached, "band-cap-reached", "I biglietti di questa fascia oraria per questo servizio sono finiti: torni nella prossima o chieda all'accoglienza."},
	{queue.ErrQuotaReached, "quota-reached", "I biglietti previsti per questo servizio sono finiti: chieda all'accoglienza."},
	{queue.ErrServiceStopped, "service-stopped", "Per ora non si danno altri biglietti per questo servizio: chieda all'accoglienza."},
	{queue.ErrSuspended, "suspended", "L'ufficio è sospeso: non si emette e non si chiama finché non riprende; segua le indicazioni del personale."},
	{queue.ErrSeriesExhausted, "series-exhausted", "I numeri di oggi per questo servizio sono finiti: si rivolga all'accoglienza."},
	{queue.ErrNoPaper, "no-paper", "Qui non si può stampare: ritiri il biglietto all'accoglienza."},
	{queue.ErrPrinterBehind, "printer-behind", "La stampante ha ancora biglietti da stampare: aspetti qualche secondo e riprovi."},
	{queue.ErrResting, "resting", "Un biglietto è appena uscito: attenda un momento e riprovi."},
	{queue.ErrTooManyPresses, "too-many-presses", "Sono usciti troppi biglietti in un minuto: attenda un minuto e riprovi."},

	{queue.ErrStale, "stale", "Nel frattempo la situazione è cambiata e non è stato fatto nulla: guardi la pagina aggiornata e, se serve, ripeta."},
	{queue.ErrDeskClosed, "desk-closed", "Lo sportello è chiuso o in pausa: lo apra e ripeta."},
	{queue.ErrDeskHasTicket, "desk-has-ticket", "Lo sportello ha ancora un numero in corso: lo chiuda e ripeta."},
	{queue.ErrDeskIdle, "desk-idle", "Allo sportello non c'è nessun numero: prema AVANTI."},
	{queue.ErrWrongState, "wrong-state", "Il biglietto è in un altro stato e non è stato fatto nulla: guardi il suo stato nell'elenco e scelga di nuovo."},
	{queue.ErrTooSoon, "too-soon", "È troppo presto: aspetti qualche secondo e ripeta."},
	{queue.ErrTooLate, "too-late", "È passato troppo tempo e non è stato fatto nulla: se serve, emetta un nuovo biglietto."},
	{queue.ErrReturnedOnce, "returned-once", "Questo numero è già stato rimesso in coda una volta: emetta un nuovo biglietto."},
	{queue.ErrNumberTaken, "number-taken", "Questo numero ora è di un'altra persona: emetta un nuovo biglietto."},
	{queue.ErrUnknownAppointment, "unknown-appointment", "Questo appuntamento non è di oggi: controlli l'agenda e cerchi di nuovo."},
	{queue.ErrAppointmentTaken, "appointment-taken", "In agenda c'è già un altro appuntamento con questo codice: ricarichi l'agenda e ripeta."},
	{queue.ErrAppointmentCancelled, "appointment-cancelled", "Questo appuntamento è stato annullato: emetta un biglietto."},
	{queue.ErrHasAppointment, "has-appointment", "Questo biglietto è di un appuntamento e ha già il suo turno: lo lasci così, sarà chiamato alla sua ora."},
	{queue.ErrOperatorElsewhere, "operator-elsewhere", "Lei risulta già a un altro sportello: chiuda quello e ripeta."},
	{queue.ErrCallsStopped, "calls-stopped", "Le chiamate di oggi sono finite: chi è rimasto si rivolga all'accoglienza."},
	{queue.ErrNotAllowed, "not-allowed", "L'ufficio non lo consente: chieda al responsabile."},

	{queue.ErrNotStored, "not-stored", "L'apparecchio non riesce a salvare e non è stato fatto nulla: il disco è pieno, avvisi subito il tecnico."},

	{queue.ErrUnknownService, "unknown-service", "Questo servizio non c'è più: ricarichi la pagina e scelga di nuovo."},
	{queue.ErrUnknownDesk, "unknown-desk", "Questo sportello non c'è più: torni all'elenco degli sportelli e scelga di nuovo."},
	{queue.ErrUnknownOutlet, "unknown-outlet", "Questo punto di emissione non c'è più: chieda al responsabile di controllare la configurazione."},
	{queue.ErrUnknownTicket, "unknown-ticket", "Questo biglietto non è di oggi: controlli il numero e cerchi di nuovo."},
	{queue.ErrUnknownSeries, "unknown-series", "Questa serie di numeri non c'è più: ricarichi la pagina e scelga di nuovo."},
	{queue.ErrNoSetup, "no-setup", "L'ufficio non è ancora configurato: chieda al responsabile di completare la configurazione."},
	{queue.ErrNoDay, "no-day", "La giornata non è ancora aperta: riprovi fra un minuto; se continua, chiami il tecnico."},
	{queue.ErrBadSetup, "bad-setup", "La configurazione contiene errori: li corregga e la salvi di nuovo."},
	{queue.ErrBadCommand, "bad-command", badRequest},
}

const badRequest = "La richiesta non è valida: ricarichi la pagina e riprovi."

// failed is what is said of a fault that is no refusal of the domain.
var failed = refusal{code: "failed", sentence: "Non è riuscito: riprovi; se continua, chiami il tecnico."}

func refusalOf(err error) refusal {
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			return r
		}
	}
	return failed
}

// Refusal is the sentence for a refusal; any other error gets one sentence
// that gives nothing away. It is empty for nil.
func Refusal(err error) string {
	if err == nil {
		return ""
	}
	return refusalOf(err).sentence
}

// RefusalCode is the stable name of a refusal, such as "service-closed", for
// programs and addresses of pages; "failed" for any other error, and empty for
// nil.
func RefusalCode(err error) string {
	if err == nil {
		return ""
	}
	return refusalOf(err).code
}

// IsRefusal tells whether an error is a normal answer of the domain.
func IsRefusal(err error) bool {
	return err != nil && refusalOf(err).code != failed.code
}

// ByCode is the sentence for a code of RefusalCode or of an outcome; ok is
// false for a code that is in neither table, so that an address can never put
// words of its own on a page.
func ByCode(code string) (sentence string, ok bool) {
	for _, r := range refusals {
		if r.code == code {
			return r.sentence, true
		}
	}
	if code == failed.code {
		return failed.sentence, true
	}
	sentence, ok = sentences[code]
	return sentence, ok
}

// citizens are the sentences for who stands at a totem, or has a phone in the
// hand, where those of the staff send to the technician.
var citizens = map[string]string{
	"not-stored": "Qui ora non si possono dare biglietti: si rivolga all'accoglienza.",
	"no-day":     "La giornata non è ancora aperta: riprovi fra un minuto; se continua, si rivolga all'accoglienza.",
	failed.code:  "Non è riuscito: riprovi; se continua, si rivolga all'accoglienza.",
}

// ToCitizen is ByCode for a citizen, who has no technician to call.
func ToCitizen(code string) (sentence string, ok bool) {
	if sentence, ok = citizens[code]; ok {
		return sentence, true
	}
	return ByCode(code)
}

// sentences are those of the good answers that deserve one, and of what the
// pages themselves refuse before the office is asked.
var sentences = map[string]string{
	"no-page":        "Questa pagina non c'è: torni all'elenco delle pagine e scelga di nuovo.",
	"no-ticket":      "Questo biglietto non è di oggi: per informazioni si rivolga all'accoglienza.",
	"bad-body":       badRequest,
	"full":           "Ci sono troppe pagine collegate: ne chiuda qualcuna e riprovi.",
	"busy":           "Da qui arrivano troppe richieste insieme: aspetti qualche secondo e riprovi.",
	"many-tickets":   "Da qui sono stati chiesti troppi biglietti: aspetti un minuto e riprovi; quelli usciti per gioco si annullano dall'accoglienza.",
	"foreign-origin": "La richiesta viene da un altro sito e non è stata eseguita: apra la pagina da questo indirizzo e ripeta.",
	"foreign-host":   "Questo indirizzo non è di questo apparecchio: usi l'indirizzo indicato dal tecnico.",
	"no-websocket":   "La pagina non può collegarsi da qui: la apra dall'indirizzo di questo apparecchio e la ricarichi.",
	"sign-in":        "Qui serve un accesso: entri con il suo nome e la sua password, e ripeta.",
	"not-yours":      "Questa pagina è per un altro ruolo: torni alle sue pagine, o chieda il ruolo all'amministratore.",
	"bad-date":       "Una delle date non è valida: la scriva come anno, mese e giorno.",
	"backwards":      "La prima data viene dopo la seconda: le scambi.",
	"bad-grouping":   "Questo raggruppamento non c'è: ne scelga uno dall'elenco.",
	"bad-decimals":   "Questo segno dei decimali non c'è: scriva «comma» oppure «point».",

	"nobody-waiting": nobodyWaiting + ": quando arriva qualcuno, prema AVANTI.",
	"called":         "Numero chiamato.",
	"recalled":       "Numero richiamato.",
	"no-show":        "Segnato come non presentato.",
	"started":        "Servizio iniziato.",
	"finished":       "Servizio chiuso.",
	"transferred":    "Biglietto trasferito.",
	"parked":         "Biglietto sospeso: lo riprenda quando la persona torna.",
	"resumed":        "Biglietto ripreso.",
	"clock-set":      "Ora impostata: vale da adesso.",
	"clock-kept":     "Ora confermata.",
	"opened":         "Sportello aperto.",
	"closed":         "Sportello chiuso.",
	"paused":         "Sportello in pausa.",
	"undone":         "Chiamata annullata: il tabellone l'ha tolta.",
	"returned":       "Rimesso in coda: sarà chiamato dopo le prossime chiamate.",
	"put-back":       "Rimesso in coda al suo posto.",
	"reinstated":     "Biglietto ripristinato al suo posto.",
	"booked":         "Appuntamento inserito.",
	"unbooked":       "Appuntamento annullato.",
	"checked-in":     "Accettazione fatta: biglietto emesso.",
	"issued":         "Biglietto emesso.",
	"cancelled":      "Biglietto annullato.",
	"burst":          "Biglietti annullati.",
	"burst-none":     "Nessun biglietto da annullare: la raffica è passata o già annullata.",
	"reprinted":      "Ristampa richiesta.",
	"suspended-now":  "Ufficio sospeso: prema RIPRENDI quando si ricomincia.",
	"resumed-now":    "L'ufficio ha ripreso.",
	"stopped":        "Il servizio non dà altri biglietti: lo riapra quando vuole.",
	"reopened":       "Il servizio dà di nuovo biglietti.",
	"restarted":      "La serie continua dal numero indicato.",
	"contact":        "Contatto registrato.",
	"granted":        "Precedenza data: sarà chiamato fra chi ha la precedenza.",
	"withdrawn":      "Precedenza tolta: sarà chiamato fra gli altri, al suo posto.",
	"category-set":   "Categoria registrata.",
	"trial-printed":  "La PROVA è uscita: guardi che si legga bene e che sia tagliata.",
	"trial-failed":   "La PROVA non è uscita: faccia quello che è scritto accanto alla stampante e riprovi.",
	"trial-unknown":  "Forse la PROVA è uscita: guardi la stampante, e quello che è scritto accanto al suo nome.",
	"done":           "Fatto.",
}
