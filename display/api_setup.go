package display

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/change"
	"eliminacode/queue/office"
)

// officeAPI is the address of the office, and draftAPI that of the caller's draft
// of it.
const officeAPI, draftAPI = "/api/v1/office", "/api/v1/office/draft"

// Inputs and answers of the calls of the office.
type (
	// An officeValue is one value of an office.
	officeValue struct {
		Path  string `json:"path" doc:"The value, as the office's file names it"`
		Text  string `json:"text" doc:"As it stands in the office's file"`
		Kind  string `json:"kind" doc:"What it can be: text, number, truth or list"`
		Form  string `json:"form,omitempty" doc:"How its text is written, such as duration, date or hour"`
		Label string `json:"label" doc:"The value, in words"`
		Rule  string `json:"rule,omitempty" doc:"What it must be"`
	}
	// OfficeAnswer is an office, value by value.
	OfficeAnswer struct {
		Mark   string        `json:"mark" doc:"Names the office as it is: two with one mark are written alike"`
		Values []officeValue `json:"values" doc:"In the order of the office's file"`
	}
	draftAnswer struct {
		OfficeAnswer
		Kept     bool         `json:"kept" doc:"There is a draft; else it is the office in force"`
		Outdated bool         `json:"outdated" doc:"Somebody else has put another office in force since it began"`
		Changes  int          `json:"changes" doc:"How many values it has otherwise"`
		Faults   []officeFlaw `json:"faults" doc:"What must be mended before it can be saved"`
		Added    string       `json:"added,omitempty" doc:"Where the thing stands that was added"`
		Earlier  bool         `json:"earlier,omitempty" doc:"An earlier draft is kept, which bring-back makes the draft again"`
		Planned  []officePlan `json:"planned" doc:"The changes that wait for their days, in the order in which they come into force"`
	}
	officeFlaw struct {
		Path string `json:"path" doc:"The value, as the office's file names it"`
		Rule string `json:"rule" doc:"What it must be"`
	}
	officePlan struct {
		Number int    `json:"number" doc:"The change, as other calls name it"`
		From   string `json:"from" doc:"The day from which it holds"`
		Why    string `json:"why" doc:"What was given as reason"`
		Failed string `json:"failed,omitempty" doc:"Why it could not be put in force when its day came, and what to do"`
	}

	// Marked names the draft as its sender knows it.
	Marked struct {
		Mark string `json:"mark" example:"6f1c2a90" doc:"mark of the draft as it was last answered: one that was changed elsewhere since is not touched"`
	}
	setValuesBody struct {
		Marked
		Values map[string]string `json:"values" example:"{\"service[1].standard\":\"15m\"}" doc:"Texts by path, as in the office's file; an empty one is left out, and - leaves a text out of the ticket"`
	}
	addBody struct {
		Marked
		List string `json:"list" example:"service" doc:"Where it is added, such as service, desk or hours.exception"`
		Name string `json:"name,omitempty" example:"Passaporti" doc:"What it is called"`
	}
	// Placed names a thing in a list of the draft.
	Placed struct {
		Marked
		Path string `json:"path" example:"service[2]" doc:"The thing of a list"`
	}
	moveBody struct {
		Placed
		To string `json:"to" enum:"up,down" doc:"By one place"`
	}
	saveBody struct {
		Marked
		Why  string `json:"why" example:"Carta dei servizi nuova" doc:"Why, in a sentence of at most 300 characters: it stands in the history"`
		When string `json:"when,omitempty" enum:"now,day,date," doc:"From now, from the next day, or from a date; left out, from the date of from, or from now where there is none"`
		From string `json:"from,omitempty" example:"2026-12-01" doc:"The date from which it holds"`
		Sure string `json:"sure,omitempty" enum:"yes" doc:"Put it in force now though people would wait for a service that no open desk serves, or a desk would serve nothing; without it that is refused with setup-sure, whose detail says which. A change for a later day needs none"`
	}
	didAnswer struct {
		Code string `json:"code" doc:"What was done"`
		Say  string `json:"say" doc:"The same for a person"`
	}

	// Replacing names the draft whose place another takes.
	Replacing struct {
		Replaces string `query:"replaces" example:"6f1c2a90" doc:"mark of the draft whose place it takes, where one with changes is kept: without it the answer is 409 draft-kept-already. bring-back gives the draft that lost its place back"`
	}
	planNumber struct {
		Number int `path:"number" doc:"The change, as the draft's answer names it"`
	}
	planTaken struct {
		Number int `path:"number" doc:"The change, as the draft's answer names it"`
		Replacing
	}
	versionTaken struct {
		Number int `path:"number" doc:"The version, as the history names it"`
		Replacing
	}
	versionNumber struct {
		Number int `path:"number" doc:"The version, as the history names it"`
	}
	officeVersion struct {
		Number  int         `json:"number" doc:"From 1, the oldest"`
		At      time.Time   `json:"at" doc:"When it was put in force, by the office's clock"`
		Role    access.Role `json:"role,omitempty" doc:"By which role; left out when it was not in the browser or by a call"`
		Who     string      `json:"who,omitempty" doc:"By whom, while the person has an account"`
		Why     string      `json:"why" doc:"Why"`
		For     string      `json:"for,omitempty" format:"date" doc:"The day for which it was planned; left out where it was put in force at once. It may have come later, or by a clock that was ahead"`
		Mark    string      `json:"mark" doc:"Names the office as it was"`
		InForce bool        `json:"in_force,omitempty" doc:"It is the office as it is now"`
	}
	historyAnswer struct {
		Versions []officeVersion `json:"versions" doc:"The newest first"`
	}
	differenceAnswer struct {
		Things []changedThing `json:"things" doc:"What this version has otherwise than the office in force"`
	}
)

// registerSetup are the calls that say and change what the office is: the draft of
// who calls, its effect, and what was in force before.
func (o *operations) registerSetup() {
	if o.s.cfg.Setups == nil {
		return
	}
	o.registerDraft()
	o.registerDraftActs()
	o.registerHistory()
}

const officeTag = "office"

func (o *operations) registerDraft() {
	s := o.s
	operate(o, setters, call(http.MethodGet, officeAPI, officeTag, "The office in force, value by value"),
		func(r *http.Request, _ *struct{}) (OfficeAnswer, error) {
			e := s.editing(s.visitor(r))
			return newSetupForm(e.inForce, nil, s.tongueOf(r)).answer(), nil
		})
	operate(o, setters, call(http.MethodGet, draftAPI, officeTag, "The caller's draft of the office, value by value"),
		func(r *http.Request, _ *struct{}) (draftAnswer, error) { return s.draftAnswer(r), nil })
	operate(o, setters, call(http.MethodGet, draftAPI+"/effect", officeTag, "What the draft would mean if it were put in force now"),
		func(r *http.Request, _ *struct{}) (setupEffect, error) {
			e := s.editing(s.visitor(r))
			l := s.lookAt(e.state)
			l.Tongue = s.tongueOf(r)
			return s.effect(e, newSetupForm(e.Setup, nil, l.Tongue), l), nil
		})
	write := call(http.MethodPost, draftAPI+"/set", officeTag, "Write values into the draft: all of them, or none when one cannot be read")
	write.MaxBodyBytes = maxSetupBody
	operate(o, setters, write, func(r *http.Request, in *sent[setValuesBody]) (draftAnswer, error) {
		return s.changeDraft(r, in.Body.Mark, func(d *office.Draft) (string, error) { return "", s.setValues(r, d, in.Body.Values) })
	})
	operate(o, setters, making(draftAPI+"/add", officeTag, "Add a thing to a list of the draft"),
		func(r *http.Request, in *sent[addBody]) (draftAnswer, error) {
			return s.changeDraft(r, in.Body.Mark, func(d *office.Draft) (string, error) {
				n, err := addTo(d, in.Body.List, in.Body.Name)
				return fmt.Sprintf("%s[%d]", in.Body.List, n), err
			})
		})
	operate(o, setters, call(http.MethodPost, draftAPI+"/remove", officeTag, "Take a thing out of a list of the draft"),
		func(r *http.Request, in *sent[Placed]) (draftAnswer, error) {
			return s.changeDraft(r, in.Body.Mark, func(d *office.Draft) (string, error) { return "", d.Remove(in.Body.Path) })
		})
	operate(o, setters, call(http.MethodPost, draftAPI+"/move", officeTag, "Move a thing within its list of the draft"),
		func(r *http.Request, in *sent[moveBody]) (draftAnswer, error) {
			by := map[string]int{"up": -1, "down": 1}[in.Body.To]
			return s.changeDraft(r, in.Body.Mark, func(d *office.Draft) (string, error) { return "", d.Move(in.Body.Path, by) })
		})
	handle[string](o, setters, call(http.MethodGet, draftAPI+".toml", officeTag, "The draft as a file"), "application/toml", s.getDraftFile)
	file := call(http.MethodPut, draftAPI+".toml", officeTag, "Make the office of a file the draft")
	file.RequestBody = fileBody("application/toml")
	file.Parameters = []*huma.Param{query("replaces", "mark of the draft whose place it takes, where one with changes is kept")}
	handle[draftAnswer](o, setters, file, jsonMedia, s.putDraftFile)
	handle[string](o, setters, call(http.MethodGet, officeAPI+".toml", officeTag, "The office in force as a file"), "application/toml", s.getSetupFile)
	handle[string](o, setters, call(http.MethodGet, draftAPI+"/slips/{service}", officeTag, "Picture of a ticket as the draft would have it printed; SERVICE.png"),
		"image/png", s.getSlip)
}

// registerDraftActs are the calls about a draft as a whole.
func (o *operations) registerDraftActs() {
	draftCall[saveBody](o, "save", "Put the draft in force, now or from a day on")
	draftCall[nothing](o, "discard", "Throw the draft away; it is kept as the earlier one")
	draftCall[nothing](o, "bring-back", "Make the earlier draft, which lost its place or was thrown away, the draft again; the present one becomes the earlier one")
	draftCall[nothing](o, "rebase", "Bring what somebody else has put in force meanwhile into the draft; one that loses something by that is kept as the earlier one too")
	draftCall[nothing](o, "rebase-keeping", "As rebase, and what is in lost of the effect is in the draft again")
	operate(o, setters, call(http.MethodPost, draftAPI+"/reference", officeTag, "Make the reference office the draft"),
		func(r *http.Request, in *Replacing) (didAnswer, error) {
			_, code, err := o.s.draftAct(r, "reference", fields{"replaces": in.Replaces})
			return o.s.did(r, code), err
		})
	operate(o, setters, call(http.MethodPost, officeAPI+"/planned/{number}/"+planCancel, officeTag, "Take back a change that waits for its day"),
		func(r *http.Request, in *planNumber) (didAnswer, error) {
			_, code, _, err := o.s.planAct(r, planCancel, in.Number, "")
			return o.s.did(r, code), err
		})
	operate(o, setters, call(http.MethodPost, officeAPI+"/planned/{number}/"+planTakeUp, officeTag, "Make a change that waits for its day the draft; it waits no more"),
		func(r *http.Request, in *planTaken) (didAnswer, error) {
			_, code, _, err := o.s.planAct(r, planTakeUp, in.Number, in.Replaces)
			return o.s.did(r, code), err
		})
}

// draftCall makes a call out of an act of the page of the effect.
func draftCall[B any](o *operations, action, summary string) {
	op := call(http.MethodPost, draftAPI+"/"+action, officeTag, summary)
	take(o, setters, op, func(r *http.Request, body B) (*reply[didAnswer], error) {
		posted, err := fieldsOf(body)
		if err != nil {
			return nil, err
		}
		_, code, err := o.s.draftAct(r, action, posted)
		return &reply[didAnswer]{o.s.did(r, code)}, err
	})
}

func (o *operations) registerHistory() {
	s := o.s
	operate(o, setters, call(http.MethodGet, officeAPI+"/history", officeTag, "The offices that were in force"),
		func(r *http.Request, _ *struct{}) (historyAnswer, error) {
			state, _ := s.cfg.Engine.Watch()
			now, a := office.Mark(state.Setup()), historyAnswer{Versions: []officeVersion{}}
			for _, v := range s.cfg.Setups.Versions() {
				a.Versions = append(a.Versions, officeVersion{v.Number, v.At, v.Role, s.nameOf(v.Who), v.Why, v.For, v.Mark, v.Mark == now})
			}
			return a, nil
		})
	operate(o, setters, call(http.MethodGet, officeAPI+"/history/{number}", officeTag, "What an earlier office has otherwise"),
		func(r *http.Request, in *versionNumber) (differenceAnswer, error) {
			setup, err := s.cfg.Setups.Version(in.Number)
			if err != nil {
				return differenceAnswer{}, err
			}
			state, _ := s.cfg.Engine.Watch()
			now := state.Setup()
			return differenceAnswer{changedThings(s.tongueOf(r), change.Between(now, setup), now, setup)}, nil
		})
	operate(o, setters, call(http.MethodPost, officeAPI+"/history/{number}/draft", officeTag, "Make an earlier office the draft, to be looked at and saved"),
		func(r *http.Request, in *versionTaken) (didAnswer, error) {
			setup, err := s.cfg.Setups.Version(in.Number)
			if err == nil {
				err = s.draftOf(r, setup, in.Replaces)
			}
			return s.did(r, "draft-of-version"), err
		})
}

// did is the answer that something was done, in the words of who asked.
func (s *Server) did(r *http.Request, code string) didAnswer {
	say, _ := s.tongueOf(r).ByCode(code)
	return didAnswer{code, say}
}

// answer is a setup value by value.
func (f *setupForm) answer() OfficeAnswer {
	a := OfficeAnswer{Mark: office.Mark(f.setup), Values: []officeValue{}}
	for _, v := range f.values {
		t := f.text(change.KeyOf(v.Path))
		a.Values = append(a.Values, officeValue{v.Path, v.Text, string(v.Kind), v.Form, t.Label, t.Rule})
	}
	return a
}

// draftAnswer is the caller's draft as it is now.
func (s *Server) draftAnswer(r *http.Request) draftAnswer {
	e := s.editing(s.visitor(r))
	f := newSetupForm(e.Setup, nil, s.tongueOf(r))
	p := s.draftPage(e, f)
	a := draftAnswer{OfficeAnswer: f.answer(), Kept: p.Kept, Earlier: p.Earlier, Outdated: p.Outdated, Changes: p.Changes, Faults: []officeFlaw{}, Planned: []officePlan{}}
	for _, x := range f.faults {
		a.Faults = append(a.Faults, officeFlaw{x.Path, f.text(change.KeyOf(x.Path)).Rule})
	}
	for _, x := range p.Planned {
		a.Planned = append(a.Planned, officePlan{x.Number, x.From, x.Why, x.Refused})
	}
	return a
}

// changeDraft changes the caller's draft, if it still has a mark. What change
// answers is where something was added.
func (s *Server) changeDraft(r *http.Request, mark string, change func(*office.Draft) (added string, err error)) (draftAnswer, error) {
	added, err := s.editDraft(r, mark, change)
	if err != nil {
		return draftAnswer{}, err
	}
	a := s.draftAnswer(r)
	a.Added = added
	return a, nil
}

func (s *Server) editDraft(r *http.Request, mark string, change func(*office.Draft) (string, error)) (added string, err error) {
	s.drafting.Lock()
	defer s.drafting.Unlock()
	e := s.editing(s.visitor(r))
	if mark != office.Mark(e.Setup) {
		return "", errDraftChanged
	}
	d := office.Edit(e.Setup)
	if added, err = change(d); err != nil {
		return "", fmt.Errorf("%w: %w", errBadBody, err)
	}
	return added, s.keep(e, d.Setup())
}

// setValues writes values into a draft. Those that cannot be read are told at their
// places.
func (s *Server) setValues(r *http.Request, d *office.Draft, values map[string]string) error {
	f := newSetupForm(d.Setup(), nil, s.tongueOf(r))
	var wrong []problemField
	for _, path := range slices.Sorted(maps.Keys(values)) {
		if err := writeValue(d, path, values[path]); err != nil {
			t := f.text(change.KeyOf(path))
			wrong = append(wrong, problemField{Location: "body.values." + path, Message: strings.TrimSuffix(t.Label+": "+t.Rule, ": ")})
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return &refused{s.badFields(r, wrong)}
}

// getDraftFile is the draft as a file.
func (s *Server) getDraftFile(w http.ResponseWriter, r *http.Request) {
	s.sendOffice(w, s.editing(s.visitor(r)).Setup)
}

// putDraftFile makes the office of a file the visitor's draft. A file with faults
// is answered with all of them.
func (s *Server) putDraftFile(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body) // it is bounded
	if err != nil {
		s.refuse(w, r, fmt.Errorf("%w: %w", errBadBody, err))
		return
	}
	setup, err := office.Parse("ufficio.toml", data)
	if err != nil {
		p := s.problemFor(r, queue.ErrBadSetup)
		for _, f := range fileFaults(s.tongueOf(r), err) {
			p.Errors = append(p.Errors, f.told())
		}
		writeProblem(w, p)
		return
	}
	if err := s.draftOf(r, setup, r.URL.Query().Get("replaces")); err != nil {
		s.refuse(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, s.draftAnswer(r))
}
