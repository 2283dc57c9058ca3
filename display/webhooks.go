package display

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"eliminacode/display/access"
	"eliminacode/display/notify"
	"eliminacode/display/view"
	"eliminacode/queue/words"
)

// Hooks are the webhooks; see notify.Sender. They may be used from any goroutine.
type Hooks interface {
	List() []notify.Status
	Save(h notify.Hook) (notify.Hook, error)
	// Delete removes one. The error may be notify.ErrDeleted or ErrUnknown.
	Delete(id string) error
	// Replay tells a hook everything again from a sequence on.
	Replay(id string, from uint64) error
	// Test sends one event of no journal, and answers what became of it.
	Test(ctx context.Context, id string) (notify.Attempt, error)
}

// hookKeepers decide what leaves the box, and where to.
var hookKeepers = only(access.Administrator, access.Technician)

// A hooksPage is the webhooks, and a form for another one or for one of them.
type hooksPage struct {
	Hooks  []notify.Status
	Kinds  []string
	Form   notify.Hook
	Faults faults       // of the form's fields
	Made   *notify.Hook // with its secret, this once
}

// Wants tells whether the form's hook is told a kind of event.
func (p hooksPage) Wants(kind string) bool { return slices.Contains(p.Form.Kinds, kind) }

// Became is what became of a delivery, and what to do.
func (p *page) Became(a notify.Attempt) string { return becameOf(p.tongue, a) }

func becameOf(t *words.Tongue, a notify.Attempt) string {
	if a.OK() {
		return t.Say("webhooks.taken")
	}
	says := t.Say("done.undelivered-" + a.Fault)
	switch {
	case a.About != "":
		says += " (" + a.About + ")"
	case a.Status != 0:
		says += " (" + strconv.Itoa(a.Status) + ")"
	}
	if a.GaveUp {
		says += " " + t.Say("webhooks.gave-up")
	}
	return says
}

func (s *Server) hookRoutes() []route {
	if s.cfg.Hooks == nil {
		return nil
	}
	return []route{
		{"GET /webhook", hookKeepers, s.getHooks},
		{"POST /webhook", hookKeepers, s.postHooks},
	}
}

// getHooks answers the page; ?modifica= puts a hook into the form.
func (s *Server) getHooks(w http.ResponseWriter, r *http.Request) {
	v := hooksPage{}
	for _, h := range s.cfg.Hooks.List() {
		if h.ID == r.URL.Query().Get("modifica") {
			v.Form = h.Hook
		}
	}
	s.showHooks(w, r, v)
}

func (s *Server) showHooks(w http.ResponseWriter, r *http.Request, v hooksPage) {
	p := s.page(r, "webhooks").flash(r).faulty(v.Faults)
	v.Hooks, v.Kinds = s.cfg.Hooks.List(), view.EventKinds()
	p.View = v
	s.render(w, r, p)
}

// postHooks carries out what a form of the page asks for.
func (s *Server) postHooks(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	id, code := f["id"], "done"
	switch f["action"] {
	case "save":
		s.postHook(w, r, f)
		return
	case "delete":
		err = s.deleteHook(r, id)
	case "on", "off":
		err = s.switchHook(r, id, f["action"] == "off")
	case "replay":
		var from uint64
		if from, err = strconv.ParseUint(f["from"], 10, 64); err != nil {
			err = notify.ErrFuture
		} else {
			err = s.replayHook(r, id, from)
		}
	case "test":
		var a notify.Attempt
		if a, err = s.cfg.Hooks.Test(r.Context(), id); err == nil {
			code = hookTestCode(a)
		}
	default:
		err = errBadBody
	}
	extra := url.Values{}
	if err != nil {
		if s.tellForm(w, r, s.getHooks, nil, err) {
			return
		}
		_, code = s.explain(err)
	}
	if err != nil || strings.HasPrefix(code, "undelivered-") {
		extra.Set("rifiuto", "1")
	}
	s.back(w, r, "/webhook", extra, code, nil)
}

// hookTestCode is the code of what became of a test.
func hookTestCode(a notify.Attempt) string {
	if a.OK() {
		return "webhook-taken"
	}
	return "undelivered-" + a.Fault
}

// postHook makes or changes a hook. What was refused stays in the form.
func (s *Server) postHook(w http.ResponseWriter, r *http.Request, f fields) {
	h := notify.Hook{ID: f["id"], Name: f["name"], URL: strings.TrimSpace(f["url"]), OnBox: f["on_box"] != ""}
	if f["kinds"] != "" {
		h.Kinds = strings.Split(f["kinds"], ",")
	}
	made, err := s.saveHook(r, h)
	if wrong := fieldFaults(s.tongueOf(r), err); len(wrong) > 0 {
		s.showHooks(w, r, hooksPage{Form: h, Faults: wrong})
		return
	}
	if err != nil {
		_, code := s.explain(err)
		s.back(w, r, "/webhook", url.Values{"rifiuto": {"1"}}, code, nil)
		return
	}
	if h.ID != "" {
		s.back(w, r, "/webhook", nil, "done", nil)
		return
	}
	s.showHooks(w, r, hooksPage{Made: &made})
}

// hook is one of the hooks.
func (s *Server) hook(id string) (notify.Hook, error) {
	for _, h := range s.cfg.Hooks.List() {
		if h.ID == id {
			return h.Hook, nil
		}
	}
	return notify.Hook{}, notify.ErrUnknown
}

// What changes a hook stands in the audit list, since it says what leaves the box
// and where to. Its secret does not.

func (s *Server) saveHook(r *http.Request, h notify.Hook) (notify.Hook, error) {
	old, err := s.hook(h.ID)
	if h.ID != "" && err != nil {
		return h, err
	}
	made, err := s.cfg.Hooks.Save(h)
	if err != nil {
		return made, err
	}
	if h.ID == "" {
		s.note(r, hookKeepers, "hook.make", nil, notedHook(made))
	} else {
		s.note(r, hookKeepers, "hook.change", notedHook(old), notedHook(made))
	}
	return made, nil
}

// switchHook switches a hook off, or on again.
func (s *Server) switchHook(r *http.Request, id string, off bool) error {
	h, err := s.hook(id)
	if err != nil {
		return err
	}
	h.Disabled = off
	_, err = s.saveHook(r, h)
	return err
}

func (s *Server) deleteHook(r *http.Request, id string) error {
	old, _ := s.hook(id)
	switch err := s.cfg.Hooks.Delete(id); {
	case errors.Is(err, notify.ErrDeleted):
		return nil // it is done already
	case err != nil:
		return err
	}
	s.note(r, hookKeepers, "hook.delete", notedHook(old), nil)
	return nil
}

func (s *Server) replayHook(r *http.Request, id string, from uint64) error {
	h, err := s.hook(id)
	if err == nil && s.cfg.Events != nil {
		_, err = s.cfg.Events.Opening(from)
	}
	if err == nil {
		err = s.cfg.Hooks.Replay(id, from)
	}
	if err != nil {
		return err
	}
	s.note(r, hookKeepers, "hook.replay", nil, map[string]any{"name": h.Name, "from_event": from})
	return nil
}

// notedHook is a side of an act about a hook.
func notedHook(h notify.Hook) map[string]any {
	side := map[string]any{"name": h.Name, "url": withoutQuery(h.URL), "kinds": h.Kinds}
	for field, on := range map[string]bool{"on_box": h.OnBox, "disabled": h.Disabled} {
		if on {
			side[field] = true
		}
	}
	return side
}

// withoutQuery is an address without its query, which may be a password.
func withoutQuery(address string) string {
	if base, _, has := strings.Cut(address, "?"); has {
		return base + "?…"
	}
	return address
}

// Inputs and answers of the calls.
type (
	hookInput struct {
		ID string `path:"id" doc:"The webhook, as answers name it"`
	}
	hookBody struct {
		Name     string   `json:"name" example:"Protocollo" doc:"How people of the office call it"`
		URL      string   `json:"url" example:"https://protocollo.comune.it/eventi" doc:"Where events are posted: https, or http within the private network"`
		Kinds    []string `json:"kinds,omitempty" example:"[\"ticket.issued\",\"ticket.called\"]" doc:"Kinds of event that are told, of those that the list of webhooks has; none is all"`
		Secret   string   `json:"secret,omitempty" doc:"whsec_ and base64 of 24 to 64 bytes; without it one is made, or the old one stays"`
		OnBox    bool     `json:"on_box,omitempty" doc:"The receiver runs on this box: loopback and the addresses of its own interfaces are allowed"`
		Disabled bool     `json:"disabled,omitempty" doc:"Nothing is told at present"`
	}
	changeHookInput struct {
		ID   string `path:"id" doc:"The webhook, as answers name it"`
		Body hookBody
	}
	replayInput struct {
		ID   string `path:"id" doc:"The webhook, as answers name it"`
		Body struct {
			From uint64 `json:"from" minimum:"1" example:"1200" doc:"The first sequence that is told again"`
		}
	}
	hookList struct {
		Webhooks []hookState `json:"webhooks"`
		Kinds    []string    `json:"kinds" doc:"The kinds of event that there are"`
	}
	// A hookState is a notify.Status in the words of who reads it.
	hookState struct {
		notify.Status
		Log []toldAttempt `json:"log" doc:"The last attempts, newest first"`
	}
	// A toldAttempt is a notify.Attempt in the words of who reads it.
	toldAttempt struct {
		notify.Attempt
		Say string `json:"say" doc:"What became of it and what to do, in the caller's language"`
	}
)

// hookStates are the webhooks for who reads a language.
func (s *Server) hookStates(t *words.Tongue) []hookState {
	all := []hookState{}
	for _, one := range s.cfg.Hooks.List() {
		h := hookState{one, []toldAttempt{}}
		for _, a := range one.Log {
			h.Log = append(h.Log, toldAttempt{a, becameOf(t, a)})
		}
		all = append(all, h)
	}
	return all
}

func (b hookBody) hook(id string) notify.Hook {
	return notify.Hook{ID: id, Name: b.Name, URL: b.URL, Kinds: b.Kinds, Secret: b.Secret, OnBox: b.OnBox, Disabled: b.Disabled}
}

// registerHooks are the calls of the webhooks.
func (o *operations) registerHooks() {
	const path, tag = "/api/v1/webhooks", "webhooks"
	s := o.s
	if s.cfg.Hooks == nil {
		return
	}
	post := func(below, summary string) huma.Operation {
		return call(http.MethodPost, path+"/{id}/"+below, tag, summary)
	}
	operate(o, hookKeepers, call(http.MethodGet, path, tag, "The webhooks, how far each is, and their last attempts"),
		func(r *http.Request, _ *struct{}) (hookList, error) {
			return hookList{s.hookStates(s.tongueOf(r)), view.EventKinds()}, nil
		})
	operate(o, hookKeepers, making(path, tag, "Make a webhook; the answer alone holds its secret"),
		func(r *http.Request, in *sent[hookBody]) (notify.Hook, error) { return s.saveHook(r, in.Body.hook("")) })
	operate(o, hookKeepers, post("change", "Change a webhook"), func(r *http.Request, in *changeHookInput) (notify.Hook, error) {
		changed, err := s.saveHook(r, in.Body.hook(in.ID))
		changed.Secret = ""
		return changed, err
	})
	perform(o, hookKeepers, post("delete", "Delete a webhook"),
		func(r *http.Request, in *hookInput) error { return s.deleteHook(r, in.ID) })
	perform(o, hookKeepers, post("replay", "Tell a webhook everything again from a sequence on"),
		func(r *http.Request, in *replayInput) error { return s.replayHook(r, in.ID, in.Body.From) })
	operate(o, hookKeepers, post("test", "Send a webhook one event of the kind test, and answer what became of it"),
		func(r *http.Request, in *hookInput) (toldAttempt, error) {
			a, err := s.cfg.Hooks.Test(r.Context(), in.ID)
			return toldAttempt{a, becameOf(s.tongueOf(r), a)}, err
		})
}
