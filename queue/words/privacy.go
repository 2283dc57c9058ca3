package words

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"time"
)

// PrivacyFacts are what an office's privacy papers say of itself.
type PrivacyFacts struct {
	Body, Office, Place string
	DPO                 string // how to reach the data protection officer; empty is not said
	Services, Desks     int
	Published           bool // some figures are public
	AuditDays           int  // how long an administrative act is kept
	IdleHours           int  // after how long without use a session ends
	Drawn               time.Time
	Version             string // of the program
}

// Date is the day on which the papers were drawn up.
func (f PrivacyFacts) Date() string { return In(italian).Date(f.Drawn) }

// A PrivacyPaper is one of them: a page of HTML in Italian that needs no other
// file, with what the body itself must fill in marked.
type PrivacyPaper struct {
	Name string // of the file
	HTML []byte
}

//go:embed privacy/*.html
var privacyFiles embed.FS

// privacyPapers are the papers, in the order in which a body needs them: the
// notices of article 13, the row of the register of article 30, the retention
// table and a skeleton of the assessment of article 35 of the GDPR. What
// article 4 of L. 300/1970 and the Garante (479/2017) ask stands in their texts.
var privacyPapers = []string{
	"informativa-cittadini.html", "informativa-personale.html", "registro-trattamenti.html", "conservazione.html", "valutazione-impatto.html",
}

// PrivacyPapers draws up the papers of an office.
func PrivacyPapers(f PrivacyFacts) ([]PrivacyPaper, error) {
	fill := func(what string) template.HTML {
		return template.HTML(`<span class="fill">[da completare: ` + template.HTMLEscapeString(what) + `]</span>`)
	}
	var papers []PrivacyPaper
	for _, name := range privacyPapers {
		t, err := template.New(name).Funcs(template.FuncMap{"fill": fill}).ParseFS(privacyFiles, "privacy/layout.html", "privacy/"+name)
		if err != nil {
			return nil, fmt.Errorf("reading the privacy papers: %w", err)
		}
		var b bytes.Buffer
		if err := t.ExecuteTemplate(&b, "page", f); err != nil {
			return nil, fmt.Errorf("drawing up %s: %w", name, err)
		}
		papers = append(papers, PrivacyPaper{name, b.Bytes()})
	}
	return papers, nil
}
