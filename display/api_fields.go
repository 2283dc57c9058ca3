package display

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"eliminacode/queue/words"
)

// A fieldRule is a way in which a value is not what a call takes: how huma, which
// reads the requests, says it in English, and the code by which the caller is told
// in its own language.
type fieldRule struct {
	code string // of the text "field." and the code
	says string // with one verb of fmt for what the rule asks for, or none
}

// fieldRules are the rules that calls have. What is found wrong by another one is
// told in general, as "general".
var fieldRules = []fieldRule{
	{"unknown", validation.MsgUnexpectedProperty},
	{"unknown", unknownParameter},
	{"twice", givenTwice},
	{"escape", badEscape},
	{"missing", validation.MsgExpectedRequiredProperty},
	{"missing", "required %s parameter is missing"},
	{"text", validation.MsgExpectedString},
	{"whole", validation.MsgExpectedInteger},
	{"whole", "invalid integer"},
	{"number", validation.MsgExpectedNumber},
	{"truth", validation.MsgExpectedBoolean},
	{"truth", "invalid boolean"},
	{"list", validation.MsgExpectedArray},
	{"object", validation.MsgExpectedObject},
	{"one-of", validation.MsgExpectedOneOf},
	{"least", validation.MsgExpectedMinimumNumber},
	{"most", validation.MsgExpectedMaximumNumber},
	{"long", validation.MsgExpectedMaxLength},
	{"pattern", validation.MsgExpectedMatchPattern},
	{"date", validation.MsgExpectedRFC3339Date},
	{"no-body", "request body is required"},
	// A figure that the checks let through, and no number of ours can hold.
	{"size", "json: cannot unmarshal number %s"},
}

// A saidPattern is a pattern of the document, and the text "field." that says in words
// what it asks for.
type saidPattern struct{ pattern, text string }

// saidPatterns are those of all calls.
var saidPatterns = []saidPattern{
	{"^[0-9]+$", "digits"}, {"^[0-9]*$", "digits"}, {"^-?[0-9]+$", "signed"}, {"^[0-9.]+$", "decimal"},
	{"^[0-9]{1,2}([:.,][0-9]{2})?$", "hour"}, {"^([0-9]{1,2}([:.,][0-9]{2})?)?$", "hour"},
}

// read tells whether a message is of the rule, and what the rule asks for.
func (x fieldRule) read(message string) (asked string, ok bool) {
	for _, verb := range []string{"%s", "%v", "%d"} {
		before, after, has := strings.Cut(x.says, verb)
		if !has {
			continue
		}
		asked, ok = strings.CutPrefix(message, before)
		if ok {
			asked, ok = strings.CutSuffix(asked, after)
		}
		return asked, ok
	}
	return "", message == x.says
}

const (
	// mostWrong is how many places of a request are told at most: a small body can
	// have thousands of unknown fields.
	mostWrong = 20
	// mostNamed is how many bytes of a field's name stand in a sentence.
	mostNamed = 60
	// mostDepth is how many objects and lists lie within each other at most, in what
	// calls take and more.
	mostDepth = 32
)

// wrongIn is what huma found wrong with a request to a call, place by place.
func (o *operations) wrongIn(t *words.Tongue, op *huma.Operation, found *huma.ErrorModel) (all []problemField) {
	details := slices.Clone(found.Errors)
	if len(details) == 0 {
		details = []*huma.ErrorDetail{{Location: "body", Message: found.Detail}}
	}
	slices.SortStableFunc(details, func(a, b *huma.ErrorDetail) int { return strings.Compare(a.Location, b.Location) })
	for _, d := range details[:min(len(details), mostWrong)] {
		if found.Status == http.StatusBadRequest && len(found.Errors) > 0 && d.Location == "body" {
			all = append(all, problemField{Location: d.Location, Code: "unreadable", Message: t.Say("field.unreadable"), Parser: d.Message})
			continue
		}
		all = append(all, o.wrongField(t, op, d))
	}
	return all
}

// wrongField is one value of a request that is not what a call takes.
func (o *operations) wrongField(t *words.Tongue, op *huma.Operation, d *huma.ErrorDetail) problemField {
	f := problemField{Location: d.Location, Code: "general"}
	asked := ""
	for _, rule := range fieldRules {
		if what, ok := rule.read(d.Message); ok {
			f.Code, asked = rule.code, what
			break
		}
	}
	switch f.Code {
	case "missing":
		if strings.HasPrefix(d.Message, "expected") {
			f.Location = "body." + asked // it is told of the object; a parameter, of itself
		}
	case "size":
		// "1e99 into Go struct field Body.version of type uint64"
		if _, after, ok := strings.Cut(asked, " struct field "); ok {
			name, _, _ := strings.Cut(after, " ")
			f.Location += "." + name[strings.LastIndexByte(name, '.')+1:]
		}
	case "one-of":
		asked = strings.TrimSuffix(asked, ", ") // one that may be empty ends so
	case "unknown":
		f.Location = unknownAt(d)
	case "general":
		f.Parser = d.Message
	}
	known, text := "", f.Code
	if f.Code == "pattern" {
		if i := slices.IndexFunc(saidPatterns, func(x saidPattern) bool { return x.pattern == asked }); i >= 0 {
			text = saidPatterns[i].text
		}
	}
	if f.Code == "unknown" {
		if known = strings.Join(o.takenAt(op, f.Location), ", "); known == "" {
			text = "unknown-none"
		}
	}
	f.Message = t.Say("field."+text, "field", placeName(f.Location), "asked", asked, "known", known)
	f.Say = wrongSaid(t, text, "asked", asked)
	return f
}

// placeName is a place of a request as a sentence names it.
func placeName(location string) string {
	if _, name, ok := strings.Cut(location, "."); ok {
		location = name
	}
	if len(location) > mostNamed {
		location = strings.ToValidUTF8(location[:mostNamed], "") + "…"
	}
	return location
}

// unknownAt is where an unknown field stands. No object within a body has a fixed set of
// fields, so it is one of the body's own: huma loses the place where another name
// has a point in it, as paths of an office do.
func unknownAt(d *huma.ErrorDetail) string {
	among, _ := d.Value.(map[string]any)
	longest := ""
	for name := range among {
		if strings.HasSuffix(d.Location, "."+name) && len(name) >= len(longest) {
			longest = name
		}
	}
	if longest == "" {
		return d.Location
	}
	return "body." + longest
}

// takenAt are the names that a call takes beside one that it does not know.
func (o *operations) takenAt(op *huma.Operation, location string) (names []string) {
	if strings.HasPrefix(location, "query.") {
		for _, p := range op.Parameters {
			if p.In == "query" {
				names = append(names, p.Name)
			}
		}
		return names
	}
	if op.RequestBody == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(o.resolved(op.RequestBody.Content[jsonMedia].Schema).Properties))
}

// resolved follows the reference of a schema.
func (o *operations) resolved(s *huma.Schema) *huma.Schema {
	if s.Ref != "" {
		return o.api.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// unknownParameter is what stands in no question of a call.
const unknownParameter = "unknown query parameter"

// givenTwice is what has two values where a call takes one.
const givenTwice = "given twice"

// badEscape is a question that cannot be read: a percent sign without two hexadecimal
// digits behind it, or a semicolon that stands for itself.
const badEscape = "query cannot be read"

// asked refuses an address that asks for something the call does not know, or for two
// values of one thing, so that nothing is passed over that somebody asks for. Any may
// say a language.
func (s *Server) asked(pattern string, do http.HandlerFunc) http.HandlerFunc {
	method, path, _ := strings.Cut(pattern, " ")
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "" {
			do(w, r)
			return
		}
		// A view is documented by its own address, the socket of the events with the other.
		op := cmp.Or(s.operations.documented(method, strings.TrimSuffix(path, "/ws")), s.operations.documented(method, r.URL.Path))
		found := &huma.ErrorModel{}
		question, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			found.Add(&huma.ErrorDetail{Location: "query", Message: badEscape})
		}
		for name, values := range question {
			var taken *huma.Param
			if op != nil {
				if i := slices.IndexFunc(op.Parameters, func(p *huma.Param) bool { return p.In == "query" && p.Name == name }); i >= 0 {
					taken = op.Parameters[i]
				}
			}
			switch {
			case op != nil && name != languageCookie && taken == nil:
				found.Add(&huma.ErrorDetail{Location: "query." + name, Message: unknownParameter})
			case len(values) > 1 && (taken == nil || taken.Schema.Type != huma.TypeArray):
				found.Add(&huma.ErrorDetail{Location: "query." + name, Message: givenTwice})
			}
		}
		if len(found.Errors) == 0 {
			do(w, r)
			return
		}
		writeProblem(w, s.badFields(r, s.operations.wrongIn(s.tongueOf(r), op, found)))
	}
}

// unambiguous refuses a body in which an object has a name twice: readers of JSON differ
// on which of the values counts. It has been read as a whole.
func (s *Server) unambiguous(op *huma.Operation, do http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			s.refuse(w, r, fmt.Errorf("%w: %w", errBadBody, err))
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		found := &huma.ErrorModel{}
		places, err := twiceIn(body)
		if errors.Is(err, errDeep) {
			p := s.problemFor(r, errBadBody)
			p.Errors = []problemField{{Location: "body", Code: "deep", Message: s.tongueOf(r).Say("field.deep", "most", mostDepth)}}
			writeProblem(w, p)
			return
		}
		for _, place := range places {
			found.Add(&huma.ErrorDetail{Location: "body." + place, Message: givenTwice})
		}
		if len(found.Errors) == 0 {
			do(w, r)
			return
		}
		writeProblem(w, s.badFields(r, s.operations.wrongIn(s.tongueOf(r), op, found)))
	}
}

// errDeep: a body has more than mostDepth objects and lists within each other.
var errDeep = errors.New("body is too deep")

// twiceIn are the places within a JSON body that a name is given to once more. The error
// is errDeep, or that of a body that cannot be read: its reader says what is wrong with it.
func twiceIn(body []byte) (places []string, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber() // a figure of any size is one
	var value func(place string, depth int) error
	value = func(place string, depth int) error {
		token, err := d.Token()
		if err != nil {
			return err
		}
		if depth > mostDepth {
			return errDeep
		}
		switch token {
		case json.Delim('['):
			for i := 0; d.More(); i++ {
				if err := value(fmt.Sprintf("%s[%d]", place, i), depth+1); err != nil {
					return err
				}
			}
		case json.Delim('{'):
			names := map[string]bool{}
			for d.More() {
				token, err := d.Token()
				if err != nil {
					return err
				}
				name, _ := token.(string) // of an object it is one
				at := strings.TrimPrefix(place+"."+name, ".")
				if names[name] && !slices.Contains(places, at) && len(places) < mostWrong {
					places = append(places, at)
				}
				names[name] = true
				if err := value(at, depth+1); err != nil {
					return err
				}
			}
		default:
			return nil
		}
		_, err = d.Token() // the end of it
		return err
	}
	if err := value("", 0); err != nil {
		return nil, err
	}
	return places, nil
}

// badFields is the problem of a request with fields that are wrong.
func (s *Server) badFields(r *http.Request, wrong []problemField) problem {
	p := s.problemFor(r, errBadFields)
	p.Errors = wrong
	return p
}

// bare refuses a body that says something where none is taken, so that nothing is
// passed over that somebody says. An empty object says nothing.
func (s *Server) bare(do http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body) // it is bounded
		if err != nil {
			s.refuse(w, r, fmt.Errorf("%w: %w", errBadBody, err))
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		var said map[string]json.RawMessage
		if body = bytes.TrimSpace(body); len(body) == 0 || json.Unmarshal(body, &said) == nil && len(said) == 0 {
			do(w, r)
			return
		}
		t := s.tongueOf(r)
		if len(said) == 0 {
			writeProblem(w, s.badFields(r, []problemField{{Location: "body", Code: "not-taken", Message: t.Say("field.not-taken")}}))
			return
		}
		found := &huma.ErrorModel{}
		for name := range said {
			found.Add(&huma.ErrorDetail{Location: "body." + name, Message: validation.MsgUnexpectedProperty})
		}
		writeProblem(w, s.badFields(r, s.operations.wrongIn(t, &huma.Operation{}, found)))
	}
}
