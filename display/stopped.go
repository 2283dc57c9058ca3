package display

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"eliminacode/queue"
)

// A StopFault is one reason why the office is out of service, in the words of the
// box's log, which are English.
type StopFault struct {
	File         string
	Line, Column int    // from 1; 0 where there is no place in the file
	Key          string // such as "printer[2].port"; may be empty
	Problem, Do  string
	Missing      Missing // of an office that is not where it belongs
	// Damaged tells that the office's own data cannot be read; a copy may be put back.
	Damaged bool
}

// Missing is what keeps an office from starting that is not where it belongs. Anybody
// may read it: who could sign in is known where the office is.
type Missing string

// What may be missing; nothing is for faults of files.
const (
	MissingDisk   Missing = "disk"   // that the machine's table has for the data folder
	MissingOffice Missing = "office" // in the data folder
)

// stoppedSeconds is after how many seconds a browser without script looks whether
// the office runs again.
const stoppedSeconds = 10

// stoppedCode is the code of what the addresses of an office out of service say.
const stoppedCode = "office-stopped"

// stoppedRoutes are the addresses of an office that cannot start: what is in the
// hall says so, who signs in reads why.
func (s *Server) stoppedRoutes() []route {
	signIn := s.signInRoutes()
	if s.accountsAway() {
		signIn = nil
	}
	return append(append(signIn, s.copiesRoutes()...),
		route{"GET /{$}", everybody.atHall(), s.getStopped},
		route{"GET /tabellone", everybody.atHall(), s.getStoppedHall},
		route{"GET /totem", everybody.atHall(), s.getStoppedHall},
		route{"GET /ws", everybody.atHall(), s.stoppedSocket},
		route{"POST /lingua", everybody, s.postLanguage},
		route{"GET /privacy", everybody.atHall(), s.getPrivacy},
		route{"GET /accessibilita", everybody.atHall(), s.getAccessibility},
		route{"GET /static/{hash}/{file...}", everybody.atHall(), s.getAsset},
		route{"/", everybody.atHall(), s.stoppedElsewhere},
	)
}

// accountsAway tells that nobody can sign in because the office is not where it belongs,
// as on a disk that is not mounted: its accounts may be whole, and nothing of them is
// said to be damaged.
func (s *Server) accountsAway() bool {
	_, lost := s.cfg.Access.(LostAccess)
	faults := s.cfg.stopped()
	return lost && len(faults) > 0 && faults[0].Missing != ""
}

// A stoppedPage says that the office is out of service, and to who may mend it why.
type stoppedPage struct {
	Faults  []StopFault
	Missing Missing
	Damaged bool // it is the office's data
	PutBack bool // who reads this may put a copy back here
	// SignedIn tells that the visitor is somebody; Full that this address has the
	// page where one signs in.
	SignedIn, Full bool
}

func (s *Server) getStopped(w http.ResponseWriter, r *http.Request) {
	v := s.visitor(r)
	view := stoppedPage{SignedIn: len(v.Roles) > 0, Full: full(r) || s.cfg.StaffPort != ""}
	faults := s.cfg.stopped()
	if len(faults) > 0 {
		view.Missing, view.Damaged = faults[0].Missing, faults[0].Damaged
	}
	if full(r) && setters.allows(v) {
		view.Faults, view.PutBack = faults, view.Damaged && s.cfg.Copies != nil
	}
	s.showStopped(w, r, "stopped", view)
}

func (s *Server) getStoppedHall(w http.ResponseWriter, r *http.Request) {
	s.showStopped(w, r, "stopped-hall", nil)
}

func (s *Server) showStopped(w http.ResponseWriter, r *http.Request, name string, view any) {
	p := s.page(r, name)
	p.View, p.Theme, p.status = view, theme(r, "scuro"), http.StatusServiceUnavailable
	p.Refresh, p.Again = stoppedSeconds, r.URL.RequestURI()
	// Pages that were open take this for an answer to show, unlike that of a box
	// that has no room.
	w.Header().Set("Retry-After", strconv.Itoa(stoppedSeconds))
	s.render(w, r, p)
}

// stoppedElsewhere answers every other address: pages with the page that says it,
// all else with its sentence.
func (s *Server) stoppedElsewhere(w http.ResponseWriter, r *http.Request) {
	read := r.Method == http.MethodGet || r.Method == http.MethodHead
	if read && !strings.HasPrefix(r.URL.Path, "/api/") && !strings.HasPrefix(r.URL.Path, "/b/") {
		s.getStopped(w, r)
		return
	}
	w.Header().Set("Retry-After", strconv.Itoa(stoppedSeconds))
	s.problem(w, r, http.StatusServiceUnavailable, stoppedCode)
}

// stoppedSocket keeps the websocket of any page, which hears from it that another
// program answers and loads itself anew.
func (s *Server) stoppedSocket(w http.ResponseWriter, r *http.Request) {
	r = r.Clone(r.Context())
	r.URL.RawQuery = "page=pulse"
	s.hub.socket(w, r)
}

// A stoppedEngine has no office, and carries nothing out.
type stoppedEngine struct {
	state *queue.State
	now   func() queue.Now
}

func newStoppedEngine(now func() queue.Now) (stoppedEngine, error) {
	state, err := queue.FoldSeq(func(func(queue.Event, error) bool) {})
	return stoppedEngine{state, now}, err
}

func (e stoppedEngine) Do(context.Context, queue.Command) (*queue.State, []queue.Event, error) {
	return nil, nil, queue.ErrNoSetup
}

func (e stoppedEngine) Watch() (*queue.State, <-chan struct{}) { return e.state, nil }

func (e stoppedEngine) Now() queue.Now { return e.now() }

// NewStopped is the web face of an office that cannot start, for as long as it
// cannot. Faults tells why, as it is now. Of cfg it takes who may come in, the
// names and ports, the build and the log; now is the box's clock.
func NewStopped(cfg Config, now func() queue.Now, faults func() []StopFault) (*Server, error) {
	engine, err := newStoppedEngine(now)
	if err != nil {
		return nil, err
	}
	cfg.Engine, cfg.stopped = engine, faults
	// Every page that was open loads itself anew, and again when the office runs.
	cfg.Edition = "stopped"
	return New(cfg)
}
