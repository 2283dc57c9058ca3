package display

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

// What a box answers is what the document says, value by value: a client that
// holds answers to their schemas takes all of them, of an office and before there is
// one.
func TestAnswersAreAsTheDocumentSays(t *testing.T) {
	held := 0
	for name, x := range map[string]*wholeOffice{"an office": newWholeOffice(t), "a box without one": wholeOf(t, newTestBox(t))} {
		for _, c := range x.calls {
			op := x.operations.documented(c.method, c.path)
			if c.method != http.MethodGet || c.answer == nil || op == nil {
				continue
			}
			rec := x.send(http.MethodGet, c.at("")+"?"+c.question(), nil)
			if rec.Code != http.StatusOK {
				continue // by what is not there: a box without an office has no desks
			}
			var got any
			if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
				t.Fatalf("%s: %v", c, err)
			}
			var res huma.ValidateResult
			schema := op.Responses["200"].Content["application/json"].Schema
			huma.Validate(x.operations.api.OpenAPI().Components.Schemas, schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, got, &res)
			for _, err := range res.Errors {
				t.Errorf("%s, %s: %v", name, c, err)
			}
			held++
		}
	}
	if held < 20 {
		t.Errorf("only %d answers were held to the document", held)
	}
}

// What the document does not ask for may be left out: no call refuses a body of all
// that is required for want of something else.
func TestWhatIsNotRequiredMayBeLeftOut(t *testing.T) {
	x, sent := newWholeOffice(t), 0
	for _, c := range x.calls {
		if c.method != http.MethodPost || c.media != jsonMedia {
			continue
		}
		required, _ := c.body["required"].([]any)
		least := map[string]any{}
		for _, name := range required {
			least[name.(string)] = x.sample(propertiesOf(c.body)[name.(string)])
		}
		body, err := json.Marshal(least)
		if err != nil {
			t.Fatal(err)
		}
		rec := x.send(http.MethodPost, c.at(""), strings.NewReader(string(body)), "Content-Type", jsonMedia)
		var p problem
		_ = json.Unmarshal(rec.Body.Bytes(), &p)
		for _, e := range p.Errors {
			name, _, _ := strings.Cut(strings.TrimPrefix(e.Location, "body."), ".")
			name, _, _ = strings.Cut(name, "[")
			if _, given := least[name]; !given {
				t.Errorf("%s wants %s, which the document does not ask for: %s", c, e.Location, rec.Body)
			}
		}
		sent++
	}
	if sent < 60 {
		t.Errorf("only %d bodies were sent", sent)
	}
}
