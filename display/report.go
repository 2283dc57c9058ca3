package display

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/waiting"
	"eliminacode/queue/words"
)

// Reports answers how long people waited.
type Reports interface {
	Report(ctx context.Context, q waiting.Query) (waiting.Report, error)
}

// reportWait bounds a report, so that a page never hangs on the disk.
const reportWait = 20 * time.Second

// A reportPage is the waiting report with its question.
type reportPage struct {
	From, To, By string
	Heading      string // of the first column
	Fault        string // what is wrong with the question
	Report       *waiting.Report
	CSV          string // address of the same as CSV, for an Italian desktop
	ToldCSV      string // of what was told
	ContactsCSV  string // of contacts without a ticket
	tongue       *words.Tongue
}

// Groupings are the choices of the page.
func (p reportPage) Groupings() []words.ReportGrouping { return p.tongue.ReportGroupings() }

// Label is the name of a row in the language of the page.
func (p reportPage) Label(key, label string) string {
	switch by := waiting.Grouping(p.By); {
	case key == waiting.KeyMerged:
		return p.tongue.Say("report.merged")
	case by == waiting.ByGroup && key == waiting.KeyNoDesk:
		return p.tongue.Say("report.no-desk")
	case by == waiting.ByGroup && key == waiting.KeyNoGroup:
		return p.tongue.Say("report.no-group")
	case by == waiting.ByDay:
		return p.Day(key)
	}
	return label
}

// Day is a date in the language of the page.
func (p reportPage) Day(date string) string { return p.tongue.Day(date) }

// ContactDays are the days of which the page lists the contacts: those of a report by
// day. Of any other it has only their total, which fits whatever the range.
func (p reportPage) ContactDays() []waiting.ContactsRow {
	if waiting.Grouping(p.By) != waiting.ByDay {
		return nil
	}
	return p.Report.Contacts.Rows
}

// ContactsHeadings are what the counts of a row of contacts count.
func (p reportPage) ContactsHeadings() []string {
	headings := []string{p.tongue.Say("report.contacts-all")}
	for _, c := range queue.ContactKinds {
		headings = append(headings, p.tongue.Contact(c))
	}
	return headings
}

// ToldHeadings are those of what was told: the outcomes and the categories, each
// with what nobody told last.
func (p reportPage) ToldHeadings() (headings []string) {
	for _, o := range append(queue.Outcomes[:], "") {
		headings = append(headings, p.tongue.Outcome(o))
	}
	for _, c := range append(queue.Categories[:], "") {
		headings = append(headings, p.tongue.Category(c))
	}
	return headings
}

// ToldHeading is what the nth count of a row of what was told counts.
func (p reportPage) ToldHeading(n int) string {
	if n == 0 {
		return p.tongue.Say("report.told-services")
	}
	return p.ToldHeadings()[n-1]
}

// MissingDocument is the word for the contacts that are counted apart.
func (p reportPage) MissingDocument() string { return p.tongue.Contact(queue.ContactIncomplete) }

func reportQuestion(r *http.Request, l view.Look) reportPage {
	today := timeOf(l, l.State.OfficeTime(l.Now))
	q := r.URL.Query()
	p := reportPage{From: q.Get("from"), To: q.Get("to"), By: q.Get("by"), tongue: l.Tongue}
	if p.To == "" {
		p.To = today.Format(time.DateOnly)
	}
	if p.From == "" {
		p.From = today.Format(time.DateOnly)
	}
	if p.By == "" {
		p.By = string(waiting.ByHour)
	}
	p.Heading = l.Tongue.ReportColumn(p.By)
	same := "?" + url.Values{"from": {p.From}, "to": {p.To}, "by": {p.By}, "decimals": {string(waiting.Comma)}}.Encode()
	p.CSV, p.ToldCSV, p.ContactsCSV = "/responsabile/attese.csv"+same, "/responsabile/esiti.csv"+same, "/responsabile/contatti.csv"+same
	return p
}

func (s *Server) report(r *http.Request, p reportPage) (waiting.Report, error) {
	ctx, done := context.WithTimeout(r.Context(), reportWait)
	defer done()
	return s.cfg.Reports.Report(ctx, waiting.Query{From: p.From, To: p.To, By: waiting.Grouping(p.By), Told: true, Contacts: true})
}

func (s *Server) getReport(w http.ResponseWriter, r *http.Request) {
	l := s.lookFor(r)
	v := reportQuestion(r, l)
	p := s.pageAt(l, "report")
	report, err := s.report(r, v)
	if err == nil {
		v.Report = &report
	} else {
		status, code := s.explain(err)
		if status != http.StatusBadRequest {
			s.problem(w, r, status, code)
			return
		}
		// The question can be mended where it was asked.
		p.status = status
		v.Fault, _ = l.Tongue.ByCode(code)
	}
	p.View = v
	s.render(w, r, p)
}

func (s *Server) getReportCSV(w http.ResponseWriter, r *http.Request) {
	s.reportCSV(w, r, "attese", waiting.Report.WriteCSV)
}

func (s *Server) getToldCSV(w http.ResponseWriter, r *http.Request) {
	s.reportCSV(w, r, "esiti", func(report waiting.Report, to io.Writer, sign waiting.Decimals) error {
		return report.Told.WriteCSV(to, sign)
	})
}

func (s *Server) getContactsCSV(w http.ResponseWriter, r *http.Request) {
	s.reportCSV(w, r, "contatti", func(report waiting.Report, to io.Writer, sign waiting.Decimals) error {
		return report.Contacts.WriteCSV(to, sign)
	})
}

// reportCSV answers with a report as a file, whose name begins so.
func (s *Server) reportCSV(w http.ResponseWriter, r *http.Request, name string, write func(waiting.Report, io.Writer, waiting.Decimals) error) {
	l := s.lookFor(r)
	v := reportQuestion(r, l)
	report, err := s.report(r, v)
	var b bytes.Buffer
	sign := waiting.Decimals(cmp.Or(r.URL.Query().Get("decimals"), string(waiting.Point)))
	if err == nil && sign != waiting.Point && sign != waiting.Comma {
		err = errBadDecimals
	}
	if err == nil {
		err = write(report, &b, sign)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`-`+safeName(v.From)+`-`+safeName(v.To)+`.csv"`)
	_, _ = w.Write(b.Bytes())
}

// safeName keeps what a date may hold, for the name of a file.
func safeName(s string) string {
	keep := func(r rune) rune {
		if r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}
	return string(bytes.Map(keep, []byte(s)))
}

// reportTime is a time of a report in minutes and seconds; a dash for none.
// Only here are times rounded.
func reportTime(ms *int64) string {
	if ms == nil {
		return "–"
	}
	return words.Stopwatch(*ms + 500)
}

func reportMean(ms *float64) string {
	if ms == nil {
		return "–"
	}
	whole := int64(*ms)
	return reportTime(&whole)
}

// timeOf is office time in the zone of a look.
func timeOf(l view.Look, officeMs int64) time.Time {
	zone := l.Zone
	if zone == nil {
		zone = time.UTC
	}
	return time.UnixMilli(officeMs).In(zone)
}
