package display

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"

	"github.com/alexedwards/scs/v2"
)

// A Server is the web face of one office.
type Server struct {
	cfg      Config
	log      *slog.Logger
	hosts    map[string]bool
	origins  []string // of the pages under the configured names
	assets   assets
	pages    map[pageIn]func() (*template.Template, error)
	who      map[string]who // may use an address, by its pattern
	bounds   Bounds
	askers   *accounts
	sessions *scs.SessionManager // of people; nil when Open
	hub      *hub
	streams  *streams
	phones   *phones
	open     openFigures
	// operations are the typed calls of the API.
	operations *operations
	handler    http.Handler // of every address
	hall       http.Handler // of those of the hall alone

	zones     sync.Map   // IANA name to *time.Location
	drafting  sync.Mutex // held while somebody's draft of the office is written
	profiling sync.Mutex // held while a desk's profile is changed on top of the one that is so
}

const (
	defaultWriteTimeout = 5 * time.Second
	// readTimeout is how long a request may take to come, body and all.
	readTimeout = 15 * time.Second
)

// New checks the configuration and reads the embedded pages. It starts
// nothing.
func New(cfg Config) (*Server, error) {
	if cfg.Engine == nil {
		return nil, ErrNoEngine
	}
	if cfg.Access == nil && !cfg.Open || cfg.TLS != nil && cfg.Open {
		return nil, ErrNoAccess
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Papers == nil && cfg.Demo != nil {
		cfg.Papers = cfg.Demo
	}
	if cfg.Presses == nil && cfg.Demo != nil {
		cfg.Presses = cfg.Demo
	}
	if cfg.Token == nil {
		cfg.Token = func() string { return "" }
	}
	if cfg.Alarms == nil {
		cfg.Alarms = func() []string { return nil }
	}
	if cfg.Rate == nil {
		cfg.Rate = func() float64 { return 1 }
	}
	if cfg.Zone == nil {
		cfg.Zone = time.LoadLocation
	}
	if cfg.WriteTimeout <= 0 {
		cfg.WriteTimeout = defaultWriteTimeout
	}
	s := &Server{cfg: cfg, log: cfg.Log, hosts: map[string]bool{"localhost": true}, bounds: cfg.Bounds.filled()}
	s.askers = newAccounts(s.bounds)
	if cfg.Access != nil {
		s.sessions = newSessions(cfg.Access)
	}
	for _, h := range cfg.Hosts {
		s.hosts[hostName(h)] = true
		for _, scheme := range []string{"http://", "https://"} {
			s.origins = append(s.origins, scheme+strings.ToLower(h))
		}
	}
	var err error
	if s.assets, err = newAssets(); err != nil {
		return nil, fmt.Errorf("reading what pages are made of: %w", err)
	}
	s.pages = s.embeddedPages()
	s.hub, s.streams, s.phones = newHub(s), newStreams(s), newPhones(s)
	s.operations = newOperations(s)
	s.who = map[string]who{}
	for _, one := range s.routes() {
		s.who[one.pattern] = one.who
	}
	s.handler, s.hall = s.guard(s.mux(false)), s.guard(s.mux(true))
	return s, nil
}

// Handler answers every address to this machine, over plain HTTP too, and those
// of the hall alone to any other, through a proxy as well. The hub serves its pages once
// Run is called.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if full(r) {
			s.handler.ServeHTTP(w, r)
		} else {
			s.hall.ServeHTTP(w, r)
		}
	})
}

// full tells that a request comes by a way that has every page: from this machine
// itself, or under TLS.
func full(r *http.Request) bool {
	return underTLS(r) || ipOf(r.RemoteAddr).IsLoopback() && !forwarded(r)
}

// Run keeps the pages fresh until ctx ends, and returns when every websocket
// has ended.
func (s *Server) Run(ctx context.Context) error { return s.hub.run(ctx) }

// Serve is Run together with a web server on two ports, whose listeners it
// closes. On plain, which is HTTP, all pages are for this machine, and those of
// the hall for every other; on secure, under Config.TLS, all pages are for every
// machine. Secure may be nil. It returns nil after an orderly stop.
func (s *Server) Serve(ctx context.Context, plain, secure net.Listener) error {
	listeners := []net.Listener{newBoundedListener(plain, s.bounds.Connections)}
	if secure != nil {
		listeners = append(listeners, tls.NewListener(newBoundedListener(secure, s.bounds.Connections), s.cfg.TLS))
	}
	web := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       readTimeout,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ConnState:         keepBusy,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	hubEnded := make(chan error, 1)
	go func() { hubEnded <- s.hub.run(ctx) }()
	webEnded := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() {
			if err := web.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				webEnded <- fmt.Errorf("serving pages on %s: %w", l.Addr(), err)
				return
			}
			webEnded <- nil
		}()
	}
	var all []error
	select {
	case err := <-webEnded:
		all = append(all, err)
		_ = web.Close()
	case <-ctx.Done():
		stop, done := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer done()
		if web.Shutdown(stop) != nil {
			// Somebody reads a page very slowly; the office does not wait.
			_ = web.Close()
		}
	}
	for len(all) < len(listeners) {
		all = append(all, <-webEnded)
	}
	cancel()
	return errors.Join(append(all, <-hubEnded)...)
}

// look is the office as it is now.
func (s *Server) look() view.Look {
	state, _ := s.cfg.Engine.Watch()
	return s.lookAt(state)
}

// officeTime is what a right clock on the office's wall shows, in its zone: what people
// read, and what is compared with the office's days. How long something takes, and until
// when something of the box itself is good, goes by time.Now.
func (s *Server) officeTime() time.Time {
	l := s.look()
	return timeOf(l, l.State.OfficeTime(l.Now))
}

func (s *Server) lookAt(state *queue.State) view.Look {
	return view.Look{State: state, Now: s.cfg.Engine.Now(), Zone: s.zone(state.Setup().Office.Zone), Alarms: s.cfg.Alarms(), DeskLimitMs: s.deskLimitMs(), Tongue: officeTongue(state.Setup())}
}

// zone is a time zone by name, found once. An unknown one is UTC, as the
// calendar has it.
func (s *Server) zone(name string) *time.Location {
	if z, ok := s.zones.Load(name); ok {
		return z.(*time.Location)
	}
	z, err := s.cfg.Zone(name)
	if err != nil || z == time.Local {
		if name != "" {
			s.log.Warn("unknown time zone, showing UTC", "zone", name)
		}
		z = time.UTC
	}
	s.zones.Store(name, z)
	return z
}

// devices are what the box has, and the hall displays beside it.
func (s *Server) devices(tongue *words.Tongue) []view.Device {
	var list []view.Device
	if s.cfg.Devices != nil {
		list = append(list, s.cfg.Devices(tongue)...)
	}
	state, _ := s.cfg.Engine.Watch()
	list = append(list, s.hub.totems(state, tongue)...)
	list = append(list, s.hub.screens(tongue)...)
	// By the office's clock: the box's own may show any year.
	officeTime := state.OfficeTime(s.cfg.Engine.Now())
	for _, d := range list {
		if h := d.Health; h != nil && h.Seen {
			h.AtMs = officeTime - int64(float64(h.AgoMs)*s.cfg.Rate())
		}
	}
	return list
}
