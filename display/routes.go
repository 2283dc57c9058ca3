package display

import (
	"net/http"
	"slices"
	"strings"

	"eliminacode/display/access"
)

// A route is one address of the server.
type route struct {
	pattern string // method and path, as http.ServeMux reads them
	who     who
	do      http.HandlerFunc
}

// who says which visitors may use an address, and at which port.
type who struct {
	// roles may use it, each of them; nil is whoever reaches the port.
	roles []access.Role
	// hall tells that the address is at the port of the hall too, which is plain
	// HTTP and has nothing for the staff but what stands on a screen.
	hall bool
	// topic tells that the page in the address says who may see it: see
	// topic.who.
	topic bool
}

// only are visitors with one of the roles.
func only(roles ...access.Role) who { return who{roles: roles} }

// atHall is the same at the port of the hall too.
func (w who) atHall() who { w.hall = true; return w }

var (
	everybody = who{}
	// Of people who have an account.
	staff     = only(access.PeopleRoles()...)
	desks     = only(access.Clerk, access.BackOffice)
	reception = only(access.Reception)
	// Who helps people in the hall.
	attendants = only(access.Attendant)
	manager    = only(access.Manager)
	reports    = only(access.Manager, access.Quality)
	devices    = only(access.Manager, access.Technician)
	// Of the box itself, and what its devices wrote.
	technicians = only(access.Technician)
	// What happens at each desk is for nobody who only reads reports.
	streamReaders = only(access.Manager, access.Technician)
	// Of what the office is; who makes the first accounts makes the first office.
	setters = only(access.Manager, access.Technician, access.Administrator)
	// Of the screens in the hall, and of who looks after them.
	boards = only(access.Board, access.Manager, access.Technician).atHall()
	totems = only(access.Totem, access.Manager, access.Technician).atHall()
	voting = only(access.Voting, access.Manager, access.Technician).atHall()
	// Who sets the clock is who may be asked whether it is right.
	clockSetters = only(access.Clerk, access.BackOffice, access.Reception, access.Attendant, access.Manager, access.Technician, access.Administrator)
)

// rehearsers may use what a rehearsal has in the place of hardware: whoever may see a
// demonstration, and everybody where a first run is rehearsed, since the code of the
// first administrator comes out of its printer.
func (s *Server) rehearsers() who {
	if s.cfg.Demo == nil && s.cfg.Presses != nil {
		return everybody
	}
	return staff
}

// routes is every address of the server, once.
func (s *Server) routes() []route {
	if s.cfg.stopped != nil {
		return s.stoppedRoutes()
	}
	all := []route{
		{"GET /{$}", staff, s.getIndex},
		{"GET /tabellone", boards, s.getBoard},
		{"GET /suoni/{clip}", boards, s.getSound},
		{"GET /totem", totems, s.getTotem},
		{"POST /totem", totems, s.form(nil, s.atTotem, append([]string{"outlet", "request"}, modesKept...)...)},
		{"GET /voto", voting, s.getVoting},
		{"GET /cruscotto", desks, s.getDesks},
		{"GET /cruscotto/{desk}", desks, s.getConsole},
		{"POST /cruscotto/{desk}", desks, s.postConsole},
		{"GET /accoglienza", reception, s.getReception},
		{"POST /accoglienza", reception, s.form(s.getReception, s.atReception, "q", "pratica")},
		{"GET " + heldPage + "{ticket}", reception, s.getHeld},
		{"GET /commessi", attendants, s.getAttendant},
		{"GET /accoglienza/blocchi", reception, s.getBlocks},
		{"POST /accoglienza/blocchi", reception, s.form(s.getBlocks, s.atBlock)},
		{"GET /accoglienza/blocchi/{id}", reception, s.getBlock},
		{"GET /responsabile", manager, s.getManager},
		{"POST /responsabile", manager, s.form(s.getManager, s.atManager)},
		{"GET /responsabile/sportelli", manager, s.getProfiles},
		{"POST /responsabile/sportelli", manager, s.form(s.getProfiles, s.atManager)},
		{"GET /responsabile/chiamate", manager, s.getCalls},
		{"GET /responsabile/apparecchi", devices, s.getDevices},
		{"POST /orologio", clockSetters, s.form(nil, s.atClock)},
		{"POST /lingua", everybody, s.postLanguage},
		{"GET /b/{token}", everybody.atHall(), s.getPhone},
		{"POST /b/{token}", everybody.atHall(), s.postPhone},
		{"GET /b/{token}" + phoneStream, everybody.atHall(), s.getPhoneStream},
		{"GET /privacy", everybody.atHall(), s.getPrivacy},
		{"GET /accessibilita", everybody.atHall(), s.getAccessibility},
		{"GET /attese", everybody.atHall(), s.getWaits},
		{"GET /api/v1/open/queues.json", everybody.atHall(), s.openData("application/json", writeOpenJSON)},
		{"GET /api/v1/open/queues.csv", everybody.atHall(), s.openData("text/csv; charset=utf-8", writeOpenCSV)},
		{"GET /api/v1/open/queue-monitors.jsonld", everybody.atHall(), s.openData("application/ld+json", writeMonitors)},

		{"GET /api/v1/{$}", everybody, s.getAPI},
		{"GET /api/v1/openapi.json", everybody, s.getDocument},
		{"GET /api/v1/state/{page}", who{topic: true, hall: true}, s.apiState},

		{"GET /ws", who{topic: true, hall: true}, s.hub.socket},
		{"GET /static/{hash}/{file...}", everybody.atHall(), s.getAsset},
		{"/", everybody.atHall(), s.noPage},
	}
	if s.cfg.Events != nil {
		all = append(all,
			route{"GET /api/v1/events", streamReaders, s.getEvents},
			route{"GET /api/v1/events/ws", streamReaders, s.getEventsSocket},
		)
	}
	all = append(all, s.procedureRoutes()...)
	if s.cfg.Reports != nil {
		all = append(all,
			route{"GET /responsabile/attese", reports, s.getReport},
			route{"GET /responsabile/attese.csv", reports, s.getReportCSV},
			route{"GET /responsabile/esiti.csv", reports, s.getToldCSV},
			route{"GET /responsabile/contatti.csv", reports, s.getContactsCSV},
		)
	}
	if s.cfg.Trial != nil {
		all = append(all, route{"POST /responsabile/apparecchi", devices, s.postDevices})
	}
	if s.cfg.Technician != nil {
		all = append(all,
			route{"GET " + technicianHome, technicians, s.getTechnician},
			route{"POST " + technicianHome, technicians, s.long(s.postTechnician)},
			route{"GET " + copyFile, technicians, s.long(s.getCopyFile)},
		)
	}
	all = append(all, s.signInRoutes()...)
	if s.cfg.Setups != nil {
		all = append(all,
			route{"GET /impostazioni", setters, s.getSetup},
			route{"GET /impostazioni/servizio-temporaneo", setters, s.getTemporary},
			route{"POST /impostazioni/servizio-temporaneo", setters, s.inDraft(s.postTemporary)},
			route{"GET /impostazioni/programmate", setters, s.getPlanned},
			route{"POST /impostazioni/programmate", setters, s.postPlanned},
			route{"GET /impostazioni/{section}", setters, s.getSetupSection},
			route{"POST /impostazioni/{section}", setters, s.inDraft(s.postSetupSection)},
			route{"GET /impostazioni/{section}/{item}", setters, s.getSetupSection},
			route{"POST /impostazioni/{section}/{item}", setters, s.inDraft(s.postSetupSection)},
			route{"GET /impostazioni/effetto", setters, s.getSetupEffect},
			route{"POST /impostazioni/effetto", setters, s.postSetupEffect},
			route{"GET /impostazioni/storia", setters, s.getSetupHistory},
			route{"POST /impostazioni/storia", setters, s.postSetupHistory},
			route{"GET /impostazioni/biglietto/{service}", setters, s.getSlip},
			route{"GET /impostazioni/ufficio.toml", setters, s.getSetupFile},
			route{"POST /impostazioni/ufficio.toml", setters, s.postSetupFile},
		)
	}
	all = append(all, s.copiesRoutes()...)
	if s.cfg.Walk != nil {
		all = append(all,
			route{"GET " + walkHome, setters, s.getWalk},
			route{"POST " + walkHome, setters, s.postWalk},
		)
	}
	if s.cfg.Open {
		all = append(all, route{"POST /demo/ruolo", everybody, s.postRole})
	}
	if s.cfg.Presses != nil {
		all = append(all, route{"GET /demo/pulsanti", s.rehearsers(), s.getButtons})
	}
	if s.cfg.Papers != nil {
		all = append(all,
			route{"GET /demo/carta", s.rehearsers(), s.getPapers},
			route{"GET /demo/carta/{png}", s.rehearsers(), s.getPaper},
			route{"POST /demo/carta", s.rehearsers(), s.form(s.getPapers, s.atDemo)},
			route{"POST /demo/pulsanti", s.rehearsers(), s.form(s.getButtons, s.atDemo)},
		)
	}
	all = slices.Concat(all, s.accountRoutes(), s.hookRoutes(), s.operations.all)
	for i, one := range all {
		if one.pattern == "GET /ws" {
			all[i].do = s.asked(one.pattern, one.do)
		} else if strings.HasPrefix(one.pattern, "GET /api/v1/") {
			all[i].do = s.asked(one.pattern, s.bare(one.do))
		} else if _, path, _ := strings.Cut(one.pattern, " "); strings.HasPrefix(path, "/api/v1/") {
			all[i].do = s.asked(one.pattern, one.do)
		}
	}
	return all
}

// signInRoutes are the addresses where people come in and go.
func (s *Server) signInRoutes() []route {
	if s.cfg.Access == nil {
		return nil
	}
	all := []route{
		{"GET /accesso", everybody, s.getSignIn},
		{"POST /accesso", everybody, s.postSignIn},
		{"POST /uscita", everybody, s.postSignOut},
		{"GET /primo-accesso", everybody, s.getCode},
		{"POST /primo-accesso", everybody, s.postCode},
		{"GET /codice", everybody, s.getCode},
		{"POST /codice", everybody, s.postCode},
		{"GET /mio-accesso", staff, s.getOwnSecret},
		{"POST /mio-accesso", staff, s.postOwnSecret},
	}
	if s.cfg.Provider != nil {
		all = append(all,
			route{"GET /accesso/ente", everybody, s.getProvider},
			route{"GET " + ReturnPath, everybody, s.getReturn},
		)
	}
	return all
}
