package display

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"eliminacode/display/access"
)

// deskLimitMs is how long a desk may be on one number until the manager's page
// marks it; 0 where the office has not switched that on.
func (s *Server) deskLimitMs() int64 {
	if s.cfg.Administration == nil {
		return 0
	}
	return int64(s.cfg.Administration.DeskAlert().Minutes) * time.Minute.Milliseconds()
}

// An alertPage is where the manager switches the alert of desks on and off.
type alertPage struct {
	On     access.DeskAlert // the zero value while it is off
	Form   access.DeskAlert
	Faults faults
}

func (alertPage) Grounds() []string { return access.AlertGrounds() }
func (alertPage) Bases() []string   { return access.AlertBases() }
func (alertPage) Least() int        { return access.AlertLeast }
func (alertPage) Most() int         { return access.AlertMost }

func (s *Server) getAlert(w http.ResponseWriter, r *http.Request) {
	s.showAlert(w, r, access.DeskAlert{}, nil)
}

func (s *Server) showAlert(w http.ResponseWriter, r *http.Request, typed access.DeskAlert, wrong faults) {
	p := s.page(r, "alert").flash(r).faulty(wrong)
	p.View = alertPage{s.cfg.Administration.DeskAlert(), typed, wrong}
	s.render(w, r, p)
}

// postAlert switches the alert on with what the law asks first, or off.
func (s *Server) postAlert(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if f["azione"] == "off" {
		s.backTo(w, r, "/responsabile/avviso", "alert-off", s.clearAlert(r))
		return
	}
	minutes, _ := strconv.Atoi(f["minuti"]) // 0 is refused as out of range
	a := access.DeskAlert{Minutes: minutes, Ground: f["motivo"], Basis: f["base"], Reference: strings.TrimSpace(f["estremi"]), Informed: f["informati"] != ""}
	err = s.setAlert(r, a)
	if wrong := fieldFaults(s.tongueOf(r), err); len(wrong) > 0 {
		s.showAlert(w, r, a, wrong)
		return
	}
	s.backTo(w, r, "/responsabile/avviso", "alert-on", err)
}

// setAlert switches the alert on.
func (s *Server) setAlert(r *http.Request, a access.DeskAlert) error {
	return s.cfg.Administration.SetDeskAlert(time.Now(), s.visitor(r).By(access.Manager), a)
}

// clearAlert switches it off.
func (s *Server) clearAlert(r *http.Request) error {
	return s.cfg.Administration.ClearDeskAlert(time.Now(), s.visitor(r).By(access.Manager))
}
