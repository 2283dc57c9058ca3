package display

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/change"
	"eliminacode/queue/words"
)

// actsOnPage is how many acts a page lists.
const actsOnPage = 50

// An actRow is one act as a person reads it.
type actRow struct {
	access.Entry
	What    string
	Changes []actChange
}

// OnBox tells that a command on the box did it, whose own name says nothing.
func (a actRow) OnBox() bool {
	return a.Who.ID == "" && (a.Who.Name == "eliminacode" || a.Who.Name == "box")
}

// OnPage tells that somebody did it on a page who does not administer.
func (a actRow) OnPage() bool { return a.Who == access.FromAPage }

// An actChange is one value that an act changed; before or after may be empty.
type actChange struct{ Field, Before, After string }

// An actsPage is a part of the audit list.
type actsPage struct {
	Acts []actRow
	Next uint64 // the page of older ones begins below it; 0 is none
	Back bool   // this is not the first one
}

// note puts an act into the audit list that a visitor did in one of the roles. It
// is done already: a list that takes nothing is told in the log.
func (s *Server) note(r *http.Request, in who, what string, before, after any) {
	s.noteOn(r, in, what, "", before, after)
}

// noteOn is note for an act on something that has a name.
func (s *Server) noteOn(r *http.Request, in who, what, on string, before, after any) {
	if s.cfg.Administration == nil {
		return
	}
	if err := s.cfg.Administration.Note(time.Now(), s.actor(r, in), what, on, before, after); err != nil {
		s.log.Error("an act is not in the audit list", "what", what, "err", err)
	}
}

// actor is who acts, as the audit list names them, in one of the roles.
func (s *Server) actor(r *http.Request, in who) access.By {
	v := s.visitor(r)
	by := v.By("")
	if by == access.FromAPage {
		return by
	}
	if i := slices.IndexFunc(in.roles, func(role access.Role) bool { return v.May(role) }); i >= 0 {
		by.Role = in.roles[i]
	}
	return by
}

// toNote is an act as it will be noted, with the sequence that the list has reached
// before it.
func (s *Server) toNote(r *http.Request, in who, what string, before, after any) (e access.Entry, err error) {
	e = access.Entry{At: time.Now(), Who: s.actor(r, in), What: what}
	if s.cfg.Administration != nil {
		newest, err := s.cfg.Administration.AuditBefore(0, 1)
		if err != nil {
			return e, err
		}
		for _, x := range newest {
			e.Seq = x.Seq
		}
	}
	if e.Before, err = json.Marshal(before); err == nil {
		e.After, err = json.Marshal(after)
	}
	return e, err
}

// notedProfile is what a desk serves, for the audit list.
func notedProfile(state *queue.State, id queue.DeskID) map[string]any {
	desk, _, _ := state.Desk(id)
	return map[string]any{"desk": desk.Label, "first": desk.Profile.First, "help": desk.Profile.Help}
}

// profileToNote is the act of who asks for another profile of a desk, as it will be
// noted; nothing where it will be refused.
func (s *Server) profileToNote(r *http.Request, before *queue.State, f fields) access.Entry {
	id := queue.DeskID(f["desk"])
	p, err := profileOf(before, id, f)
	if err != nil {
		return access.Entry{}
	}
	desk, _, _ := before.Desk(id)
	note, err := s.toNote(r, manager, "desk.profile", notedProfile(before, id), map[string]any{"desk": desk.Label, "first": p.First, "help": p.Help})
	if err != nil {
		s.log.Error("an act would not be in the audit list should the power go", "what", note.What, "err", err)
		return access.Entry{}
	}
	note.On = desk.Label
	return note
}

// mostNoted bounds the values of a setup that an act lists.
const mostNoted = 30

// noted are the sides of an act that put a setup in force in another's place, and
// why.
func noted(before, after queue.Setup, why, from string) (was, is map[string]string) {
	was, is = map[string]string{}, map[string]string{"why": why}
	if from != "" {
		is["from"] = from
	}
	all := change.Between(before, after)
	for _, d := range all[:min(len(all), mostNoted)] {
		path := d.Thing
		if d.Inner != "" {
			path += "." + d.Inner
		}
		was[path], is[path] = shortNote(d.Key, d.Before), shortNote(d.Key, d.After)
	}
	return was, is
}

// shortNote is the beginning of a value, by its key, so that long texts leave room for
// others. Days and services are no long texts: cut, nobody could say them in words.
func shortNote(key, text string) string {
	most := 40
	if key == "hours.week" || slices.Contains(wholeNotes, key[strings.LastIndexByte(key, '.')+1:]) {
		most = 400
	}
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

// wholeNotes are the values of a setup that list days and services.
var wholeNotes = []string{"days", "services", "first", "help"}

func (s *Server) getActs(w http.ResponseWriter, r *http.Request) {
	before, _ := strconv.ParseUint(r.URL.Query().Get("prima"), 10, 64) // anything else is the newest
	part, err := s.cfg.Administration.AuditBefore(before, actsOnPage+1)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	view := actsPage{Back: before > 0}
	if len(part) > actsOnPage {
		part = part[:actsOnPage]
		view.Next = part[actsOnPage-1].Seq
	}
	p := s.page(r, "acts")
	state, _ := s.cfg.Engine.Watch()
	office := newActOffice(p, state.Setup())
	for _, e := range part {
		view.Acts = append(view.Acts, actRow{e, actName(p.tongue, e.What), p.changes(office, e)})
	}
	p.View = view
	s.render(w, r, p)
}

// actCodes are the acts that have words, by their codes in the audit list with a
// hyphen for the point.
var actCodes = []string{
	"member-first", "member-make", "member-change", "member-remove", "member-secret", "code-make",
	"screen-pair", "screen-change", "screen-revoke", "token-make", "token-revoke",
	"office-change", "office-plan", "office-unplan", "procedures-replace", "procedures-place", "audit-drop",
	"hook-make", "hook-change", "hook-delete", "hook-replay",
	"office-suspend", "office-resume", "service-stop", "service-reopen", "series-restart", "hall-capacity", "message-post", "message-withdraw", "clock-set",
	"alert-on", "alert-off", "desk-profile", "wiring-change", "copy-make", "copy-send", "copy-take", "copy-put-back", "access-aside",
	"audit-unread", "session-drop", "code-drop",
}

// actName is what an act did, in words; the code of one that has none, such as
// that of a later version.
func actName(t *words.Tongue, code string) string {
	if name := strings.ReplaceAll(code, ".", "-"); slices.Contains(actCodes, name) {
		return t.Say("acts.did-" + name)
	}
	return code
}

// unsaid are the values that say nothing to a person.
var unsaid = map[string]bool{"id": true, "version": true, "made": true, "changed": true}

// changes are the values that differ between the sides of an act.
func (p *page) changes(office actOffice, e access.Entry) (all []actChange) {
	before, after := sideOf(e.Before), sideOf(e.After)
	fields := map[string]bool{}
	for _, side := range []map[string]json.RawMessage{before, after} {
		for field := range side {
			fields[field] = !unsaid[field]
		}
	}
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		if fields[field] && !bytes.Equal(before[field], after[field]) {
			name, value := fieldName(p.tongue, field), p.value
			if label, shown, ok := office.say(field); ok {
				name, value = label, shown
			}
			all = append(all, actChange{name, value(field, before[field]), value(field, after[field])})
		}
	}
	return all
}

func sideOf(text json.RawMessage) (side map[string]json.RawMessage) {
	if json.Unmarshal(text, &side) != nil {
		return nil // not an object: there is nothing to list
	}
	return side
}

// actFields are the values of acts that have words, with a hyphen for the low line.
var actFields = []string{
	"login", "name", "roles", "role", "rights", "qualifications", "language", "disabled", "place", "scopes", "expires",
	"per-minute", "how", "purpose", "why", "from", "acts", "until",
	"url", "kinds", "on-box", "from-event",
	"desk", "first", "help", "outlet", "service", "class", "model", "baud", "address", "printer", "folder", "file", "bytes",
	"suspended-for", "stopped-for", "people", "next-number", "message", "boards", "shown-from", "shown-until", "clock",
	"rows", "subject", "minutes", "ground", "basis", "reference", "informed",
}

func fieldName(t *words.Tongue, field string) string {
	if name := strings.ReplaceAll(field, "_", "-"); slices.Contains(actFields, name) {
		return t.Say("acts.field-" + name)
	}
	return field
}

// value is a value as a person reads it.
func (p *page) value(field string, text json.RawMessage) string {
	var list []string
	var one string
	var at time.Time
	switch {
	case text == nil:
		return ""
	case (field == "expires" || field == "until") && json.Unmarshal(text, &at) == nil:
		return p.When(at)
	case field == "clock" && json.Unmarshal(text, &at) == nil:
		return p.tongue.Day(at.Format(time.DateOnly)) + " " + at.Format(time.TimeOnly) // by the second: it may be that alone
	case string(text) == "true":
		return p.tongue.Say("acts.yes")
	case json.Unmarshal(text, &list) == nil:
	case json.Unmarshal(text, &one) == nil:
		list = []string{one}
	default:
		return string(text)
	}
	for i, v := range list {
		switch field {
		case "ground", "basis":
			list[i] = p.tongue.Say("alert." + field + "-" + v)
		case "suspended_for":
			list[i] = p.tongue.SuspensionReason(v)
		case "stopped_for":
			list[i] = p.tongue.StopReason(v)
		case "class":
			list[i] = p.tongue.Class(queue.Class(v))
		case "role", "roles":
			list[i] = p.tongue.Role(v)
		case "rights":
			list[i] = p.tongue.Right(v)
		case "how", "purpose":
			if said := p.tongue.Say("acts." + field + "-" + v); said != "acts."+field+"-"+v {
				list[i] = said
			}
		case "language":
			list[i] = words.LanguageName(queue.Language(v))
		case "scopes":
			list[i] = p.tongue.Scope(v)
		case "kinds":
			list[i] = p.tongue.EventKind(v)
		}
	}
	return strings.Join(list, ", ")
}

func (s *Server) getActsCSV(w http.ResponseWriter, r *http.Request) {
	p := s.page(r, "acts")
	state, _ := s.cfg.Engine.Watch()
	told := actColumns(p, newActOffice(p, state.Setup()))
	s.exportActs(w, "text/csv; charset=utf-8", "atti.csv", func(w io.Writer, all iter.Seq2[access.Entry, error]) error {
		return access.WriteCSV(w, all, told...)
	})
}

// actColumns are what the page of the acts says of them, for the file beside their
// codes: in the language of who asks.
func actColumns(p *page, office actOffice) []access.Column {
	return []access.Column{
		{Heading: p.tongue.Say("acts.role"), Of: func(e access.Entry) string {
			if e.Who.Role == "" {
				return ""
			}
			return p.tongue.Role(string(e.Who.Role))
		}},
		{Heading: p.tongue.Say("acts.what"), Of: func(e access.Entry) string { return actName(p.tongue, e.What) }},
		{Heading: p.tongue.Say("acts.changes"), Of: func(e access.Entry) string {
			var lines []string
			for _, c := range p.changes(office, e) {
				lines = append(lines, c.Field+": "+p.Changed(c))
			}
			return strings.Join(lines, "; ")
		}},
	}
}

// Changed is the two sides of a value that an act changed.
func (p *page) Changed(c actChange) string {
	switch {
	case c.Before == "":
		return c.After
	case c.After == "":
		return p.tongue.Say("acts.gone", "before", c.Before)
	default:
		return p.tongue.Say("acts.from-to", "before", c.Before, "after", c.After)
	}
}

func (s *Server) getActsJSON(w http.ResponseWriter, r *http.Request) {
	s.exportActs(w, "application/json", "atti.json", access.WriteJSON)
}

// exportActs sends the audit list as a file. A list that breaks off is a file that
// breaks off, which the browser tells.
func (s *Server) exportActs(w http.ResponseWriter, kind, name string, write func(io.Writer, iter.Seq2[access.Entry, error]) error) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Cache-Control", "no-store")
	if err := write(w, s.cfg.Administration.Audit()); err != nil {
		s.log.Error("exporting the audit list", "err", err)
		panic(http.ErrAbortHandler)
	}
}
