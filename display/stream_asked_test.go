package display

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"eliminacode/display/view"
	"eliminacode/queue/words"
)

// A place in the stream that cannot be read is refused at its place, over both transports
// and in each language, with the form that it must have.
func TestAWrongPlaceInTheStreamIsToldAtItsPlace(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	for _, c := range []struct{ query, header, location, code string }{
		{"?from=abc", "", "query.from", "digits"},
		{"?from=-1", "", "query.from", "digits"},
		{"?from=99999999999999999999", "", "query.from", "size"},
		{"?after=12", "", "query.after", "event"},
		{"?after=journal-1-18446744073709551615", "", "query.after", "event"},
		{"", "abc", "header.Last-Event-ID", "event"},
	} {
		for _, path := range []string{"/api/v1/events", "/api/v1/events/ws"} {
			for _, l := range words.StaffLanguages() {
				status, _, body := ask(t, request(t, "GET", s.url+path+c.query, "", "Last-Event-ID", c.header, "Accept-Language", string(l)))
				var p problem
				if err := json.Unmarshal([]byte(body), &p); err != nil || status != http.StatusUnprocessableEntity || p.Code != "bad-fields" || len(p.Errors) != 1 {
					t.Errorf("%s%s %s: %d %s", path, c.query, c.header, status, body)
					continue
				}
				e := p.Errors[0]
				if e.Location != c.location || e.Code != c.code || !saidIn(l, e.Code, e.Message) {
					t.Errorf("%s%s %s: %+v", path, c.query, c.header, e)
				}
				if c.code == "event" && !strings.Contains(e.Message, "journal-1-") {
					t.Errorf("%s%s: %q shows no id", path, c.query, e.Message)
				}
			}
		}
	}
	op := serveDocument(t, s)
	if !strings.Contains(op, "journal, a hyphen and its sequence, a whole number from 0, such as K3QZ7M-60") || !strings.Contains(op, "refused with 422") {
		t.Error("the document does not say what after is")
	}
}

func serveDocument(t *testing.T, s running) string {
	t.Helper()
	_, _, body := ask(t, request(t, "GET", s.url+"/api/v1/openapi.json", ""))
	return body
}

// Whatever a request says of its place, it is a place that says the same again, or it is
// refused at one of the three.
func FuzzReadAsked(f *testing.F) {
	f.Add("", "", "")
	f.Add("journal-1-60", "", "")
	f.Add("", "a-b-0", "")
	f.Add("", "", "12")
	f.Add("", "journal-1-18446744073709551615", "")
	f.Add("-1", "12", "-1")
	f.Fuzz(func(t *testing.T, header, after, from string) {
		asked, wrong, rule := readAsked(header, after, from)
		id := header
		if id == "" {
			id = after
		}
		plain := strings.TrimLeft(id[strings.LastIndexByte(id, '-')+1:], "0")
		switch {
		case wrong != "":
			if words.In("it").Say("field."+rule) == "field."+rule || asked != (eventAsked{}) {
				t.Errorf("%q %q %q is wrong by %q, and %+v", header, after, from, rule, asked)
			}
		case asked.none:
			if header+after+from != "" {
				t.Errorf("%q %q %q is nothing", header, after, from)
			}
		case asked.journal != "":
			if asked.seq+1 == 0 || !strings.HasPrefix(id, asked.journal+"-") || plain != strings.TrimLeft(strconv.FormatUint(asked.seq, 10), "0") {
				t.Errorf("%q is %s", id, view.EventID(asked.journal, asked.seq))
			}
		default:
			if id != "" || strings.TrimLeft(from, "0") != strings.TrimLeft(strconv.FormatUint(asked.seq, 10), "0") {
				t.Errorf("%q %q is %d", id, from, asked.seq)
			}
		}
	})
}
