package display

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// Every call that gives a command of the office says with which codes the rules may
// refuse that very command, and that it may answer with their statuses.
func TestTheDocumentSaysTheRefusalsOfEachCommand(t *testing.T) {
	x := newWholeOffice(t)
	place := strings.NewReplacer("/desks/s1/", "/desks/{desk}/")
	for name, h := range hands {
		if h.api == "" {
			continue
		}
		path := place.Replace(h.api)
		if kinds := commandsOf[path]; !slices.ContainsFunc(kinds, func(c queue.Command) bool { return reflect.TypeOf(c).Name() == name }) {
			t.Errorf("%s gives %s, and is said to give %v", path, name, kinds)
		}
	}
	for _, form := range x.operations.forms {
		if slices.Contains([]string{"demo", "devices", "technician", "alert"}, form.place) {
			continue // they give no command
		}
		found := false
		for path := range commandsOf {
			found = found || scopeOf(path) == form.place && (form.action == "" || strings.HasSuffix(path, "/"+form.action))
		}
		if !found {
			t.Errorf("nothing is said of the commands of %s %s", form.place, form.action)
		}
	}
	for path, commands := range commandsOf {
		op := x.operations.documented(http.MethodPost, path)
		codes, _ := op.Extensions[xRefusals].([]string)
		for _, c := range commands {
			for _, err := range queue.Refusals(c) {
				status, code := explanation(err)
				if !slices.Contains(codes, code) || !strings.Contains(op.Description, code) {
					t.Errorf("%s is not said to refuse with %s", path, code)
				}
				if op.Responses[strconv.Itoa(status)] == nil {
					t.Errorf("%s refuses with %d %s, which stands not with it", path, status, code)
				}
				if code == "failed" {
					t.Errorf("%v has no code", err)
				}
			}
		}
		if stranger := "message-taken"; path != "/api/v1/manager/post" && slices.Contains(codes, stranger) {
			t.Errorf("%s is said to refuse with %s", path, stranger)
		}
	}
	if !slices.Contains(ruledCodes([]queue.Command{queue.CallNext{}}), words.RefusalCode(queue.ErrStale)) {
		t.Error("NEXT is never stale")
	}
}
