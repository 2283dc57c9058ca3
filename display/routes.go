package display

import "net/http"

// routes is every address of the server, once.
func (s *Server) routes() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /{$}", s.getIndex)
	m.HandleFunc("GET /tabellone", s.getBoard)
	m.HandleFunc("GET /totem", s.getTotem)
	m.HandleFunc("POST /totem", s.form(s.atTotem, "outlet"))
	m.HandleFunc("GET /cruscotto", s.getDesks)
	m.HandleFunc("GET /cruscotto/{desk}", s.getConsole)
	m.HandleFunc("POST /cruscotto/{desk}", s.postConsole)
	m.HandleFunc("GET /accoglienza", s.getReception)
	m.HandleFunc("POST /accoglienza", s.form(s.atReception, "q"))
	m.HandleFunc("GET /responsabile", s.getManager)
	m.HandleFunc("GET /responsabile/chiamate", s.getCalls)
	m.HandleFunc("GET /responsabile/apparecchi", s.getDevices)
	m.HandleFunc("POST /orologio", s.form(s.atClock))
	m.HandleFunc("GET /b/{token}", s.getPhone)
	if s.cfg.Reports != nil {
		m.HandleFunc("GET /responsabile/attese", s.getReport)
		m.HandleFunc("GET /responsabile/attese.csv", s.getReportCSV)
	}
	if s.cfg.Demo != nil {
		m.HandleFunc("GET /demo/pulsanti", s.getButtons)
	}
	if s.cfg.Papers != nil {
		m.HandleFunc("GET /demo/carta", s.getPapers)
		m.HandleFunc("GET /demo/carta/{png}", s.getPaper)
		m.HandleFunc("POST /demo/carta", s.form(s.atDemo))
		m.HandleFunc("POST /demo/pulsanti", s.form(s.atDemo))
		m.HandleFunc("POST /api/v1/demo/{action}", s.api(s.atDemo))
	}

	m.HandleFunc("GET /api/v1/state/{page}", s.apiState)
	m.HandleFunc("POST /api/v1/desks/{desk}/{action}", s.api(s.atDesk))
	m.HandleFunc("POST /api/v1/reception/{action}", s.api(s.atReception))
	m.HandleFunc("POST /api/v1/clock/{action}", s.api(s.atClock))
	if s.cfg.Trial != nil {
		m.HandleFunc("POST /responsabile/apparecchi", s.postDevices)
		m.HandleFunc("POST /api/v1/devices/{action}", s.apiDevices)
	}
	m.HandleFunc("POST /api/v1/totem/{outlet}/tickets", s.api(s.atTotem))

	m.HandleFunc("GET /ws", s.hub.socket)
	m.Handle("GET /static/{hash}/{file...}", s.assets)
	m.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, errNoPage) })
	return m
}
