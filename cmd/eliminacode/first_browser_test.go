package main

import (
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var markOfDraft = regexp.MustCompile(`name="mark" value="([0-9a-f]+)"`)

// With no office named the daemon invents none: who makes the first account is led
// to the set-up, what was written is there after a restart, and the office opens
// once it is put in force.
func TestFirstOfficeIsSetUpInTheBrowser(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	out, err := programCommand(t.Context(), "init", "--data", data).CombinedOutput()
	if err != nil {
		t.Fatalf("%s, %v", out, err)
	}
	says(t, "init", string(out), "set up in the browser")
	serve := func() *served {
		return startProgram(t, programCommand(t.Context(), "serve", "--data", data, "--listen", "127.0.0.1:0"))
	}
	d := serve()
	says(t, "the log", eventually(t, "the log", d.log.String, regexp.MustCompile(`there is no office yet.*`))[0], "/impostazioni")
	code := eventually(t, "the console", d.said.String, codeSaid)[1]
	client := newVisitor(t)
	becomeFirst(t, client, d.address, code, "Anna Rossi", "a.rossi")
	says(t, "the first page", browse(t, client, http.MethodGet, d.address+"/", nil), "Primo avvio")
	browse(t, client, http.MethodPost, d.address+"/impostazioni/effetto", url.Values{"action": {"reference"}})
	page := browse(t, client, http.MethodGet, d.address+"/impostazioni/ufficio", nil)
	browse(t, client, http.MethodPost, d.address+"/impostazioni/ufficio", url.Values{
		"mark": {markOfDraft.FindStringSubmatch(page)[1]}, "action": {"keep"}, "fields": {"office.body"}, "office.body": {"Comune di Sette"},
	})
	d.stop(t)

	d = serve()
	page = browse(t, client, http.MethodGet, d.address+"/impostazioni/effetto", nil)
	says(t, "the effect after a restart", page, "primo ufficio", "40 h 45 min")
	browse(t, client, http.MethodPost, d.address+"/impostazioni/effetto", url.Values{
		"mark": {markOfDraft.FindStringSubmatch(page)[1]}, "action": {"save"}, "when": {"now"}, "why": {"Apertura"},
	})
	says(t, "the office in force", runProgram(t, "office", "show", "--data", data), "Comune di Sette")
	says(t, "the history", browse(t, client, http.MethodGet, d.address+"/impostazioni/storia", nil), "Apertura", "<td>Anna Rossi, ")
	d.stop(t)
	d = serve()
	says(t, "the first page of an office", browse(t, client, http.MethodGet, d.address+"/", nil), "Comune di Sette")
	d.stop(t)
	if strings.Contains(d.log.String(), "there is no office yet") {
		t.Error("an office that is set up is said not to be there")
	}
	says(t, "the journal", runProgram(t, "journal", "verify", "--data", data), "OK:")
}

// A reference office is begun where a person says so, and nowhere else.
func TestReferenceOfficeIsBegunWhereSomebodySaysSo(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	initBox(t, "--data", data)
	administered(t, data)
	startProgram(t, programCommand(t.Context(), "serve", "--data", data, "--listen", "127.0.0.1:0")).stop(t)
	says(t, "the office in force", runProgram(t, "office", "show", "--data", data), "Comune di Pontelungo")
}
