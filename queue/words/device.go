package words

import (
	"fmt"
	"strings"
)

// deviceKinds are the words for the kinds of devices.
var deviceKinds = map[string]string{
	"printer": "stampante", "buttons": "pulsanti", "keypad": "tastierino", "lamp": "spia",
	"panel": "display numerico", "board": "tabellone", "totem": "totem",
}

// DeviceKind is the word for a kind of device.
func DeviceKind(kind string) string {
	if w, ok := deviceKinds[kind]; ok {
		return w
	}
	return "apparecchio"
}

// lights are the words for what the lamp of a button says.
var lights = map[string]string{
	"off": "chiuso", "ready": "pronto", "busy": "attendere", "fault": "fuori servizio", "beep": "un segnale", "error": "rifiuto",
}

// Lamp is the word for what the lamp of a button says: "off", "ready", "busy",
// "fault", "beep" or "error".
func Lamp(light string) string { return lights[light] }

// rungs say how a printer confirms tickets, by the name of its rung.
var rungs = map[string]string{
	"process-id": "Conferma ogni biglietto con il suo codice.", "executed": "Conferma ogni biglietto dopo il taglio.",
	"clean": "Si giudica dallo stato prima e dopo il biglietto.", "none": "Non dà conferme: guardi se il biglietto è uscito.",
}

// Rung says how a printer confirms tickets; empty while that is not known.
func Rung(rung string) string { return rungs[rung] }

// DeviceSummary says how many of the devices work.
func DeviceSummary(all, working int) string {
	switch {
	case all == 0:
		return "Nessun apparecchio configurato."
	case working == all:
		return "Tutti gli apparecchi funzionano: " + fmt.Sprint(all) + "."
	case all-working == 1:
		return fmt.Sprintf("Un apparecchio su %d è da guardare: è il primo della lista.", all)
	default:
		return fmt.Sprintf("%d apparecchi su %d sono da guardare: sono i primi della lista.", all-working, all)
	}
}

const (
	justNow = "adesso"
	past    = " fa"
)

// Ago is how long ago something was, in short: "adesso", "3 s fa",
// "12 min fa", "1 h 05 min fa", "3 giorni fa".
func Ago(ms int64) string {
	switch s := ms / 1000; {
	case s < 1:
		return justNow
	case s < 60:
		return fmt.Sprintf("%d s", s) + past
	case s < 86_400:
		return Wait(ms) + past
	default:
		return counted(s/86_400, "giorno", "giorni") + past
	}
}

// Metres is a length of paper, such as "12,4 m".
func Metres(mm int) string {
	return strings.Replace(fmt.Sprintf("%.1f m", float64(mm)/1000), ".", ",", 1)
}
