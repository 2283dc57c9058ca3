package words

import (
	"regexp"
	"strings"
	"testing"

	"eliminacode/queue"
)

// byHand is what a page does too, as the advice of check names it for the box itself:
// the office in a file or by a command, and a copy of the journal.
var byHand = regexp.MustCompile(`\[office\] file|printer = false|eliminacode (office|journal backup)|\{command\} (FILE|\{file\})`)

// beforeAnyPage is advice for a box whose service cannot start, or on its settings.
var beforeAnyPage = map[string]bool{"check.journal-no-office-do": true, "check.office-unusable-do": true}

// Whoever reads the advice of check on the technician's page is sent to the page that
// does it first, and to a file or a command of the box after it.
func TestTheAdviceOfCheckNamesThePageFirst(t *testing.T) {
	met := 0
	for l, all := range texts(t) {
		for id, m := range all {
			if !strings.HasPrefix(id, "check.") || !strings.HasSuffix(id, "-do") || beforeAnyPage[id] {
				continue
			}
			for _, line := range strings.Split(m.Other, "\n") {
				at := byHand.FindStringIndex(line)
				if at == nil {
					continue
				}
				met++
				page := regexp.MustCompile(`/(impostazioni|responsabile/tecnico)\b`).FindStringIndex(line)
				if page == nil || page[0] > at[0] {
					t.Errorf("%s in %s: %q names no page before %q", id, l, line, line[at[0]:at[1]])
				}
			}
		}
	}
	if met == 0 {
		t.Error("no advice names a file or a command")
	}
}

// Who reads that the clock may be wrong is told the page and the button that set it, as
// the button itself says it.
func TestTheAdviceOnTheClockNamesItsButton(t *testing.T) {
	for l, all := range texts(t) {
		advice, button := all["check.clock-unsynced-do"].Other, all["layout.clock-use"].Other
		if advice == "" || button == "" || !strings.Contains(advice, button) || !strings.Contains(advice, "/responsabile/tecnico") {
			t.Errorf("in %s: %q does not name %q", l, advice, button)
		}
	}
}

// Who is to send the file of a copy is told the button of the page that makes it, before
// the command.
func TestTheFileOfACopyHasItsPage(t *testing.T) {
	for l, all := range texts(t) {
		button := all["technician.copy-fetch"].Other
		for _, id := range []string{"copies.send-hint", "refusal.bad-copy"} {
			page, command := strings.Index(all[id].Other, "/responsabile/tecnico"), strings.Index(all[id].Other, "eliminacode journal backup")
			if !strings.Contains(all[id].Other, button) || page < 0 || command < page {
				t.Errorf("in %s: %s is %q", l, id, all[id].Other)
			}
		}
	}
}

// French has a space before its double signs, and within its quotation marks.
func TestFrenchSignsHaveTheirSpace(t *testing.T) {
	wrong := regexp.MustCompile(`[^\s\x{a0}\x{202f}:;!?«][:;!?](\s|$)|«[^\s\x{a0}\x{202f}]|[^\s\x{a0}\x{202f}]»`)
	for id, m := range texts(t)["fr"] {
		for _, said := range []string{m.One, m.Other} {
			if at := wrong.FindString(strings.ReplaceAll(said, "chown -R {user}:", "")); at != "" {
				t.Errorf("%s: %q in %q", id, at, said)
			}
		}
	}
}

// Scopes stand one after the other with commas between them: none has one itself.
func TestAScopeIsOneThingOfAList(t *testing.T) {
	met := 0
	for l, all := range texts(t) {
		for id, m := range all {
			if !strings.HasPrefix(id, "scope.") {
				continue
			}
			met++
			if strings.Contains(m.Other, ",") {
				t.Errorf("%s in %s: %q reads as two", id, l, m.Other)
			}
		}
	}
	if met == 0 {
		t.Error("there are no scopes")
	}
}

// TestWhatIsMissingIsNamed holds for the sentences that a reader could take for another
// thing that is missing: the technician, a page, the whole municipality.
func TestWhatIsMissingIsNamed(t *testing.T) {
	printer := map[queue.Language]string{"it": "manca la stampante", "de": "fehlt der Drucker", "fr": "l'imprimante manque", "sl": "manjka tiskalnik", "en": "the printer is missing"}
	book := regexp.MustCompile(`(?i)agenda|kalender|koledar|appointment book`)
	for _, language := range StaffLanguages() {
		tongue := In(language)
		if do := tongue.Fault("not-wired").Do; !strings.Contains(do, printer[language]) {
			t.Errorf("%s: %q", language, do)
		}
		if said, _ := tongue.ByCode("unknown-appointment"); book.MatchString(said) || !regexp.MustCompile(`(?i)\b[ck]od`).MatchString(said) {
			t.Errorf("%s: %q sends to a page that there is not", language, said)
		}
	}
	for _, id := range []string{"hands.suspend", "acts.did-office-suspend", "acts.did-office-resume"} {
		if said := In("de").Say(id); strings.Contains(said, "Amt") || !strings.Contains(said, "Betrieb") {
			t.Errorf("%s: %q", id, said)
		}
	}
}
