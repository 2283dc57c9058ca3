package display

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"

	"github.com/alexedwards/scs/v2"
)

// Access is who may come in: the accounts, sessions, paired screens and tokens
// of the office. Its errors are those of package access.
type Access interface {
	// Visitor tells who shows what a request shows; nobody is no error. With the one of
	// LostAccess the visitor may what it may, and whether it may more cannot be told.
	Visitor(now time.Time, shown access.Shown) (access.Visitor, error)
	// Still is who shows what a page showed when it was opened; asking is no use of
	// a session.
	Still(now time.Time, shown access.Shown) access.Visitor
	// Changed is closed once an account, a session, a screen or a token has changed, so
	// that Still may answer otherwise; nil: nothing ever changes. What merely ends by
	// the clock closes nothing.
	Changed() <-chan struct{}
	// Sessions keeps those of people, for package scs.
	Sessions() scs.Store
	// Login answers who somebody is by login and PIN or password.
	Login(ctx context.Context, now time.Time, a access.Attempt) (access.Member, error)
	// Known is the cookie of known browsers after a member has come in by how, for a
	// browser whose cookie was known before; what an Attempt shows of it keeps strangers'
	// wrong tries from holding the member up.
	Known(known, member string, how access.How) string
	// UseCode lets somebody choose a PIN or a password with a one-time code.
	UseCode(ctx context.Context, now time.Time, a access.Attempt, secret string) (access.Member, error)
	// Tied is the member that is tied to what the body's own sign-in calls somebody.
	Tied(subject string) (access.Member, error)
	// ChangeSecret gives a member another PIN or password, by the one that a shows;
	// session is the cookie of the session that goes on.
	ChangeSecret(ctx context.Context, now time.Time, member string, a access.Attempt, how access.How, secret, session string) error
	// NeedsFirst tells whether the first administrator is still to be made, which
	// MakeFirst does with the code that the box printed.
	NeedsFirst() bool
	MakeFirst(ctx context.Context, now time.Time, a access.Attempt, m access.Member, password string) (access.Member, error)
	// BeginPairing gives a screen the code that it shows until somebody types it,
	// and Pairing is the one that it shows already.
	BeginPairing(now time.Time, address string) (access.Pairing, error)
	Pairing(now time.Time, secret string) (code string, until time.Time, ok bool)
	// SetLanguage keeps the language that a member chose for the pages.
	SetLanguage(member string, language queue.Language) error
	// Account is what the journal calls a member at a desk on a business day: the
	// same all day, and nobody's once the day has closed.
	Account(day int, member string) (string, error)
}

// The cookies of the server. None of them holds anything about a person.
const (
	sessionCookie = "eliminacode"
	screenCookie  = "schermo"   // the secret of a paired screen
	deskCookie    = "sportello" // the desk that was chosen on this computer
	knownCookie   = "noto"      // that people have signed in here before; it opens nothing
)

const (
	// sessionLife ends a session however much it is used: a working day.
	sessionLife = 12 * time.Hour
	// machineLife keeps what belongs to a computer or a screen, not to a person.
	machineLife = 5 * 365 * 24 * time.Hour
	// knownLife keeps a browser known to who has signed in there; each time begins it anew.
	knownLife = 400 * 24 * time.Hour
)

// newSessions manages sessions in the store of a.
func newSessions(a Access) *scs.SessionManager {
	// scs.New would begin a goroutine for a store that is not ours.
	return &scs.SessionManager{Store: a.Sessions(), Lifetime: sessionLife, Codec: scs.GobCodec{}}
}

// cookie is a cookie for this box alone, which no script reads.
func cookie(r *http.Request, name, value string, life time.Duration) *http.Cookie {
	c := &http.Cookie{
		Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: underTLS(r), MaxAge: int(life.Seconds()),
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// showing is what a request shows of who sends it.
func showing(r *http.Request) access.Shown {
	value := func(name string) string {
		if c, err := r.Cookie(name); err == nil {
			return c.Value
		}
		return ""
	}
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return access.Shown{Session: value(sessionCookie), Screen: value(screenCookie), Bearer: bearer}
}

// A signInPage asks who somebody is.
type signInPage struct {
	To    string // where it goes on
	Desks []queue.Desk
	Desk  queue.DeskID // of this computer; empty for none
	// Password asks for a password, whatever the desk, and PIN for a PIN alone, and for
	// the desk where none is known.
	Password, PIN bool
	Login         string // as it was typed
	First         bool   // the first administrator is still to be made
	// Provider tells that the body has a sign-in of its own, Ready that it answers,
	// and ProviderName what people call it; empty for no name.
	Provider, Ready bool
	ProviderName    string
}

// getSignIn shows the page where one signs in: with a PIN at the desk that this
// computer stands on, or with a password.
func (s *Server) getSignIn(w http.ResponseWriter, r *http.Request) {
	if _, err := s.recognise(r); errors.Is(err, errAccessLost) {
		s.refuse(w, r, err)
		return
	}
	if s.cfg.Access.NeedsFirst() {
		http.Redirect(w, r, "/primo-accesso", http.StatusSeeOther)
		return
	}
	q := r.URL.Query()
	p := s.page(r, "sign-in").flash(r)
	page := signInPage{To: ownPath(q.Get("poi")), Login: q.Get("nome"), Password: q.Has("password"), Desks: s.lookFor(r).WorkDesks()}
	desk := q.Get("sportello") // which was chosen a moment ago
	if c, err := r.Cookie(deskCookie); err == nil && desk == "" {
		desk = c.Value
	}
	if slices.ContainsFunc(page.Desks, func(d queue.Desk) bool { return string(d.ID) == desk }) {
		page.Desk = queue.DeskID(desk)
	}
	page.PIN = q.Has("pin") && len(page.Desks) > 0
	if s.cfg.Provider != nil {
		page.Provider, page.Ready, page.ProviderName = true, s.cfg.Provider.Ready(), s.cfg.ProviderName
	}
	p.View = page
	s.render(w, r, p)
}

// ownPath is a path of this box, or else the first page.
func ownPath(path string) string {
	if u, err := url.Parse(path); err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\n\r") {
		return "/"
	}
	return path
}

// attempt is somebody's try to come in, as a form has it.
func attempt(r *http.Request, f fields) access.Attempt {
	a := access.Attempt{Address: string(addressOf(r)), Login: f["nome"], Secret: f["segreto"], How: access.ByPassword, Known: knownBrowser(r)}
	if f["come"] == "pin" {
		a.How = access.ByPIN
	}
	return a
}

// knownBrowser is the cookie of a known browser; empty for none.
func knownBrowser(r *http.Request) string {
	if c, err := r.Cookie(knownCookie); err == nil {
		return c.Value
	}
	return ""
}

// know makes the browser known to a member who has come in by how.
func (s *Server) know(w http.ResponseWriter, r *http.Request, member string, how access.How) {
	if known := s.cfg.Access.Known(knownBrowser(r), member, how); known != "" {
		http.SetCookie(w, cookie(r, knownCookie, known, knownLife))
	}
}

// postSignIn begins a session.
func (s *Server) postSignIn(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	a := attempt(r, f)
	desk := queue.DeskID("")
	if a.How == access.ByPIN {
		desk = queue.DeskID(f["sportello"])
		state, _ := s.cfg.Engine.Watch()
		if _, _, ok := state.Desk(desk); !ok {
			s.signInAgain(w, r, f, fmt.Errorf("%w: %q", queue.ErrUnknownDesk, desk))
			return
		}
	}
	m, err := s.cfg.Access.Login(r.Context(), time.Now(), a)
	if err == nil {
		err = s.begin(w, r, m.ID, a.How, desk)
	}
	if err != nil {
		s.signInAgain(w, r, f, err)
		return
	}
	to := ownPath(f["poi"])
	if desk != "" {
		http.SetCookie(w, cookie(r, deskCookie, string(desk), machineLife))
		if to == "/" && slices.Contains(m.RolesBy(a.How), access.Clerk) {
			to = "/cruscotto/" + url.PathEscape(string(desk))
		}
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// begin begins a session of a member and gives its cookie, and makes the browser known
// to the member. A session that the browser
// had before is over.
func (s *Server) begin(w http.ResponseWriter, r *http.Request, member string, how access.How, desk queue.DeskID) error {
	if old := showing(r).Session; old != "" {
		if err := s.sessions.Store.Delete(old); err != nil {
			return err
		}
	}
	token, err := s.newSession(r.Context(), sessionLife, map[string]any{access.SessionMember: member, access.SessionHow: string(how), access.SessionDesk: string(desk)})
	if err != nil {
		return err
	}
	http.SetCookie(w, cookie(r, sessionCookie, token, sessionLife))
	s.know(w, r, member, how)
	return nil
}

// newSession keeps values for a browser, which has them by the token, for a while.
func (s *Server) newSession(ctx context.Context, life time.Duration, values map[string]any) (token string, err error) {
	ctx, err = s.sessions.Load(ctx, "")
	if err != nil {
		return "", fmt.Errorf("beginning a session: %w", err)
	}
	s.sessions.SetDeadline(ctx, time.Now().Add(life).UTC())
	for name, value := range values {
		s.sessions.Put(ctx, name, value)
	}
	if token, _, err = s.sessions.Commit(ctx); err != nil {
		return "", fmt.Errorf("beginning a session: %w", err)
	}
	return token, nil
}

// signInAgain answers with the form, which says what was wrong; the secret is gone from
// it.
func (s *Server) signInAgain(w http.ResponseWriter, r *http.Request, f fields, err error) {
	q := url.Values{"poi": {ownPath(f["poi"])}}
	if f["come"] != "pin" {
		q.Set("password", "1")
	} else {
		q.Set("pin", "1")
		state, _ := s.cfg.Engine.Watch()
		if _, _, ok := state.Desk(queue.DeskID(f["sportello"])); ok {
			q.Set("sportello", f["sportello"])
		}
	}
	if !s.tellForm(w, r, s.getSignIn, q, err) {
		s.backKeeping(w, r, r.URL.Path, q, err)
	}
}

// restDesk pauses the desk of this computer when its operator signs out: nobody is there
// to call. One that holds a number stays as it is: who comes back goes on.
func (s *Server) restDesk(r *http.Request) error {
	c, err := r.Cookie(deskCookie)
	if err != nil {
		return nil // none was chosen here
	}
	id := queue.DeskID(c.Value)
	state, _ := s.cfg.Engine.Watch()
	_, now, ok := state.Desk(id)
	if !ok || !now.Open || now.Paused || now.Ticket != 0 || now.Account == "" {
		return nil
	}
	account, err := s.account(r, id)
	if err != nil || account != now.Account {
		return err
	}
	_, err = s.do(r.Context(), queue.PauseDesk{By: queue.Cause{Kind: queue.ByConsole, Device: string(id)}, Desk: id, Seen: now.Seq})
	return err
}

// postSignOut ends the session, whatever becomes of the desk.
func (s *Server) postSignOut(w http.ResponseWriter, r *http.Request) {
	if err := s.restDesk(r); err != nil {
		s.log.Warn("the desk of who signs out is not paused", "err", err)
	}
	if old := showing(r).Session; old != "" {
		if err := s.sessions.Store.Delete(old); err != nil {
			s.refuse(w, r, err)
			return
		}
	}
	http.SetCookie(w, cookie(r, sessionCookie, "", 0))
	http.Redirect(w, r, "/accesso?esito=signed-out", http.StatusSeeOther)
}

// A codePage asks for a one-time code and the secret that it lets one choose.
type codePage struct {
	Code  string
	First bool // it makes the first administrator
}

func (s *Server) getCode(w http.ResponseWriter, r *http.Request) {
	first := r.URL.Path == "/primo-accesso"
	if first && !s.cfg.Access.NeedsFirst() {
		http.Redirect(w, r, "/accesso", http.StatusSeeOther)
		return
	}
	if code := r.URL.Query().Get("codice"); code != "" {
		// The square of a code leads here. What opens the box stays neither in the
		// address nor in the history of the browser.
		c := cookie(r, codeCookie, "", 0)
		if len(code) <= mostCode && strings.Trim(code, codeSigns) == "" {
			c = cookie(r, codeCookie, code, codeShown)
		}
		c.Path = r.URL.Path
		http.SetCookie(w, c)
		http.Redirect(w, r, r.URL.Path, http.StatusSeeOther)
		return
	}
	view := codePage{First: first}
	if c, err := r.Cookie(codeCookie); err == nil && len(c.Value) <= mostCode {
		view.Code = c.Value
	}
	// Its address is told to no other page.
	w.Header().Set("Referrer-Policy", "no-referrer")
	p := s.page(r, "code").flash(r)
	p.View = view
	s.render(w, r, p)
}

// errWrongFirstCode: there is no administrator yet who could give another code.
var errWrongFirstCode = errors.New("it is not the code that the box printed")

// codeCookie holds a one-time code that came in an address, for codeShown: the page
// that asks for it is filled in with it.
const (
	codeCookie = "codice"
	codeShown  = 5 * time.Minute
	mostCode   = 32 // bytes
	// codeSigns are those of codes and what people write between.
	codeSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"
)

// postCode lets somebody choose a PIN or a password with a one-time code, and
// signs in with a password that was chosen.
func (s *Server) postCode(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	a := attempt(r, f)
	a.Secret = f["codice"]
	var m access.Member
	if r.URL.Path == "/primo-accesso" {
		a.How = access.ByPassword
		m, err = s.cfg.Access.MakeFirst(r.Context(), time.Now(), a, access.Member{Login: f["nome"], Name: strings.TrimSpace(f["persona"])}, f["segreto"])
	} else {
		m, err = s.cfg.Access.UseCode(r.Context(), time.Now(), a, f["segreto"])
	}
	if err != nil {
		if _, code := s.explain(err); code == "wrong-login" && r.URL.Path == "/primo-accesso" {
			err = fmt.Errorf("%w: %v", errWrongFirstCode, err)
		}
		// It is answered here and not at an address of its own, which would keep the
		// code, and the name.
		if !s.tellForm(w, r, s.getCode, nil, err) {
			s.backFrom(w, r, r.URL.Path, err)
		}
		return
	}
	used := cookie(r, codeCookie, "", 0)
	used.Path = r.URL.Path
	http.SetCookie(w, used)
	if a.How == access.ByPIN {
		s.know(w, r, m.ID, a.How)
		http.Redirect(w, r, "/accesso?"+url.Values{"esito": {"secret-kept"}, "nome": {m.Login}, "pin": {"1"}}.Encode(), http.StatusSeeOther)
		return
	}
	if err := s.begin(w, r, m.ID, a.How, ""); err != nil {
		s.refuse(w, r, err)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// A pairingPage is what a screen shows until somebody has let it in.
type pairingPage struct {
	Code string // as people read it
	Full bool   // too many screens show codes
}

// showPairing shows the code of a screen that nobody has let in yet. The page
// asks again by itself.
func (s *Server) showPairing(w http.ResponseWriter, r *http.Request) {
	now := time.Now()
	p := s.page(r, "pairing")
	p.Theme, p.Again = theme(r, "scuro"), r.URL.RequestURI()
	var page pairingPage
	code, _, ok := s.cfg.Access.Pairing(now, showing(r).Screen)
	if !ok {
		fresh, err := s.cfg.Access.BeginPairing(now, string(addressOf(r)))
		if err != nil && !errors.Is(err, access.ErrFull) {
			s.refuse(w, r, err)
			return
		}
		if page.Full = err != nil; !page.Full {
			code = fresh.Code
			http.SetCookie(w, cookie(r, screenCookie, fresh.Secret, machineLife))
		}
	}
	page.Code = spelled(code)
	p.View, p.status = page, http.StatusUnauthorized
	s.render(w, r, p)
}

// account is what the journal calls the visitor at a desk; empty for who has no
// account, such as a visitor of a demonstration.
func (s *Server) account(r *http.Request, desk queue.DeskID) (string, error) {
	return s.accountAt(s.visitor(r), desk)
}

// programAccount begins the account of a program, so that nobody takes it for that of
// a person.
const programAccount = "program."

// accountAt is account of any visitor. A person has one account, and so one desk. A
// program has another one at each desk: it may run several of them, each as an operator
// of its own.
func (s *Server) accountAt(v access.Visitor, desk queue.DeskID) (string, error) {
	if v.ID == "" || v.Kind != access.Person && v.Kind != access.Program {
		return "", nil
	}
	state, _ := s.cfg.Engine.Watch()
	if v.Kind == access.Person {
		return s.cfg.Access.Account(state.Day().Ordinal, v.ID)
	}
	account, err := s.cfg.Access.Account(state.Day().Ordinal, v.ID+"\x00"+string(desk))
	if err != nil {
		return "", err
	}
	return programAccount + account, nil
}

// spelled is a pairing code as people read it out; empty for none.
func spelled(code string) string {
	if code == "" {
		return ""
	}
	return access.SpellCode(code)
}
