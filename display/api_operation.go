package display

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"eliminacode/display/access"
)

// operations are the calls of the API with their types. They are made once, and
// stand in the table of routes with who may use them, like every other address.
type operations struct {
	s         *Server
	api       huma.API
	answering answering
	all       []route
	forms     []formCall
	once      *once
}

// answering keeps what huma would have put on a mux of its own, by pattern: the
// table of routes puts it on ours.
type answering map[string]http.HandlerFunc

// HandleFunc keeps the handler of a pattern.
func (a answering) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	a[pattern] = h
}

// ServeHTTP is what huma asks of a mux and never uses here.
func (a answering) ServeHTTP(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

// problemSchema is the name of an error in the document.
const problemSchema = "Problem"

func newOperations(s *Server) *operations {
	o := &operations{s: s, answering: answering{}, once: newOnce()}
	o.api = humago.New(o.answering, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "eliminacode", Version: "1", Description: apiDescription, License: &huma.License{Name: "EUPL-1.2", Identifier: "EUPL-1.2"}},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"token": {Type: "http", Scheme: "bearer", Description: "A program's token, made by an administrator or with eliminacode token create"},
				},
			},
		},
		Formats:       map[string]huma.Format{jsonMedia: huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat: jsonMedia,
		Transformers:  []huma.Transformer{o.inOurShape},
	})
	o.register()
	o.describeRefusals()
	o.describeRules()
	o.describeTags()
	// huma's own error is on no wire: it becomes a problem of ours.
	for _, unused := range []string{"ErrorModel", "ErrorDetail"} {
		delete(o.api.OpenAPI().Components.Schemas.Map(), unused)
	}
	return o
}

// apiDescription stands at the head of the document, a paragraph a line.
var apiDescription = strings.Join([]string{
	`Everything that the pages of the office do, for programs. Bodies and answers are JSON in UTF-8, unless a call says otherwise. ` +
		`Names of fields, codes and kinds stay as they are within /api/v1; others may be added to answers, so a program passes over those that it does not know.`,
	`Who calls. A program shows its token as "Authorization: Bearer TOKEN". An administrator makes one on the page /programmi or by POST /api/v1/tokens, ` +
		`and who has a shell on the box with eliminacode token create --role ROLE. A token has one role, ends on its day, and may be narrowed to scopes: ` +
		`a scope is the first part of an address after /api/v1/, such as reception or desks. Each call says for which roles it is.`,
	`What is sent. A call takes the fields and parameters that this document has and no others: one that it does not know is refused with 422 and named, ` +
		`and so is a body where none is taken. Values of commands are texts, as in the forms of the pages ("20" and not 20); an empty text is as good as a field that is left out. ` +
		`Services, desks, outlets and series are named as the office's file names them, tickets as answers name them. ` +
		`A body has at most 16 KiB, that of an office's draft 256 KiB, that of a catalogue 512 KiB, that of a copy 4 GiB.`,
	`Instants are RFC 3339 texts, but for those of views (such as now), which are milliseconds since 1970 UTC by the office's clock; hours of today are texts such as "10:30" by the office's wall. ` +
		`What is said to a person stands in say, detail, do and message, in the language that who has signed in has chosen, else in that of Accept-Language (it, de, fr, sl or en), else in that of the office.`,
	`Refusals. What is refused has changed nothing. The answer is application/problem+json (RFC 9457): a stable code for programs, a sentence that ends in what to do for people, ` +
		`and for fields the place of each. The statuses and their codes stand with the responses of this document, and with each call that gives a command those with which the rules of the office may refuse that very one (x-refusals); ` +
		`besides, any call may be answered with 421, when the name in the address is none of the box, and with 403, when a page of another site sent it.`,
	`Sending again. A post may have an Idempotency-Key, a name of at most 64 bytes that the program chooses. By the same name, with the same body to the same address, it is carried out once: ` +
		`for ten minutes the answer is the first one, with "Idempotency-Replayed: true". By the same name with another body it is refused with 422 other-request. ` +
		`What was refused is not kept and may be sent again by its name. So a post without an answer, or answered with 429 or 503, is sent again as it was. ` +
		`The box keeps the last 512 answers of up to 16 KiB, until the program stops; a ticket that is asked for by the same name is the same one all day, even after a restart.`,
	`Deciding on what is still true. Where a call takes seen, version or mark, it is that of the last answer about the desk, the entry or the draft. ` +
		`If somebody else has changed the thing since, the call is refused with 409 (stale, entry-changed or draft-changed) and nothing is done: read anew, and decide anew.`,
	`Limits. A token has 600 requests a minute, unless another number was chosen when it was made. Every answer to it says so (draft-ietf-httpapi-ratelimit-headers): ` +
		`RateLimit-Policy: "minute";q=600;w=60 is 600 requests in 60 seconds, and RateLimit: "minute";r=580;t=2 is 580 left now, and all of them again in 2 seconds. ` +
		`Besides, one address has at most 64 requests under way, 1,000 reads a second (5 of them for a view that adds up the day), and 60 tickets a minute after the first 200; ` +
		`16 programs read events at a time, 8 of them from one address. ` +
		`Beyond requests and tickets the answer is 429, with the seconds to wait in Retry-After; without a place for a reader it is 503.`,
}, "\n\n")

// requestKey is where the request stands in the context of an operation.
type requestKey struct{}

func requestOf(ctx context.Context) *http.Request {
	r, _ := ctx.Value(requestKey{}).(*http.Request)
	return r
}

// A reply is a value as the answer of a call.
type reply[T any] struct{ Body T }

// operate makes a call of the API out of a function, with the types of its input
// and of the value that it answers with.
func operate[I, T any](o *operations, w who, op huma.Operation, do func(r *http.Request, in *I) (T, error)) {
	register(o, w, op, func(r *http.Request, in *I) (*reply[T], error) {
		v, err := do(r, in)
		return &reply[T]{v}, err
	})
}

// perform is operate for what answers nothing but that it was done.
func perform[I any](o *operations, w who, op huma.Operation, do func(r *http.Request, in *I) error) {
	register(o, w, op, func(r *http.Request, in *I) (*struct{}, error) { return &struct{}{}, do(r, in) })
}

// take is register for a call that takes nothing but a body; nothing is none.
func take[B, O any](o *operations, w who, op huma.Operation, do func(r *http.Request, body B) (*O, error)) {
	if any(*new(B)) == any(nothing{}) {
		register(o, w, op, func(r *http.Request, _ *struct{}) (*O, error) { return do(r, *new(B)) })
		return
	}
	register(o, w, op, func(r *http.Request, in *sent[B]) (*O, error) { return do(r, in.Body) })
}

// register puts a call into the document and into the table of routes. Every post
// may be named by who sends it, and every error is a problem of ours.
func register[I, O any](o *operations, w who, op huma.Operation, do func(r *http.Request, in *I) (*O, error)) {
	o.complete(w, &op)
	op.MaxBodyBytes, op.BodyReadTimeout = cmp.Or(op.MaxBodyBytes, maxBodyBytes), readTimeout
	if op.Method == http.MethodPost {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header", Example: "ticket-of-8-15",
			Description: "The caller's own name for this request: sent again, it changes nothing",
			Schema:      &huma.Schema{Type: huma.TypeString, MaxLength: new(maxRequestBytes)},
		})
	}
	huma.Register(o.api, op, func(ctx context.Context, in *I) (*O, error) {
		r := requestOf(ctx)
		out, err := do(r, in)
		if err != nil {
			return nil, o.s.refusal(r, err)
		}
		return out, nil
	})
	documented := o.documented(op.Method, op.Path)
	refusing(w, documented)
	pattern := op.Method + " " + op.Path
	answer := o.answering[pattern]
	h := func(w http.ResponseWriter, r *http.Request) {
		answer(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, r)))
	}
	if op.Method == http.MethodPost {
		h = o.once.wrap(o.s, h)
		if body := documented.RequestBody; body != nil {
			h = o.s.bringing(body, o.s.whole(o.s.unambiguous(documented, h)))
		} else {
			h = o.s.bare(h)
		}
	}
	o.all = append(o.all, route{pattern, w, h})
}

// whole reads a request before anything is done with it: one that breaks off is a
// fault of who sent it. How long it may be is bounded, and how long it may take to come.
func (s *Server) whole(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			s.refuse(w, r, fmt.Errorf("%w: %w", errBadBody, err))
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next(w, r)
	}
}

// call is an operation of a subject. What it makes is answered with 201.
func call(method, path, tag, summary string) huma.Operation {
	return huma.Operation{Method: method, Path: path, Tags: []string{tag}, Summary: summary}
}

// making is a post that makes something.
func making(path, tag, summary string) huma.Operation {
	op := call(http.MethodPost, path, tag, summary)
	op.DefaultStatus = http.StatusCreated
	return op
}

// complete fills in what every operation has.
func (o *operations) complete(w who, op *huma.Operation) {
	op.OperationID = cmp.Or(op.OperationID, operationID(op.Method, op.Path))
	op.Description = strings.TrimSpace(op.Description + " " + w.inWords())
	if w.roles != nil || w.topic {
		op.Security = []map[string][]string{{"token": {}}}
	}
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	schema := o.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[problem](), true, problemSchema)
	op.Responses["default"] = &huma.Response{
		Description: "A refusal, with what to do",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: schema}},
	}
}

// jsonMedia is what most calls take.
const jsonMedia = "application/json"

// A name that differs in its capitals is another name, as for every reader of JSON
// but Go's own.
func init() { huma.ValidateStrictCasing = true }

// handle is a call that a handler of ours reads and answers, such as one with a file.
func handle[O any](o *operations, w who, op huma.Operation, media string, do http.HandlerFunc) {
	describe[O](o, w, op, media)
	if op.RequestBody != nil {
		do = o.s.bringing(op.RequestBody, do)
	}
	o.all = append(o.all, route{op.Method + " " + op.Path, w, do})
}

// bringing refuses a body that is said to be something else than a call takes, or to
// be in other letters than UTF-8. None at all is an object without fields.
func (s *Server) bringing(body *huma.RequestBody, do http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		said := r.Header.Get("Content-Type")
		if said == "" && r.ContentLength == 0 && body.Content[jsonMedia] != nil {
			said, r.Body = jsonMedia, io.NopCloser(strings.NewReader("{}"))
		}
		kind, about, err := mime.ParseMediaType(said)
		if charset := about["charset"]; err != nil || body.Content[kind] == nil || charset != "" && !strings.EqualFold(charset, "utf-8") {
			s.refuse(w, r, errBadMedia)
			return
		}
		if kind == jsonMedia {
			r.Header.Set("Content-Type", kind)
		}
		do(w, r)
	}
}

// describe puts a call into the document that a handler of ours answers.
func describe[O any](o *operations, w who, op huma.Operation, media string, params ...*huma.Param) {
	o.complete(w, &op)
	op.Parameters = slices.Concat(op.Parameters, params, placesIn(op.Path))
	op.Responses["200"] = &huma.Response{Description: "OK", Content: map[string]*huma.MediaType{
		media: {Schema: o.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[O](), true, op.OperationID+"Answer")},
	}}
	refusing(w, &op)
	o.api.OpenAPI().AddOperation(&op)
}

// query is a parameter of an address.
func query(name, doc string) *huma.Param {
	return &huma.Param{Name: name, In: "query", Description: doc, Schema: &huma.Schema{Type: huma.TypeString}}
}

// placed is query for what must be said.
func placed(name, doc string) *huma.Param {
	p := query(name, doc)
	p.Required = true
	return p
}

// placesIn are the parameters in braces of a path whose handler reads them itself.
func placesIn(path string) (all []*huma.Param) {
	for _, part := range strings.Split(path, "/") {
		name, ok := strings.CutPrefix(part, "{")
		if !ok {
			continue
		}
		name = strings.TrimSuffix(name, "}")
		all = append(all, &huma.Param{
			Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString},
			Description: "The " + name + ", as the office's file names it",
		})
	}
	return all
}

// operationID names a call after its address: POST /api/v1/desks/{desk}/next is
// postDesksNext, and GET /api/v1/people/{id} is getPeopleById.
func operationID(method, path string) string {
	id := strings.ToLower(method)
	for _, part := range strings.FieldsFunc(strings.TrimPrefix(path, "/api/v1"), func(r rune) bool { return r == '/' || r == '-' || r == '.' }) {
		if !strings.HasPrefix(part, "{") {
			id += strings.ToUpper(part[:1]) + part[1:]
		}
	}
	if _, last, ok := strings.Cut(path, "/{"); ok && strings.HasSuffix(last, "}") && !strings.Contains(last, "/") {
		id += "By" + strings.ToUpper(last[:1]) + strings.TrimSuffix(last[1:], "}")
	}
	return id
}

// inWords says who may use an address.
func (w who) inWords() string {
	if w.roles == nil {
		return "For everybody."
	}
	var names []string
	for _, r := range w.roles {
		names = append(names, string(r))
	}
	return "For the roles " + strings.Join(names, ", ") + "."
}

// A refused is a problem as huma takes an error.
type refused struct{ problem }

func (e *refused) Error() string  { return e.Detail }
func (e *refused) GetStatus() int { return e.Status }
func (e *refused) GetHeaders() http.Header {
	if e.Status != http.StatusTooManyRequests {
		return nil
	}
	return http.Header{"Retry-After": {retryAfter(e.Code)}}
}
func (e *refused) ContentType(string) string    { return "application/problem+json" }
func (e *refused) MarshalJSON() ([]byte, error) { return json.Marshal(e.problem) }

// refusal is the problem of an error; one that finds fault with fields names them.
func (s *Server) refusal(r *http.Request, err error) error {
	var told *refused
	if errors.As(err, &told) {
		return told
	}
	found := fieldFaults(s.tongueOf(r), err)
	if len(found) == 0 {
		return &refused{s.problemFor(r, err)}
	}
	var wrong []problemField
	for _, field := range slices.Sorted(maps.Keys(found)) {
		wrong = append(wrong, problemField{Location: "body." + field, Message: found[field]})
	}
	return &refused{s.badFields(r, wrong)}
}

// inOurShape turns what huma says of a request that it cannot read into a problem
// of ours, which names the places.
func (o *operations) inOurShape(ctx huma.Context, _ string, v any) (any, error) {
	fault, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	r, _ := humago.Unwrap(ctx)
	if fault.Status >= http.StatusInternalServerError {
		return o.s.problemFor(r, fault), nil
	}
	err := errBadBody
	switch fault.Status {
	case http.StatusUnprocessableEntity:
		err = errBadFields
	case http.StatusRequestEntityTooLarge:
		return o.s.problemFor(r, errTooLong), nil
	}
	p := o.s.problemFor(r, err)
	p.Status = fault.Status
	p.Errors = o.wrongIn(o.s.tongueOf(r), ctx.Operation(), fault)
	return p, nil
}

// fieldsOf are the values of a body as a form has them: "it" in the object "text" is
// text-it, and each text in the list "boards" is a box that is ticked.
func fieldsOf(body any) (fields, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return nil, errors.Join(errBadBody, err)
	}
	var values map[string]any
	if err := json.Unmarshal(b, &values); err != nil {
		return nil, errors.Join(errBadBody, err)
	}
	f := fields{}
	for name, value := range values {
		switch value := value.(type) {
		case nil:
		case map[string]any:
			for key, one := range value {
				f[name+"-"+key] = fmt.Sprint(one)
			}
		case []any:
			for _, one := range value {
				f[fmt.Sprint(name, "-", one)] = ticks
			}
		default:
			f[name] = fmt.Sprint(value)
		}
	}
	return f, nil
}

// ticks is the value of a box that is ticked.
const ticks = "1"

// A formCall is a call that the pages' forms make.
type formCall struct {
	who           who
	place, action string // the part of the API, and the end of the address
	// takes are the names of its fields, with [] after that of a list and {} after
	// that of an object.
	takes []string
}

// formCallOf is the call of an action whose body is of a schema.
func (o *operations) formCallOf(w who, path, action string, body *huma.Schema) formCall {
	c := formCall{who: w, place: scopeOf(path), action: action}
	body = o.resolved(body)
	for _, name := range slices.Sorted(maps.Keys(body.Properties)) {
		switch body.Properties[name].Type {
		case huma.TypeArray:
			name += "[]"
		case huma.TypeObject:
			name += "{}"
		}
		c.takes = append(c.takes, name)
	}
	return c
}

// takes says, for the script of the staff's pages, what each call takes that forms of
// a visitor may make: by the part of the API and the action, the names with spaces
// between. A form may ask for several things, and has fields for all of them.
func (s *Server) takes(v access.Visitor) string {
	all := map[string]map[string]string{}
	for _, c := range s.operations.forms {
		if !c.who.allows(v) {
			continue
		}
		if all[c.place] == nil {
			all[c.place] = map[string]string{}
		}
		all[c.place][c.action] = strings.Join(c.takes, " ")
	}
	text, _ := json.Marshal(all) // maps of texts can always be written
	return string(text)
}
