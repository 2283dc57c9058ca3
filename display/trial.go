package display

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"eliminacode/queue"
)

// trialWait bounds a PROVA: a slip that is under way before it is waited for.
const trialWait = 25 * time.Second

// trialCodes are the outcomes of a PROVA.
var trialCodes = map[queue.PaperState]string{
	queue.PaperPrinted: "trial-printed", queue.PaperFailed: "trial-failed",
}

// deviceAct prints a PROVA and answers the code of what became of it.
func (s *Server) deviceAct(ctx context.Context, action string, f fields) (code string, err error) {
	if action != "trial" {
		return "", fmt.Errorf("%w: no action %q of a device", errNoPage, action)
	}
	if s.cfg.Trial == nil {
		return "", errNoPrinters
	}
	outlet := queue.OutletID(f["outlet"])
	state, _ := s.cfg.Engine.Watch()
	// Before there is an office the settings alone know where a printer stands.
	if _, _, ok := state.Outlet(outlet); !ok && state.HasSetup() {
		return "", fmt.Errorf("%w: %q", queue.ErrUnknownOutlet, outlet)
	}
	ctx, cancel := context.WithTimeout(ctx, trialWait)
	defer cancel()
	paper, err := s.cfg.Trial(ctx, outlet)
	if err != nil {
		s.log.Warn("a trial slip was not printed", "outlet", outlet, "paper", paper, "err", err)
	}
	if code, ok := trialCodes[paper]; ok {
		return code, nil
	}
	return "trial-unknown", nil
}

func (s *Server) postDevices(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	code, err := s.deviceAct(r.Context(), f["action"], f)
	extra := url.Values{}
	if code == "trial-failed" {
		extra.Set("rifiuto", "1")
	}
	s.back(w, r, "/responsabile/apparecchi", extra, code, err)
}

// errNoPrinters: the box has no printer at all, so no PROVA comes out of one.
var errNoPrinters = errors.New("no printer is connected")

// errTrialFailed: the printer said that a PROVA did not come out.
var errTrialFailed = errors.New("trial slip was not printed")

// atDevices is what a program asks of a device. A PROVA that failed is a refusal.
func (s *Server) atDevices(r *http.Request, f fields) (outcome, error) {
	code, err := s.deviceAct(r.Context(), actionOf(r, f), f)
	if err == nil && code == "trial-failed" {
		err = errTrialFailed
	}
	return outcome{code: code}, err
}
