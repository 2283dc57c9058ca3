package display

import "net/http"

// routes is every address of the server, once.
func (s *Server) routes() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /{$}", s.getIndex)
	m.HandleFunc("GET /tabellone", s.getBoard)
	m.HandleFunc("GET /totem", s.getTotem)
	m.HandleFunc("POST /totem", s.postTotem)
	m.HandleFunc("GET /cruscotto", s.getDesks)
	m.HandleFunc("GET /cruscotto/{desk}", s.getConsole)
	m.HandleFunc("POST /cruscotto/{desk}", s.postConsole)
	m.HandleFunc("GET /accoglienza", s.getReception)
	m.HandleFunc("POST /accoglienza", s.postReception)
	m.HandleFunc("GET /responsabile", s.getManager)
	m.HandleFunc("GET /responsabile/chiamate", s.getCalls)
	m.HandleFunc("GET /responsabile/apparecchi", s.getDevices)
	m.HandleFunc("POST /orologio", s.postClock)
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
		m.HandleFunc("POST /demo/{page}", s.postDemo)
		m.HandleFunc("POST /api/v1/demo/{action}", s.apiDemo)
	}

	m.HandleFunc("GET /api/v1/state/{page}", s.apiState)
	m.HandleFunc("POST /api/v1/desks/{desk}/{action}", s.apiDesk)
	m.HandleFunc("POST /api/v1/reception/{action}", s.apiReception)
	m.HandleFunc("POST /api/v1/clock/{action}", s.apiClock)
	if s.cfg.Trial != nil {
		m.HandleFunc("POST /responsabile/apparecchi", s.postDevices)
		m.HandleFunc("POST /api/v1/devices/{action}", s.apiDevices)
	}
	m.HandleFunc("POST /api/v1/totem/{outlet}/tickets", s.apiTotem)

	m.HandleFunc("GET /ws", s.hub.socket)
	m.Handle("GET /static/{hash}/{file...}", s.assets)
	m.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, errNoPage) })
	return m
}
