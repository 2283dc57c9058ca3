package display

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// getDocument answers the document of the API, OpenAPI 3.1.
func (s *Server) getDocument(w http.ResponseWriter, r *http.Request) {
	b, err := json.Marshal(s.operations.api.OpenAPI())
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/openapi+json")
	_, _ = w.Write(b)
}

// An apiPage is the document as a person reads it.
type apiPage struct {
	About    []string // by paragraph
	Groups   []apiGroup
	Refusals []apiRefusal
	Types    []apiType
}

// An apiGroup is the calls of one subject.
type apiGroup struct {
	Name, About string
	Calls       []apiCall
}

// An apiCall is one call.
type apiCall struct {
	Method, Path, Summary, Description string
	Parameters                         []apiField
	Body, Answer                       apiField // named after its type; empty is none
	Example                            string   // of a body; empty without one
	Refusals                           []string // statuses
}

// An apiType is an object that calls take or answer with.
type apiType struct {
	Name   string
	Fields []apiField
}

// An apiField is a value: Type is what it is, and Ref the name of an apiType in it.
type apiField struct {
	Name, Type, Ref, About string
	Required               bool
	Example                string // as it stands in a body; empty where none is given
}

// getAPI answers the document as a page. It needs no script and nothing from
// outside.
func (s *Server) getAPI(w http.ResponseWriter, r *http.Request) {
	p := s.page(r, "api")
	p.View = readable(s.operations.api.OpenAPI())
	s.render(w, r, p)
}

// readable is a document in the order in which a person reads it.
func readable(d *huma.OpenAPI) apiPage {
	page := apiPage{About: strings.Split(d.Info.Description, "\n\n"), Refusals: readableRefusals()}
	groups := map[string]*apiGroup{}
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, op := range methodsOf(d.Paths[path]) {
			name := op.Tags[0]
			if groups[name] == nil {
				groups[name] = &apiGroup{Name: name}
				if at := slices.IndexFunc(d.Tags, func(t *huma.Tag) bool { return t.Name == name }); at >= 0 {
					groups[name].About = d.Tags[at].Description
				}
			}
			groups[name].Calls = append(groups[name].Calls, readableCall(d.Components.Schemas, op))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		page.Groups = append(page.Groups, *groups[name])
	}
	schemas := d.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		one := apiType{Name: name}
		for field, schema := range schemas[name].Properties {
			one.Fields = append(one.Fields, readableField(field, schema, slices.Contains(schemas[name].Required, field)))
		}
		slices.SortFunc(one.Fields, func(a, b apiField) int { return strings.Compare(a.Name, b.Name) })
		page.Types = append(page.Types, one)
	}
	return page
}

// Anchor is where the call stands on the page.
func (c apiCall) Anchor() string {
	return strings.ToLower(c.Method) + "-" + strings.Trim(strings.NewReplacer("/api/v1", "", "/", "-", "{", "", "}", "").Replace(c.Path), "-")
}

func readableCall(schemas huma.Registry, op *huma.Operation) apiCall {
	c := apiCall{Method: op.Method, Path: op.Path, Summary: op.Summary, Description: op.Description}
	for _, p := range op.Parameters {
		f := readableField(p.Name, p.Schema, p.Required)
		f.About = cmp.Or(p.Description, f.About)
		if f.Example == "" && p.Example != nil {
			f.Example = fmt.Sprint(p.Example)
		}
		c.Parameters = append(c.Parameters, f)
	}
	if op.RequestBody != nil {
		c.Body = readableContent(op.RequestBody.Content)
		c.Example = exampleOf(schemas, op.RequestBody.Content[jsonMedia])
	}
	for _, status := range []string{"200", "201"} {
		if good := op.Responses[status]; good != nil && c.Answer.Name == "" {
			c.Answer = readableContent(good.Content)
		}
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		if op.Responses[status].Ref != "" {
			c.Refusals = append(c.Refusals, status)
		}
	}
	return c
}

// exampleOf is a body with the examples of its fields; empty where no field has one.
func exampleOf(schemas huma.Registry, content *huma.MediaType) string {
	if content == nil {
		return ""
	}
	schema := content.Schema
	if schema.Ref != "" {
		schema = schemas.SchemaFromRef(schema.Ref)
	}
	body := map[string]any{}
	for name, field := range schema.Properties {
		if len(field.Examples) > 0 {
			body[name] = field.Examples[0]
		}
	}
	if len(body) == 0 {
		return ""
	}
	text, err := json.Marshal(body)
	if err != nil {
		return ""
	}
	return string(text)
}

func readableContent(content map[string]*huma.MediaType) (f apiField) {
	for media, of := range content {
		f = readableField("", of.Schema, true)
		f.Name = media
	}
	return f
}

func readableField(name string, s *huma.Schema, required bool) apiField {
	f := apiField{Name: name, Required: required, About: s.Description, Type: s.Type}
	if len(s.Examples) > 0 {
		if text, err := json.Marshal(s.Examples[0]); err == nil {
			f.Example = string(text)
		}
	}
	if s.Ref != "" {
		f.Ref = s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
		f.Type = f.Ref
	}
	if s.Type == huma.TypeArray && s.Items != nil {
		of := readableField("", s.Items, true)
		f.Type, f.Ref = "list of "+of.Type, of.Ref
	}
	if len(s.Enum) > 0 {
		var may []string
		for _, v := range s.Enum {
			if text, ok := v.(string); ok && text != "" {
				may = append(may, text)
			}
		}
		f.Type = "one of " + strings.Join(may, ", ")
	}
	return f
}
