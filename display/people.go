package display

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/waiting"
	"eliminacode/queue/words"
)

// A memberForm is what can be said of a person, and what of it was refused.
type memberForm struct {
	access.Member
	Faults faults
	// Services are those of the office: a clerk's qualifications.
	Services []serviceChoice
	// Few tells that hardly any clerk at work may serve just these services, so that the
	// profile of a desk would tell who sits there.
	Few bool
	// Provider tells that the body has a sign-in of its own.
	Provider bool
}

// A serviceChoice is a service that a person may serve, or one that the office had
// when it was said of the person.
type serviceChoice struct {
	ID, Name string
	Chosen   bool
}

// The choices of the form.
func (memberForm) AllRoles() []access.Role        { return access.PeopleRoles() }
func (memberForm) AllRights() []access.Right      { return access.Rights() }
func (memberForm) Languages() []queue.Language    { return words.StaffLanguages() }
func (f memberForm) HasRole(r access.Role) bool   { return slices.Contains(f.Roles, r) }
func (f memberForm) HasRight(r access.Right) bool { return slices.Contains(f.Rights, r) }

// withServices is the form with the services to choose from.
func (f memberForm) withServices(t *words.Tongue, setup queue.Setup) memberForm {
	f.Services = nil
	for _, x := range setup.Services {
		f.Services = append(f.Services, serviceChoice{string(x.ID), cmp.Or(x.Names[t.Language()], x.Name), slices.Contains(f.Qualifications, string(x.ID))})
	}
	for _, q := range f.Qualifications {
		if !slices.ContainsFunc(f.Services, func(c serviceChoice) bool { return c.ID == q }) {
			f.Services = append(f.Services, serviceChoice{q, q, true})
		}
	}
	return f
}

// few tells whether so few of the clerks at work have the qualifications of somebody that
// the profile of a desk would tell of them, as reports of so few desks would.
func few(m access.Member, clerks []access.Member) bool {
	if len(m.Qualifications) == 0 {
		return false
	}
	own, alike := slices.Sorted(slices.Values(m.Qualifications)), 0
	for _, x := range clerks {
		if slices.Equal(slices.Sorted(slices.Values(x.Qualifications)), own) {
			alike++
		}
	}
	return alike < waiting.LeastDesks
}

// memberOf is what a form says of a person.
func memberOf(f fields) access.Member {
	version, _ := strconv.ParseUint(f["versione"], 10, 64) // 0 is no version
	return access.Member{
		Login: access.ReadLogin(f["nome"]), Name: strings.TrimSpace(f["persona"]),
		Roles: ticked[access.Role](f["ruolo"]), Rights: ticked[access.Right](f["diritto"]),
		Subject: strings.TrimSpace(f["soggetto"]), Qualifications: ticked[string](f["qualifica"]), Language: queue.Language(f["lingua"]), Version: version,
	}
}

// saidOf puts what is said of a person into an account, which keeps everything else.
func saidOf(said access.Member) func(*access.Member) {
	return func(m *access.Member) {
		m.Login, m.Name, m.Language, m.Subject = said.Login, said.Name, said.Language, said.Subject
		m.Roles, m.Rights, m.Qualifications = said.Roles, said.Rights, said.Qualifications
	}
}

type peoplePage struct {
	Members []access.Member
	Form    memberForm
}

func (s *Server) getPeople(w http.ResponseWriter, r *http.Request) {
	s.showPeople(w, r, memberForm{})
}

func (s *Server) showPeople(w http.ResponseWriter, r *http.Request, form memberForm) {
	form.Provider = s.cfg.Provider != nil
	p := s.page(r, "people").flash(r).faulty(form.Faults)
	p.View = peoplePage{s.cfg.Administration.Members(), form.withServices(p.tongue, s.look().State.Setup())}
	s.render(w, r, p)
}

// postPeople makes an account and shows the code that opens it.
func (s *Server) postPeople(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	m := memberOf(f)
	made, err := s.makeMember(r, m)
	if wrong := fieldFaults(s.tongueOf(r), err); len(wrong) > 0 {
		s.showPeople(w, r, memberForm{Member: m, Faults: wrong})
		return
	}
	if err != nil {
		s.backTo(w, r, "/persone", "", err)
		return
	}
	s.showCode(w, r, made)
}

// makeMember makes an account that fits the office.
func (s *Server) makeMember(r *http.Request, m access.Member) (access.Member, error) {
	if err := s.fits(m, nil); err != nil {
		return access.Member{}, err
	}
	return s.cfg.Administration.MakeMember(time.Now(), s.administrator(r), m)
}

// fits tells what of an account the office does not have: a language of its pages, a
// service that somebody may serve. What the account had before it keeps.
func (s *Server) fits(m access.Member, before []string) error {
	var wrong []error
	if m.Language != "" && !slices.Contains(words.StaffLanguages(), m.Language) {
		wrong = append(wrong, access.FieldError{Field: "language", Err: access.ErrBadValue})
	}
	state, _ := s.cfg.Engine.Watch()
	for _, q := range m.Qualifications {
		if _, known := state.Service(queue.ServiceID(q)); !known && !slices.Contains(before, q) {
			wrong = append(wrong, access.FieldError{Field: "qualifications", Err: access.ErrBadValue})
			break
		}
	}
	return errors.Join(wrong...)
}

// A memberCodePage shows a one-time code, this once.
type memberCodePage struct {
	access.Member
	Code  string
	Until time.Time
}

func (s *Server) showCode(w http.ResponseWriter, r *http.Request, m access.Member) {
	c, err := s.cfg.Administration.NewCode(r.Context(), time.Now(), s.administrator(r), m.ID)
	if err != nil {
		s.backTo(w, r, personPath(m.ID), "", err)
		return
	}
	p := s.page(r, "person-code")
	p.View = memberCodePage{m, access.SpellCode(c.Code), c.Until}
	w.Header().Set("Cache-Control", "no-store")
	s.render(w, r, p)
}

func personPath(id string) string { return "/persone/" + url.PathEscape(id) }

func (s *Server) getPerson(w http.ResponseWriter, r *http.Request) {
	m, err := s.cfg.Administration.Member(r.PathValue("id"))
	if err != nil {
		s.backTo(w, r, "/persone", "", err)
		return
	}
	s.showPerson(w, r, memberForm{Member: m, Few: few(m, s.clerksAtWork())})
}

func (s *Server) showPerson(w http.ResponseWriter, r *http.Request, form memberForm) {
	p := s.page(r, "person").flash(r).faulty(form.Faults)
	form.Provider = s.cfg.Provider != nil
	p.View = form.withServices(p.tongue, s.look().State.Setup())
	s.render(w, r, p)
}

// postPerson changes an account, if nobody else has since the form was shown.
func (s *Server) postPerson(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	old, err := s.cfg.Administration.Member(r.PathValue("id"))
	if err != nil {
		s.backTo(w, r, "/persone", "", err)
		return
	}
	typed, done := memberOf(f), "entry-saved"
	switch f["azione"] {
	case "code":
		s.showCode(w, r, old)
		return
	case "remove":
		err = s.cfg.Administration.RemoveMember(time.Now(), s.administrator(r), old.ID, typed.Version)
		if err == nil {
			s.backTo(w, r, "/persone", "entry-removed", nil)
			return
		}
	case "disable":
		done = "account-off"
		_, err = s.changePerson(r, old.ID, typed.Version, switched(false))
	case "enable":
		done = "account-on"
		_, err = s.changePerson(r, old.ID, typed.Version, switched(true))
	default:
		_, err = s.changePerson(r, old.ID, typed.Version, saidOf(typed))
	}
	if wrong := fieldFaults(s.tongueOf(r), err); len(wrong) > 0 {
		saidOf(typed)(&old)
		s.showPerson(w, r, memberForm{Member: old, Faults: wrong})
		return
	}
	s.backTo(w, r, personPath(old.ID), done, err)
}

// changePerson changes an account that still has a version; else it answers
// access.ErrChanged.
func (s *Server) changePerson(r *http.Request, id string, version uint64, change func(*access.Member)) (access.Member, error) {
	m, err := s.cfg.Administration.Member(id)
	if err != nil {
		return m, err
	}
	m.Version = version
	before := m.Qualifications
	change(&m)
	if err := s.fits(m, before); err != nil {
		return m, err
	}
	m, err = s.cfg.Administration.ChangeMember(time.Now(), s.administrator(r), m)
	return m, administering(err)
}

// switched switches an account on or off.
func switched(on bool) func(*access.Member) { return func(m *access.Member) { m.Disabled = !on } }
