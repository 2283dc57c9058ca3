package display

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"eliminacode/display/access"
	"eliminacode/queue"
)

// A personAnswer is a member as the API tells it: what the person signs in with is in no
// answer, only that there is something.
type personAnswer struct {
	access.Member
	HasPIN      bool `json:"has_pin" doc:"The person has chosen a PIN"`
	HasPassword bool `json:"has_password" doc:"The person has chosen a password"`
}

func personOf(m access.Member) personAnswer { return personAnswer{m, m.HasPIN, m.HasPassword} }

// Inputs and answers of the calls of accounts.
type (
	entryInput struct {
		ID string `path:"id" doc:"The entry, as answers name it"`
	}
	// Versioned names the state of an entry that a change rests on.
	Versioned struct {
		Version uint64 `json:"version" minimum:"1" example:"1" doc:"version of the last answer: when somebody else has changed the entry since, nothing is done"`
	}
	versionInput struct {
		ID   string `path:"id" doc:"The entry, as answers name it"`
		Body struct{ Versioned }
	}
	// PersonBody is what can be said of a person.
	PersonBody struct {
		Login          string         `json:"login" example:"anna.b" doc:"The name to sign in with: 2 to 32 small letters, digits, points, hyphens"`
		Name           string         `json:"name" example:"Anna Bianchi" doc:"How colleagues call the person"`
		Roles          []access.Role  `json:"roles" example:"[\"clerk\"]" doc:"Roles of people, at least one"`
		Rights         []access.Right `json:"rights,omitempty" doc:"What the person may do beside the roles"`
		Qualifications []string       `json:"qualifications,omitempty" example:"[\"anagrafe\"]" doc:"The services that the person may serve; none is all that a desk serves"`
		Subject        string         `json:"subject,omitempty" doc:"What the body's own sign-in calls the person; empty ties the account to nobody there"`
		Language       queue.Language `json:"language,omitempty" example:"de" doc:"The language of the person's pages; empty is the office's"`
	}
	changePersonInput struct {
		ID   string `path:"id" doc:"The person, as answers name it"`
		Body struct {
			PersonBody
			Versioned
		}
	}
	codeAnswer struct {
		Code  string    `json:"code" doc:"With it the person chooses a PIN or a password, once; it is never told again"`
		Until time.Time `json:"until" doc:"Until when it can be used"`
	}
	peopleList struct {
		People []personAnswer `json:"people"`
	}

	// ScreenBody is what can be said of a screen.
	ScreenBody struct {
		Name  string      `json:"name" example:"Atrio" doc:"How people of the office call the screen"`
		Role  access.Role `json:"role" enum:"board,totem,voting" doc:"What the screen shows"`
		Place string      `json:"place,omitempty" example:"totem" doc:"The outlet of a totem or the desk of a voting screen, as the office's file names it"`
		access.Display
	}
	pairBody struct {
		Code string `json:"code" example:"ACD EFG" doc:"The code that the screen shows"`
		ScreenBody
	}
	changeScreenInput struct {
		ID   string `path:"id" doc:"The screen, as answers name it"`
		Body struct {
			ScreenBody
			Versioned
		}
	}
	// pairedScreen is a screen, and when it was last heard of.
	pairedScreen struct {
		access.Paired
		Seen *time.Time `json:"seen,omitempty" doc:"When it last asked for something; left out when not since the program runs"`
	}
	screenList struct {
		Screens []pairedScreen `json:"screens"`
	}

	tokenBody struct {
		Name      string      `json:"name" example:"sito del Comune" doc:"Which program it is for"`
		Role      access.Role `json:"role" example:"reception" doc:"The role that the program has; that of an administrator is for people alone"`
		Scopes    []string    `json:"scopes,omitempty" example:"[\"reception\"]" doc:"The parts of the API that it may use, such as reception for /api/v1/reception; none is all that its role may. There are blocks, clock, copies, demo, desks, devices, events, manager, office, pages, procedure-topics, procedures, reception, reports, state, technician, totem, walk and webhooks"`
		Days      int         `json:"days" minimum:"1" maximum:"1830" example:"90" doc:"For how many days it is good"`
		PerMinute int         `json:"per_minute,omitempty" minimum:"1" maximum:"60000" default:"600" doc:"How many requests it has a minute"`
	}
	madeToken struct {
		access.Token
		Text string `json:"text" doc:"What the program shows as Authorization: Bearer; it is never told again"`
	}
	usedToken struct {
		access.Token
		Used *time.Time `json:"used,omitempty" doc:"When it was last shown; left out when not since the program runs"`
	}
	tokenList struct {
		Tokens []usedToken `json:"tokens"`
	}

	actsInput struct {
		Before uint64 `query:"before" doc:"Acts from below this sequence; without it, from the newest"`
		Most   int    `query:"most" minimum:"1" maximum:"200" default:"50" doc:"How many acts"`
	}
	actList struct {
		Acts []access.Entry `json:"acts" doc:"The newest first"`
		Next uint64         `json:"next,omitempty" doc:"Older ones are before this sequence; left out when there are none"`
	}
)

func (b PersonBody) member() access.Member {
	return access.Member{
		Login: access.ReadLogin(b.Login), Name: b.Name, Roles: b.Roles, Rights: b.Rights, Qualifications: b.Qualifications, Language: b.Language, Subject: b.Subject,
	}
}

func (b ScreenBody) paired() access.Paired {
	return access.Paired{Name: b.Name, Role: b.Role, Place: b.Place, Board: b.Display.Said(b.Role)}
}

// sometime is an instant, or nil for one that never was.
func sometime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// registerAccounts are the calls of people, screens, programs and acts.
func (o *operations) registerAccounts() {
	if o.s.cfg.Administration == nil {
		return
	}
	o.registerPeople()
	o.registerScreens()
	o.registerTokens()
	o.registerActs()
}

func (o *operations) registerPeople() {
	const path, tag = "/api/v1/people", "people"
	s, all := o.s, o.s.cfg.Administration
	post := func(below, summary string) huma.Operation {
		return call(http.MethodPost, path+"/{id}/"+below, tag, summary)
	}
	operate(o, administrators, call(http.MethodGet, path, tag, "The people with an account"), func(*http.Request, *struct{}) (peopleList, error) {
		list := peopleList{People: []personAnswer{}}
		for _, m := range all.Members() {
			list.People = append(list.People, personOf(m))
		}
		return list, nil
	})
	operate(o, administrators, call(http.MethodGet, path+"/{id}", tag, "One of the people"), func(_ *http.Request, in *entryInput) (personAnswer, error) {
		m, err := all.Member(in.ID)
		return personOf(m), err
	})
	operate(o, administrators, making(path, tag, "Give somebody an account; a code lets the person choose a password"),
		func(r *http.Request, in *sent[PersonBody]) (personAnswer, error) {
			m, err := s.makeMember(r, in.Body.member())
			return personOf(m), administering(err)
		})
	operate(o, administrators, post("change", "Change what is said of a person"), func(r *http.Request, in *changePersonInput) (personAnswer, error) {
		m, err := s.changePerson(r, in.ID, in.Body.Version, saidOf(in.Body.member()))
		return personOf(m), err
	})
	operate(o, administrators, post("disable", "Switch an account off: the person is let in no more until it is switched on"), func(r *http.Request, in *versionInput) (personAnswer, error) {
		m, err := s.changePerson(r, in.ID, in.Body.Version, switched(false))
		return personOf(m), err
	})
	operate(o, administrators, post("enable", "Switch an account on again"), func(r *http.Request, in *versionInput) (personAnswer, error) {
		m, err := s.changePerson(r, in.ID, in.Body.Version, switched(true))
		return personOf(m), err
	})
	perform(o, administrators, post("remove", "Take an account away for good"), func(r *http.Request, in *versionInput) error {
		return administering(all.RemoveMember(time.Now(), s.administrator(r), in.ID, in.Body.Version))
	})
	operate(o, administrators, post("code", "Make a code with which a person chooses a PIN or a password"), func(r *http.Request, in *entryInput) (codeAnswer, error) {
		c, err := all.NewCode(r.Context(), time.Now(), s.administrator(r), in.ID)
		return codeAnswer{access.SpellCode(c.Code), c.Until}, administering(err)
	})
}

func (o *operations) registerScreens() {
	const path, tag = "/api/v1/screens", "screens"
	s, all := o.s, o.s.cfg.Administration
	operate(o, administrators, call(http.MethodGet, path, tag, "The screens that were paired"), func(*http.Request, *struct{}) (screenList, error) {
		list := screenList{Screens: []pairedScreen{}}
		for _, p := range all.Screens() {
			list.Screens = append(list.Screens, pairedScreen{p, sometime(p.Seen)})
		}
		return list, nil
	})
	operate(o, administrators, making(path, tag, "Pair the screen that shows a code"), func(r *http.Request, in *sent[pairBody]) (access.Paired, error) {
		return s.pair(r, in.Body.Code, in.Body.paired())
	})
	operate(o, administrators, call(http.MethodPost, path+"/{id}/change", tag, "Give a screen another name, use or place"),
		func(r *http.Request, in *changeScreenInput) (access.Paired, error) {
			p := in.Body.paired()
			p.ID, p.Version = in.ID, in.Body.Version
			return s.changeScreen(r, p)
		})
	perform(o, administrators, call(http.MethodPost, path+"/{id}/revoke", tag, "End a pairing: the screen shows a code again"),
		func(r *http.Request, in *entryInput) error {
			return all.RevokeScreen(time.Now(), s.administrator(r), in.ID)
		})
}

func (o *operations) registerTokens() {
	const path, tag = "/api/v1/tokens", "tokens"
	s, all := o.s, o.s.cfg.Administration
	operate(o, administrators, call(http.MethodGet, path, tag, "The tokens of programs"), func(*http.Request, *struct{}) (tokenList, error) {
		list := tokenList{Tokens: []usedToken{}}
		for _, t := range all.Tokens() {
			list.Tokens = append(list.Tokens, usedToken{t, sometime(t.Used)})
		}
		return list, nil
	})
	operate(o, administrators, making(path, tag, "Let a program in; the answer alone holds the text that it shows"),
		func(r *http.Request, in *sent[tokenBody]) (madeToken, error) {
			now, b := time.Now(), in.Body
			t, text, err := all.MakeToken(now, s.administrator(r), access.Token{
				Name: b.Name, Role: b.Role, Scopes: b.Scopes, PerMinute: b.PerMinute, Expires: now.AddDate(0, 0, b.Days),
			})
			return madeToken{t, text}, err
		})
	perform(o, administrators, call(http.MethodPost, path+"/{id}/revoke", tag, "Let a program in no more"),
		func(r *http.Request, in *entryInput) error {
			return all.RevokeToken(time.Now(), s.administrator(r), in.ID)
		})
}

func (o *operations) registerActs() {
	const path, tag = "/api/v1/acts", "acts"
	s, all := o.s, o.s.cfg.Administration
	operate(o, administrators, call(http.MethodGet, path, tag, "What who administers has changed, before and after"),
		func(_ *http.Request, in *actsInput) (list actList, err error) {
			list.Acts, err = all.AuditBefore(in.Before, in.Most+1)
			if len(list.Acts) > in.Most {
				list.Acts = list.Acts[:in.Most]
				list.Next = list.Acts[in.Most-1].Seq
			}
			return list, err
		})
	handle[string](o, administrators, call(http.MethodGet, path+".csv", tag, "The whole list of acts, as a table"), "text/csv", s.getActsCSV)
	handle[[]access.Entry](o, administrators, call(http.MethodGet, path+".json", tag, "The whole list of acts, as a file"), jsonMedia, s.getActsJSON)
}
