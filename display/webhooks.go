package display

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"eliminacode/display/access"
	"eliminacode/display/notify"
	"eliminacode/display/view"
)

// Hooks are the webhooks; see notify.Sender. They may be used from any goroutine.
type Hooks interface {
	List() []notify.Status
	Save(h notify.Hook) (notify.Hook, error)
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
	Hooks []notify.Status
	Kinds []string
	Form  notify.Hook
	Fault string       // what was refused of the form
	Made  *notify.Hook // with its secret, this once
}

// Wants tells whether the form's hook is told a kind of event.
func (p hooksPage) Wants(kind string) bool { return slices.Contains(p.Form.Kinds, kind) }

// HookFault is what went wrong with a delivery, and what to do.
func (p *page) HookFault(code string) string { return p.tongue.Say("done.undelivered-" + code) }

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
	s.showHooks(w, r, v, http.StatusOK)
}

func (s *Server) showHooks(w http.ResponseWriter, r *http.Request, v hooksPage, status int) {
	p := s.page(r, "webhooks").flash(r)
	v.Hooks, v.Kinds = s.cfg.Hooks.List(), view.EventKinds()
	p.View, p.status = v, status
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
		s.saveHook(w, r, f)
		return
	case "delete":
		err = s.cfg.Hooks.Delete(id)
	case "on", "off":
		err = s.switchHook(id, f["action"] == "off")
	case "replay":
		var from uint64
		if from, err = strconv.ParseUint(f["from"], 10, 64); err != nil {
			err = notify.ErrFuture
		} else {
			err = s.cfg.Hooks.Replay(id, from)
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

// saveHook makes or changes a hook. What was refused stays in the form.
func (s *Server) saveHook(w http.ResponseWriter, r *http.Request, f fields) {
	h := notify.Hook{ID: f["id"], Name: f["name"], URL: strings.TrimSpace(f["url"]), OnBox: f["on_box"] != ""}
	if f["kinds"] != "" {
		h.Kinds = strings.Split(f["kinds"], ",")
	}
	made, err := s.cfg.Hooks.Save(h)
	if err != nil {
		status, code := s.explain(err)
		v := hooksPage{Form: h}
		v.Fault, _ = s.tongueOf(r).ByCode(code)
		s.showHooks(w, r, v, status)
		return
	}
	if h.ID != "" {
		s.back(w, r, "/webhook", nil, "done", nil)
		return
	}
	s.showHooks(w, r, hooksPage{Made: &made}, http.StatusOK)
}

// switchHook switches a hook off, or on again.
func (s *Server) switchHook(id string, off bool) error {
	for _, h := range s.cfg.Hooks.List() {
		if h.ID == id {
			h.Disabled = off
			_, err := s.cfg.Hooks.Save(h.Hook)
			return err
		}
	}
	return notify.ErrUnknown
}

// Inputs and answers of the calls.
type (
	hookInput struct {
		Key string `header:"Idempotency-Key" maxLength:"64" doc:"The caller's own name for this request: sent again, it changes nothing"`
		ID  string `path:"id" doc:"The webhook, as answers name it"`
	}
	hookBody struct {
		Name     string   `json:"name" doc:"How people of the office call it"`
		URL      string   `json:"url" doc:"Where events are posted: https, or http within the private network"`
		Kinds    []string `json:"kinds,omitempty" doc:"Kinds of event that are told; none is all"`
		Secret   string   `json:"secret,omitempty" doc:"whsec_ and base64 of 24 to 64 bytes; without it one is made, or the old one stays"`
		OnBox    bool     `json:"on_box,omitempty" doc:"The receiver runs on this box: loopback is allowed"`
		Disabled bool     `json:"disabled,omitempty" doc:"Nothing is told at present"`
	}
	newHookInput struct {
		Key  string `header:"Idempotency-Key" maxLength:"64" doc:"The caller's own name for this request: sent again, it changes nothing"`
		Body hookBody
	}
	changeHookInput struct {
		Key  string `header:"Idempotency-Key" maxLength:"64" doc:"The caller's own name for this request: sent again, it changes nothing"`
		ID   string `path:"id" doc:"The webhook, as answers name it"`
		Body hookBody
	}
	replayInput struct {
		Key  string `header:"Idempotency-Key" maxLength:"64" doc:"The caller's own name for this request: sent again, it changes nothing"`
		ID   string `path:"id" doc:"The webhook, as answers name it"`
		Body struct {
			From uint64 `json:"from" minimum:"1" doc:"The first sequence that is told again"`
		}
	}
	hookAnswer    struct{ Body notify.Hook }
	attemptAnswer struct{ Body notify.Attempt }
	hooksAnswer   struct {
		Body struct {
			Webhooks []notify.Status `json:"webhooks"`
			Kinds    []string        `json:"kinds" doc:"The kinds of event that there are"`
		}
	}
	emptyAnswer struct{}
)

func (b hookBody) hook(id string) notify.Hook {
	return notify.Hook{ID: id, Name: b.Name, URL: b.URL, Kinds: b.Kinds, Secret: b.Secret, OnBox: b.OnBox, Disabled: b.Disabled}
}

// registerHooks are the calls of the webhooks.
func (o *operations) registerHooks() {
	const path = "/api/v1/webhooks"
	hooks := o.s.cfg.Hooks
	if hooks == nil {
		return
	}
	call := func(method, below, id, summary string) huma.Operation {
		return huma.Operation{Method: method, Path: path + below, OperationID: id, Tags: []string{"webhooks"}, Summary: summary}
	}
	operate(o, hookKeepers, call(http.MethodGet, "", "getWebhooks", "The webhooks, how far each is, and their last attempts"),
		func(context.Context, *struct{}) (*hooksAnswer, error) {
			a := &hooksAnswer{}
			a.Body.Webhooks, a.Body.Kinds = hooks.List(), view.EventKinds()
			return a, nil
		})
	maker := call(http.MethodPost, "", "postWebhooks", "Make a webhook; the answer alone holds its secret")
	maker.DefaultStatus = http.StatusCreated
	operate(o, hookKeepers, maker, func(ctx context.Context, in *newHookInput) (*hookAnswer, error) {
		made, err := hooks.Save(in.Body.hook(""))
		return answerHook(ctx, o, made, err)
	})
	operate(o, hookKeepers, call(http.MethodPost, "/{id}/change", "postWebhooksChange", "Change a webhook"),
		func(ctx context.Context, in *changeHookInput) (*hookAnswer, error) {
			changed, err := hooks.Save(in.Body.hook(in.ID))
			changed.Secret = ""
			return answerHook(ctx, o, changed, err)
		})
	operate(o, hookKeepers, call(http.MethodPost, "/{id}/delete", "postWebhooksDelete", "Delete a webhook"),
		func(ctx context.Context, in *hookInput) (*emptyAnswer, error) {
			return answerEmpty(ctx, o, hooks.Delete(in.ID))
		})
	operate(o, hookKeepers, call(http.MethodPost, "/{id}/replay", "postWebhooksReplay", "Tell a webhook everything again from a sequence on"),
		func(ctx context.Context, in *replayInput) (*emptyAnswer, error) {
			return answerEmpty(ctx, o, hooks.Replay(in.ID, in.Body.From))
		})
	operate(o, hookKeepers, call(http.MethodPost, "/{id}/test", "postWebhooksTest", "Send a webhook one event of the kind test, and answer what became of it"),
		func(ctx context.Context, in *hookInput) (*attemptAnswer, error) {
			a, err := hooks.Test(ctx, in.ID)
			if err != nil {
				return nil, o.s.refusal(ctx, err)
			}
			return &attemptAnswer{a}, nil
		})
}

func answerHook(ctx context.Context, o *operations, h notify.Hook, err error) (*hookAnswer, error) {
	if err != nil {
		return nil, o.s.refusal(ctx, err)
	}
	return &hookAnswer{h}, nil
}

func answerEmpty(ctx context.Context, o *operations, err error) (*emptyAnswer, error) {
	if err != nil {
		return nil, o.s.refusal(ctx, err)
	}
	return &emptyAnswer{}, nil
}
