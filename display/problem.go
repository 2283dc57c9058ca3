package display

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"eliminacode/queue"
	"eliminacode/queue/words"

	"errors"
)

// A problem is an error of the API as RFC 9457 has it.
type problem struct {
	Type   string `json:"type"` // "/problems/" and a stable code
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"` // a sentence for the person, that ends in Do
	Do     string `json:"do"`     // what to do; never empty
	Code   string `json:"code"`
}

// problem answers an error: as JSON to programs, as a small page to people.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, status int, code, detail string) {
	if strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, "/ws") {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		_, do, both := strings.Cut(detail, ": ")
		if !both {
			do = detail
		}
		_ = json.NewEncoder(w).Encode(problem{
			Type: "/problems/" + code, Title: http.StatusText(status), Status: status, Detail: detail, Do: do, Code: code,
		})
		return
	}
	name := "error"
	if strings.HasPrefix(r.URL.Path, "/b/") {
		// A citizen's phone: no way leads from there to the staff's pages.
		name = "phone-error"
	}
	p := s.page("Non riuscito", name)
	p.View = detail
	p.status = status
	s.render(w, p)
}

// refuse answers an error of the office.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, code, detail := s.explain(err)
	if errors.Is(err, errFull) || errors.Is(err, errBusy) {
		// Whoever is refused for want of room keeps no connection either.
		w.Header().Set("Connection", "close")
	}
	s.problem(w, r, status, code, detail)
}

// explain is the status, the code and the sentence of an error. A fault that
// is no refusal is logged, since nobody else will tell of it.
func (s *Server) explain(err error) (status int, code, detail string) {
	switch {
	case errors.Is(err, errNoPage):
		return http.StatusNotFound, "no-page", "Questa pagina non c'è: torni all'elenco delle pagine e scelga di nuovo."
	case errors.Is(err, errNoTicket):
		return http.StatusNotFound, "no-ticket", "Questo biglietto non è di oggi: per informazioni si rivolga all'accoglienza."
	case errors.Is(err, errBadBody):
		return http.StatusBadRequest, "bad-body", "La richiesta non è valida: ricarichi la pagina e riprovi."
	case errors.Is(err, errFull):
		return http.StatusServiceUnavailable, "full", "Ci sono troppe pagine collegate: ne chiuda qualcuna e riprovi."
	case errors.Is(err, errBusy):
		return http.StatusTooManyRequests, "busy", "Da qui arrivano troppe richieste insieme: aspetti qualche secondo e riprovi."
	case errors.Is(err, errManyTickets):
		return http.StatusTooManyRequests, "many-tickets", "Da qui sono stati chiesti troppi biglietti: aspetti un minuto e riprovi; quelli usciti per gioco si annullano dall'accoglienza."
	case errors.Is(err, context.Canceled):
		// Who asked has hung up and reads no answer.
		return http.StatusServiceUnavailable, words.RefusalCode(err), words.Refusal(err)
	case !words.IsRefusal(err):
		s.log.Error("carrying out a request", "err", err)
		return http.StatusInternalServerError, words.RefusalCode(err), words.Refusal(err)
	case errors.Is(err, queue.ErrNotStored):
		// The engine tells the log that the disk takes nothing.
		status = http.StatusServiceUnavailable
	case errors.Is(err, queue.ErrBadCommand), errors.Is(err, queue.ErrBadSetup):
		status = http.StatusBadRequest
	case errors.Is(err, queue.ErrUnknownTicket), errors.Is(err, queue.ErrUnknownDesk),
		errors.Is(err, queue.ErrUnknownService), errors.Is(err, queue.ErrUnknownOutlet):
		status = http.StatusNotFound
	case errors.Is(err, queue.ErrTooManyPresses), errors.Is(err, queue.ErrResting), errors.Is(err, queue.ErrTooSoon):
		status = http.StatusTooManyRequests
	default:
		status = http.StatusConflict
	}
	return status, words.RefusalCode(err), words.Refusal(err)
}
