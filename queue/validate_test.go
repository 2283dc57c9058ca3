package queue

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestTheTestOfficeIsValid(t *testing.T) {
	if err := testSetup().Validate(); err != nil {
		t.Error(err)
	}
}

// TestEveryFaultIsSaid: one mistake, one line that says where.
func TestEveryFaultIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Setup)
		say   string
	}{
		"no body":                    {func(s *Setup) { s.Office.Body = "" }, "body is missing"},
		"no zone":                    {func(s *Setup) { s.Office.Zone = "" }, "zone is missing"},
		"long body":                  {func(s *Setup) { s.Office.Body = strings.Repeat("x", 121) }, "office body"},
		"bad name of series":         {func(s *Setup) { s.Series[0].ID = "A A" }, `series "A A"`},
		"series twice":               {func(s *Setup) { s.Series[1].ID = "A" }, `series "A" is there twice`},
		"last below first":           {func(s *Setup) { s.Series[0].Last = 0 }, "last must not be below first"},
		"seven digits":               {func(s *Setup) { s.Series[0].Last = 1_000_000 }, "at most 6 digits"},
		"four letters":               {func(s *Setup) { s.Series[0].Letters = "ABCD" }, "at most 3 letters"},
		"a digit for letter":         {func(s *Setup) { s.Series[0].Letters = "A1" }, "hold a digit"},
		"a small letter":             {func(s *Setup) { s.Series[0].Letters = "a" }, "what is no capital letter"},
		"a letter no board has":      {func(s *Setup) { s.Series[0].Letters = "Č" }, "write capital letters"},
		"three letters, five digits": {func(s *Setup) { s.Series[0].Letters, s.Series[0].Width = "ABC", 5 }, "have 8 characters with their letters, and may have 7"},
		"two letters, six digits by range": {func(s *Setup) {
			s.Series[0].Letters, s.Series[0].Ranges = "AB", []Range{{1, 9}, {100_000, 100_001}}
		}, "have 8 characters"},
		"a width of millions": {func(s *Setup) {
			s.Series[0].Width, s.Series[1].Letters, s.Series[1].Width = 1<<30, s.Series[0].Letters, 1<<30
		}, "at most 6 digits"},
		"blanks at a label's end": {func(s *Setup) { s.Desks[0].Label = "1 " }, `"1 " has blanks at its ends`},
		"service of blanks":       {func(s *Setup) { s.Services[0].Name = "   " }, "has blanks at its ends"},
		"first below zero":        {func(s *Setup) { s.Series[0].First = -5 }, "first -5 is below zero; write 0 or more"},
		"label of blanks":         {func(s *Setup) { s.Desks[0].Label = "  " }, "no label"},
		"label with a line's end": {func(s *Setup) { s.Desks[0].Label = "1\n" }, "nobody sees"},
		"label of 13":             {func(s *Setup) { s.Desks[0].Label = "Ambulatorio 21"[:13] }, "longer than 12"},
		"two receptions":          {func(s *Setup) { s.Outlets[0].Reception, s.Outlets[1].Reception = true, true }, "is the reception's, and so is"},
		"not an own holiday":      {func(s *Setup) { s.Hours.OwnHolidays = []string{"04-28", "pentecoste"} }, `own holiday "pentecoste"`},
		"ends at midnight":        {func(s *Setup) { s.Hours.Week[0].Close = "00:00" }, `write "24:00" for midnight`},
		"ends after midnight":     {func(s *Setup) { s.Hours.Week[0].Close = "01:00" }, `another from "00:00" to "01:00" for the next day`},
		"letters twice":           {func(s *Setup) { s.Series[1].Letters = "A" }, "same letters"},
		"no service":              {func(s *Setup) { s.Services = nil }, "no service"},
		"service twice":           {func(s *Setup) { s.Services[1].ID = "anagrafe" }, "is there twice"},
		"nameless service":        {func(s *Setup) { s.Services[0].Name = "" }, "no name for citizens"},
		"no such series":          {func(s *Setup) { s.Services[0].Series = "Z" }, `series "Z"`},
		"no standard":             {func(s *Setup) { s.Services[0].StandardMs = 0 }, "standard wait"},
		"share above one":         {func(s *Setup) { s.Services[0].StandardShare = 90 }, "share within standard is 9000%; write a share such as"},
		"cap below zero":          {func(s *Setup) { s.Services[0].DayCap = -1 }, "cap a day"},
		"desk without label":      {func(s *Setup) { s.Desks[0].Label = "" }, "no label"},
		"no such service":         {func(s *Setup) { s.Desks[0].Profile.Help = []ServiceID{"catasto"} }, `serves "catasto"`},
		"listed twice":            {func(s *Setup) { s.Desks[0].Profile.Help = []ServiceID{"anagrafe"} }, "twice"},
		"served by no desk":       {func(s *Setup) { s.Desks[2].Profile = Profile{} }, `"cie" is served by no desk`},
		"spare of itself":         {func(s *Setup) { s.Outlets[0].Spare = "totem" }, `"totem" names itself`},
		"no such spare":           {func(s *Setup) { s.Outlets[0].Spare = "moon" }, `spare "moon", which is not an outlet`},
		"paperless spare":         {func(s *Setup) { s.Outlets[0].Spare = "list" }, `spare "list", which has no printer`},
		"spare of no paper":       {func(s *Setup) { s.Outlets[2].Spare = "totem" }, `"list" has a spare and no printer`},
		"several on no screen":    {func(s *Setup) { s.Outlets[0].Several = true }, `"totem" offers several services with one ticket and has no screen`},
		"no outlet":               {func(s *Setup) { s.Outlets = nil }, "no outlet"},
		"not a day":               {func(s *Setup) { s.Hours.Week[0].Days = []string{"lun"} }, `"lun" is not a day`},
		"no day":                  {func(s *Setup) { s.Hours.Week[0].Days = nil }, "names no day"},
		"ends before":             {func(s *Setup) { s.Hours.Week[0].Close = "08:00" }, "not after it begins"},
		"not an hour":             {func(s *Setup) { s.Hours.Week[0].Open = "8.15" }, "written HH:MM"},
		"band of no service":      {func(s *Setup) { s.Hours.Week[0].Services = []ServiceID{"catasto"} }, `names service "catasto"`},
		"not a date":              {func(s *Setup) { s.Hours.Exceptions = []Exception{{Date: "2/6"}} }, "a date is written"},
		"not a saint's day":       {func(s *Setup) { s.Hours.Patron = "13 giugno" }, "written MM-DD"},
		"not a cut":               {func(s *Setup) { s.Hours.Cut = "4" }, "the cut"},
		"expiry before":           {func(s *Setup) { s.Hours.ExpireAfterMs = -1 }, "expire before closing"},
		"rest below zero":         {func(s *Setup) { s.Rules.RestMs = -1 }, "rules: rest is"},
		"letters excluded":        {func(s *Setup) { s.Office.ExcludedLetters = "AI" }, "which the office excludes"},
		"ranges overlap":          {func(s *Setup) { s.Series[0].Ranges = []Range{{1, 499}, {499, 999}} }, "overlaps 1-499"},
		"ranges in disorder":      {func(s *Setup) { s.Series[0].Ranges = []Range{{501, 999}, {1, 499}} }, "rising order"},
		"range backwards":         {func(s *Setup) { s.Series[0].Ranges = []Range{{9, 1}} }, "ends before it begins"},
		"range too high":          {func(s *Setup) { s.Series[0].Ranges = []Range{{1, 1_000_000}} }, "more than 6 digits"},
		"series overlap": {func(s *Setup) {
			s.Series[1].Letters, s.Series[1].Ranges = "A", []Range{{500, 600}}
		}, "both give A500"},
		"quota below zero":  {func(s *Setup) { s.Services[0].Quota = -1 }, "quota"},
		"maximum below":     {func(s *Setup) { s.Services[0].MaxMs = 1 }, "longest wait"},
		"not a first date":  {func(s *Setup) { s.Services[0].From = "1/6" }, `the date "1/6"`},
		"ends before it is": {func(s *Setup) { s.Services[0].From, s.Services[0].To = "2026-12-01", "2026-11-01" }, "before it begins on"},
		"own hours of another": {func(s *Setup) {
			s.Services[0].Week = []WeekBand{{Days: []string{"mon"}, Open: "09:00", Close: "12:00", Services: []ServiceID{"cie"}}}
		}, "it is of this one alone"},
		"own hours backwards": {func(s *Setup) {
			s.Services[0].Week = []WeekBand{{Days: []string{"mon"}, Open: "12:00", Close: "09:00"}}
		}, `service "anagrafe": band 1 ends at`},
		"only the back office": {func(s *Setup) { s.Desks[2].BackOffice = true }, "of the back office"},
		"last ticket too late": {func(s *Setup) { s.Hours.Week[0].StopIssue = "17:01" }, "the last ticket at 17:01"},
		"last ticket no hour":  {func(s *Setup) { s.Hours.Week[0].StopIssue = "5pm" }, "the last ticket at"},
		"cap of no service":    {func(s *Setup) { s.Hours.Week[0].Caps = []Cap{{"catasto", 3}} }, `names service "catasto"`},
		"band cap below zero":  {func(s *Setup) { s.Hours.Week[0].Caps = []Cap{{"cie", -3}} }, "at most -3"},
		"cap twice":            {func(s *Setup) { s.Hours.Week[0].Caps = []Cap{{"cie", 3}, {"cie", 4}} }, "twice"},
		"calls stop before":    {func(s *Setup) { s.Hours.StopCallsAfterMs = -1 }, "calls cannot stop"},
		"ratio below zero":     {func(s *Setup) { s.Rules.PriorityRatio = -1 }, "priority_ratio"},
		"no discipline":        {func(s *Setup) { s.Rules.Discipline = "lifo" }, "discipline"},
		"no place":             {func(s *Setup) { s.Rules.TransferPlace = "roof" }, "transfer_place"},
		"no break":             {func(s *Setup) { s.Rules.Break = "lunch" }, `break "lunch"`},
		"three languages":      {func(s *Setup) { s.Slip.Languages = []Language{"it", "de", "fr"} }, "has room for 2"},
		"language twice":       {func(s *Setup) { s.Slip.Languages = []Language{"it", "it"} }, "twice"},
		"not a language":       {func(s *Setup) { s.Slip.Languages = []Language{"Deutsch"} }, `"Deutsch" is not the code`},
		"no part":              {func(s *Setup) { s.Slip.Parts = []SlipPart{"class"} }, `parts name "class", which is none`},
		"part twice":           {func(s *Setup) { s.Slip.Parts = []SlipPart{PartQR, PartQR} }, "twice"},
		"text of no language":  {func(s *Setup) { s.Slip.Texts = map[Language]Wording{"D": {}} }, `slip: text "D" is not the code`},
		"no such text": {func(s *Setup) {
			s.Slip.Texts = map[Language]Wording{"de": {"class": "x"}}
		}, "slip: text de class: there is no such text"},
		"form of no number": {func(s *Setup) {
			s.Slip.Texts = map[Language]Wording{"de": {WordCaption.Form("one"): "x"}}
		}, "slip: text de caption_one: there is no such text"},
		"unknown placeholder": {func(s *Setup) {
			s.Slip.Texts = map[Language]Wording{"de": {WordAhead: "{ahead} von {alle}"}}
		}, `slip: text de ahead: "{alle}" is no placeholder of this text; use {ahead}`},
		"half a placeholder": {func(s *Setup) {
			s.Slip.Texts = map[Language]Wording{"de": {WordEstimate: "{from}-{to Min."}}
		}, `"{" is no placeholder of this text; use {from} and {to}`},
		"placeholder in a note": {func(s *Setup) {
			s.Slip.Texts = map[Language]Wording{"de": {WordNote: "{ahead}"}}
		}, "use no braces"},
		"long text": {func(s *Setup) {
			s.Slip.Texts = map[Language]Wording{"de": {WordLate: strings.Repeat("x", 101)}}
		}, "slip: text de late: text is not valid or longer"},
		"plain address":       {func(s *Setup) { s.Office.Accessibility = "http://form.agid.gov.it/view/1" }, "office accessibility"},
		"script address":      {func(s *Setup) { s.Office.Privacy = "javascript:alert(1)" }, "office privacy"},
		"hostless address":    {func(s *Setup) { s.Office.Privacy = "https:///privacy" }, "office privacy"},
		"address in a text":   {func(s *Setup) { s.Office.Accessibility = "https://a.it/ e altro" }, "office accessibility"},
		"long address":        {func(s *Setup) { s.Office.Accessibility = "https://a.it/" + strings.Repeat("x", 188) }, "office accessibility"},
		"long dpo":            {func(s *Setup) { s.Office.DPO = strings.Repeat("x", 101) }, "office dpo"},
		"long note":           {func(s *Setup) { s.Office.Note = strings.Repeat("x", 101) }, "office note"},
		"name in no language": {func(s *Setup) { s.Services[0].Names = map[Language]string{"": "x"} }, "names:"},
		"name too long":       {func(s *Setup) { s.Services[0].Names = map[Language]string{"de": strings.Repeat("x", 81)} }, "names de"},
		"parked for too long": {func(s *Setup) { s.Rules.ParkMs = longestParkMs + 1 }, "rules: park is"},
	} {
		t.Run(name, func(t *testing.T) {
			s := testSetup()
			c.spoil(&s)
			err := s.Validate()
			if !errors.Is(err, ErrBadSetup) || !strings.Contains(err.Error(), c.say) {
				t.Fatalf("got %v, want a line with %q", err, c.say)
			}
		})
	}
	s := Setup{Rules: Rules{RestMs: -1, ParkMs: -1}}
	if lines := strings.Split(s.Validate().Error(), "\n"); len(lines) < 6 {
		t.Errorf("an empty setup has more faults than %q", lines)
	}
}

// The most that a setup may say of numbers and labels is accepted.
func TestTheLongestNumberAndLabel(t *testing.T) {
	s := testSetup()
	s.Series[0].Letters, s.Series[0].Width, s.Series[0].Last = "XYZ", 4, 9999
	s.Series[1].Letters, s.Series[1].Width, s.Series[1].Last = "W", 6, 999_999
	s.Desks[0].Label = "Ambulatorio2"
	if err := s.Validate(); err != nil {
		t.Error(err)
	}
}

// Every fault has the path of a value, in the words of an office's file.
func TestFaultsAreValues(t *testing.T) {
	s := testSetup()
	s.Services[1].StandardMs, s.Desks[0].Profile.Help = 0, []ServiceID{"cie", "catasto"}
	s.Hours.Exceptions = []Exception{{Date: "2026-12-24"}, {Date: "2026-12-25", Bands: []WeekBand{{Open: "08:00", Close: "12:00", Caps: []Cap{{"cie", -1}}}}}}
	s.Slip.Languages = []Language{"it", "it"}
	want := []string{"service[2].standard", "desk[1].help[2]", "hours.exception[2].band[1].caps[1].most", "slip.languages[2]"}
	var got []string
	for _, f := range s.Faults() {
		got = append(got, f.Path)
	}
	if !slices.Equal(got, want) {
		t.Errorf("faults at %q, want %q", got, want)
	}
	var faults Faults
	if err := s.Validate(); !errors.As(err, &faults) || len(faults) != len(want) {
		t.Errorf("the error of Validate holds %v", faults)
	}
}

func TestTheReceptionsOutlet(t *testing.T) {
	paper := func(id, name string) Outlet { return Outlet{ID: OutletID(id), Name: name, Printer: true} }
	totem := Outlet{ID: "totem", Name: "Totem", Printer: true, Screen: true}
	said := paper("tributi", "Tributi, piano interrato")
	said.Reception = true
	for name, c := range map[string]struct {
		outlets []Outlet
		want    OutletID
	}{
		"said":                               {[]Outlet{totem, paper("accoglienza", "Punto accoglienza"), said}, "tributi"},
		"written before it could be said":    {[]Outlet{totem, paper("tasti", "Tasti"), paper("a", "Punto Accoglienza")}, "a"},
		"unsaid, and the name says nothing":  {[]Outlet{totem, paper("front", "Front office"), paper("tributi", "Tributi")}, "front"},
		"unsaid, and every one has a screen": {[]Outlet{{ID: "list"}, totem}, "totem"},
		"no printer at all":                  {[]Outlet{{ID: "list"}, {ID: "other"}}, "list"},
		"no outlet":                          {nil, ""},
	} {
		if got := (Setup{Outlets: c.outlets}).ReceptionOutlet(); got != c.want {
			t.Errorf("%s: the reception prints at %q, want %q", name, got, c.want)
		}
	}
}

func TestASetupThatIsTooLong(t *testing.T) {
	h := newHall(t)
	s := testSetup()
	if err := s.Fits(); err != nil {
		t.Error(err)
	}
	for i := range 60 {
		more := s.Services[0]
		more.ID, more.Name, more.Detail = ServiceID(fmt.Sprintf("more-%d", i)), fmt.Sprintf("Servizio %d", i), strings.Repeat("€", longestDetail)
		s.Services = append(s.Services, more)
		s.Desks[0].Profile.First = append(s.Desks[0].Profile.First, more.ID)
	}
	if err := s.Validate(); err != nil {
		t.Fatalf("nothing but its size is wrong: %v", err)
	}
	h.refused(ChangeSetup{By: Cause{Kind: ByManager}, Setup: s}, ErrSetupTooLong)
	var size SetupSizeError
	if err := s.Fits(); !errors.As(err, &size) || size.Bytes <= size.Most || size.Most != maxSetupBytes || !errors.Is(err, ErrBadSetup) {
		t.Errorf("a setup that is too long is told as %v", err)
	}
}

// TestTheStateSharesNothingWithTheCaller: who sent a setup, a plan or a profile
// may go on changing it.
func TestTheStateSharesNothingWithTheCaller(t *testing.T) {
	h := newHall(t)
	s, plan := testSetup(), testPlan(tuesday, "2026-11-24")
	s.Office.Note, plan.Why = "nota", "nota"
	profile := Profile{First: []ServiceID{"cie"}}
	h.do(ChangeSetup{By: Cause{Kind: ByManager}, Setup: s, Plan: plan})
	h.do(SetDeskProfile{By: Cause{Kind: ByManager}, Desk: "1", Profile: profile})
	before := digest(h.state)
	s.Services[0].Name, s.Desks[0].Profile.First[0], s.Hours.Week[0].Days[0] = "x", "x", "x"
	plan.Bands[0].Opens, profile.First[0] = 0, "x"
	if digest(h.state) != before {
		t.Error("the state changed with what the caller changed")
	}
}
