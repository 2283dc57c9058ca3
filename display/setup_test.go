package display

import (
	"context"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/office"
)

// testSetups keeps setups in memory, and puts them in force at once.
type testSetups struct {
	o *testOffice

	mu       sync.Mutex
	drafts   map[string]SetupDraft
	versions []SetupVersion
	setups   []queue.Setup
	plans    []SetupPlan
	ended    []int // numbers of plans that were taken back
	by       []access.Visitor
}

func newTestSetups(o *testOffice) *testSetups {
	s := &testSetups{o: o, drafts: map[string]SetupDraft{}}
	s.record(o.newest().Setup(), "")
	return s
}

func (s *testSetups) record(setup queue.Setup, why string) {
	s.setups = append(s.setups, setup)
	s.versions = append([]SetupVersion{{Number: len(s.setups), At: time.UnixMilli(tuesday), Role: "manager", Why: why, Mark: office.Mark(setup)}}, s.versions...)
}

func (s *testSetups) Draft(author string) (SetupDraft, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.drafts[author]
	return d, ok
}

func (s *testSetups) KeepDraft(author string, d SetupDraft) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drafts[author] = d
	return nil
}

func (s *testSetups) DropDraft(author string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.drafts, author)
	return nil
}

func (s *testSetups) Versions() []SetupVersion {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.versions)
}

func (s *testSetups) Version(number int) (queue.Setup, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if number < 1 || number > len(s.setups) {
		return queue.Setup{}, ErrNoVersion
	}
	return s.setups[number-1], nil
}

func (s *testSetups) Save(ctx context.Context, act SetupAct) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.o.newest()
	if act.Base != office.Mark(state.Setup()) {
		return ErrSetupChanged
	}
	if act.From != "" {
		s.plans = append(s.plans, SetupPlan{Number: len(s.plans) + 1, Base: state.Setup(), Setup: act.Setup, From: act.From, Why: act.Why, Role: "manager"})
		return nil
	}
	plan, err := calendar.Plan(act.Setup, state.OfficeTime(s.o.Now()))
	if err != nil {
		return err
	}
	if _, _, err := s.o.Do(ctx, queue.ChangeSetup{By: queue.Cause{Kind: queue.ByManager}, Setup: act.Setup, Plan: plan, Sure: act.Sure}); err != nil {
		return err
	}
	s.record(act.Setup, act.Why)
	return nil
}

func (s *testSetups) By(who access.Visitor, _ access.Entry, change func() error) error {
	if err := change(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.record(s.o.newest().Setup(), "")
	s.by = append(s.by, who)
	return nil
}

func (s *testSetups) Planned() []SetupPlan {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.plans)
}

func (s *testSetups) PlanEnded(number int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.ended, number)
}

func (s *testSetups) Unplan(number int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = append(s.ended, number)
	s.plans = slices.DeleteFunc(s.plans, func(p SetupPlan) bool { return p.Number == number })
	return nil
}

// written is a store in which somebody is writing: a service is removed, another
// standard is not yet right.
func written(o *testOffice) *testSetups {
	s := newTestSetups(o)
	base := o.newest().Setup()
	d := office.Edit(base)
	_ = d.Set("service[1].standard", "20m")
	_ = d.Remove("service[3]")
	_ = d.Set("hours.week[1].close", "18:00")
	s.drafts["demo"] = SetupDraft{Base: base, Setup: d.Setup()}
	d = office.Edit(base)
	_ = d.Set("office.note", "Orario estivo")
	s.plans = []SetupPlan{{Number: 1, Base: base, Setup: d.Setup(), From: "2027-06-01", Why: "Delibera 45", Role: "manager"}}
	return s
}

// A setter is somebody without script who changes the office.
type setter struct {
	surfer
	o      *testOffice
	setups *testSetups
}

func newSetter(t *testing.T) *setter {
	t.Helper()
	o := newTestOffice(t)
	cfg := o.config()
	setups := newTestSetups(o)
	cfg.Setups = setups
	return &setter{surfer{t: t, s: serve(t, cfg, "")}, o, setups}
}

var inputs = regexp.MustCompile(`(?s)<input[^>]*>|<select.*?</select>`)

var areas = regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]*)"[^>]*>(.*?)</textarea>`)

var attribute = regexp.MustCompile(`(\w+)="([^"]*)"`)

// filled are the fields of the page's form as a browser would send them.
func (u *setter) filled() map[string][]string {
	u.t.Helper()
	form := u.page
	if i := strings.Index(form, `class="setup-form"`); i >= 0 {
		form = form[i:]
	}
	all := map[string][]string{}
	for _, tag := range inputs.FindAllString(form, -1) {
		at := map[string]string{}
		first := tag
		if i := strings.Index(tag, ">"); strings.HasPrefix(tag, "<select") {
			first = tag[:i]
		}
		for _, m := range attribute.FindAllStringSubmatch(first, -1) {
			at[m[1]] = html.UnescapeString(m[2])
		}
		value := at["value"]
		if strings.HasPrefix(tag, "<select") {
			value = ""
			if i := strings.Index(tag, " selected"); i >= 0 {
				before := tag[:i]
				value = strings.TrimSuffix(before[strings.LastIndex(before, `value="`)+len(`value="`):], `"`)
			}
		}
		if ticks := at["type"] == "checkbox" || at["type"] == "radio"; ticks && !strings.Contains(tag, " checked") {
			continue
		}
		if at["name"] == "mark" && all["mark"] != nil {
			continue // of another form on the page
		}
		all[at["name"]] = append(all[at["name"]], value)
	}
	for _, m := range areas.FindAllStringSubmatch(form, -1) {
		all[m[1]] = []string{html.UnescapeString(m[2])}
	}
	return all
}

// edit opens a page, writes values into its form and presses a button.
func (u *setter) edit(path, action string, values ...string) {
	u.t.Helper()
	u.get(path)
	form := u.filled()
	for i := 0; i < len(values); i += 2 {
		form[values[i]] = []string{values[i+1]}
		if values[i+1] == "" {
			delete(form, values[i])
		}
	}
	form["action"] = []string{action}
	var fields []string
	for name, all := range form {
		for _, v := range all {
			fields = append(fields, name, v)
		}
	}
	u.post(path, fields...)
}

// draft is what the setter is writing.
func (u *setter) draft() queue.Setup {
	u.t.Helper()
	d, ok := u.setups.Draft("demo")
	if !ok {
		return u.o.newest().Setup()
	}
	return d.Setup
}

func encode(form map[string][]string) string {
	var parts []string
	for name, all := range form {
		for _, v := range all {
			parts = append(parts, escape(name)+"="+escape(v))
		}
	}
	return strings.Join(parts, "&")
}

func escape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}
