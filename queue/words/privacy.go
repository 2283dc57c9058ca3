package words

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"slices"
	"time"

	"eliminacode/queue"
)

// PrivacyFacts are what an office's privacy papers say of itself.
type PrivacyFacts struct {
	Body, Office, Place string
	DPO                 string // how to reach the data protection officer; empty is not said
	Services, Desks     int
	Published           bool      // some figures are public
	AuditDays           int       // how long an administrative act is kept
	IdleHours           int       // after how long without use a session ends
	Drawn               time.Time // on which date
	Version             string    // of the program
}

// A PrivacyPaper is one of them: a page of HTML that needs no other file, with what the
// body itself must fill in marked.
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
	citizensNotice + ".html", "informativa-personale.html", "registro-trattamenti.html", "conservazione.html", "valutazione-impatto.html",
}

// citizensNotice is the paper that citizens read, and so the only one that is in every
// language of the pages: an Italian authority asks for the others.
const citizensNotice = "informativa-cittadini"

// toFill stands before what the body must fill in, by the language of the paper.
var toFill = map[queue.Language]string{
	italian: "da completare", "de": "zu ergänzen", "fr": "à compléter", "sl": "dopolnite", "en": "to complete",
}

// PrivacyPapers draws up the papers of an office: all of them in Italian, and the notice
// for citizens besides in other languages of StaffLanguages, each once.
func PrivacyPapers(f PrivacyFacts, others ...queue.Language) ([]PrivacyPaper, error) {
	var papers []PrivacyPaper
	draw := func(l queue.Language, name string, files ...string) error {
		p, err := f.draw(l, name, files...)
		papers = append(papers, p)
		return err
	}
	for _, name := range privacyPapers {
		if err := draw(italian, name, "italiano.html"); err != nil {
			return nil, err
		}
	}
	for i, l := range others {
		if l == italian || slices.Contains(others[:i], l) {
			continue
		}
		if err := draw(l, citizensNotice+"."+string(l)+".html"); err != nil {
			return nil, err
		}
	}
	return papers, nil
}

// draw draws up a paper in a language, from the file of its name and from others.
func (f PrivacyFacts) draw(l queue.Language, name string, files ...string) (PrivacyPaper, error) {
	fill := func(what string) template.HTML {
		return template.HTML(`<span class="fill">[` + toFill[l] + `: ` + template.HTMLEscapeString(what) + `]</span>`)
	}
	date := func() string { return In(l).Date(f.Drawn) }
	var paths []string
	for _, file := range append(files, "layout.html", name) {
		paths = append(paths, "privacy/"+file)
	}
	t, err := template.New(name).Funcs(template.FuncMap{"fill": fill, "date": date}).ParseFS(privacyFiles, paths...)
	if err != nil {
		return PrivacyPaper{}, fmt.Errorf("reading the privacy papers: %w", err)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "page", f); err != nil {
		return PrivacyPaper{}, fmt.Errorf("drawing up %s: %w", name, err)
	}
	return PrivacyPaper{name, b.Bytes()}, nil
}
