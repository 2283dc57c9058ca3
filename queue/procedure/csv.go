package procedure

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"eliminacode/queue"
	"eliminacode/queue/cell"
)

//go:embed reference.csv
var referenceFile []byte

// Reference is the catalogue of the reference office.
func Reference() *Catalogue { return reference() }

// reference is read once, since topics are asked for again and again.
var reference = sync.OnceValue(func() *Catalogue { return catalogueOf(example()) })

// example are the procedures of the reference office.
var example = sync.OnceValue(func() []Procedure {
	all, err := parse(referenceFile)
	if err != nil {
		// A test reads it.
		panic("procedure: reference.csv is not valid: " + err.Error())
	}
	return all
})

// headings are those of the file, as Format writes them.
var headings = []string{
	"codice", "pratica", "servizio", "altre parole", "chi", "documenti", "costo", "tempo", "dove", "ufficio",
	"parole tedesche", "parole francesi", "parole slovene", "parole inglesi", "giorni", "esempio",
}

// required are the headings that must be there, filled those whose cells must be.
var required, filled = headings[:3], headings[:2]

// exampleYes marks a sheet that is still the reference office's.
const exampleYes = "sì"

// texts are the cells of a procedure that are texts, in the order of headings.
func (p *Procedure) texts() []*string {
	texts := []*string{
		(*string)(&p.ID), &p.Name, (*string)(&p.Service), &p.Words,
		&p.Who, &p.Documents, &p.Cost, &p.Time, &p.Where, &p.Office,
	}
	for i := range p.Foreign {
		texts = append(texts, &p.Foreign[i])
	}
	return texts
}

// Format is the catalogue as a file that a spreadsheet opens: semicolons, CR LF, and
// a byte order mark. Parse reads the same catalogue from it.
func (c *Catalogue) Format() []byte {
	var b bytes.Buffer
	b.WriteString(cell.Mark)
	w := cell.NewWriter(&b, ';')
	lines := [][]string{headings}
	for _, p := range c.all {
		var line []string
		for _, text := range p.texts() {
			line = append(line, cell.Text(*text))
		}
		days := ""
		if p.TargetDays > 0 {
			days = strconv.Itoa(p.TargetDays)
		}
		example := ""
		if p.Example {
			example = exampleYes
		}
		lines = append(lines, append(line, days, example))
	}
	for _, line := range lines {
		_ = w.Write(line) // a buffer takes everything
	}
	_ = w.Flush()
	return b.Bytes()
}

// Parse reads a file of procedures. Blanks around a text, and more than one between
// words, do not count. The error is a Faults with all that is wrong.
func Parse(file []byte) (*Catalogue, error) {
	all, err := parse(file)
	if err != nil {
		return nil, err
	}
	return catalogueOf(all), nil
}

func parse(file []byte) ([]Procedure, error) {
	if len(file) > MaxFileBytes {
		return nil, Faults{{Flaw: FlawLong, Limit: MaxFileBytes}}
	}
	file = bytes.TrimPrefix(file, []byte(cell.Mark))
	if at := invalid(file); at >= 0 {
		return nil, Faults{{Flaw: FlawNotUTF8, Line: 1 + bytes.Count(file[:at], []byte("\n"))}}
	}
	r := csv.NewReader(bytes.NewReader(file))
	r.Comma, r.FieldsPerRecord = divider(file), -1
	p := parser{lines: r, ids: map[string]int{}}
	if !bytes.HasSuffix(file, []byte("\n")) {
		p.open = int64(len(file))
	}
	if err := p.read(); err != nil {
		return nil, err
	}
	if len(p.faults) > 0 {
		return nil, p.faults
	}
	return p.all, nil
}

// invalid is where a text stops being UTF-8, or -1.
func invalid(file []byte) int {
	for at := 0; at < len(file); {
		r, size := utf8.DecodeRune(file[at:])
		if r == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
	return -1
}

// divider is the sign between the cells: that of the first line, whose headings
// hold neither.
func divider(file []byte) rune {
	first, _, _ := bytes.Cut(bytes.TrimLeft(file, "\r\n"), []byte("\n"))
	if bytes.IndexByte(first, ';') < 0 && bytes.IndexByte(first, ',') >= 0 {
		return ','
	}
	return ';'
}

type parser struct {
	lines   *csv.Reader
	columns []string // the heading of each; empty is one that is not known
	all     []Procedure
	ids     map[string]int // the line that has it
	faults  Faults
	open    int64 // where the file ends within a line; 0 when it does not
}

// blame adds a fault, unless there are enough.
func (p *parser) blame(f Fault) {
	if len(f.Text) > maxFaultText {
		f.Text = strings.ToValidUTF8(f.Text[:maxFaultText], "")
	}
	if len(p.faults) < maxFaults {
		p.faults = append(p.faults, f)
	}
}

// read reads all lines; what it answers with comes alone.
func (p *parser) read() error {
	for {
		cells, err := p.lines.Read()
		var syntax *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			if len(p.all) == 0 && len(p.faults) == 0 {
				return Faults{{Flaw: FlawEmpty}}
			}
			return nil
		case errors.As(err, &syntax):
			return Faults{{Flaw: FlawQuote, Line: syntax.Line}}
		case err != nil:
			return err
		}
		for i := range cells {
			cells[i] = strings.Join(strings.Fields(cell.Read(strings.TrimSpace(cells[i]))), " ")
		}
		switch {
		case strings.Join(cells, "") == "":
		case p.columns == nil:
			p.readHeadings(cells)
		case len(p.all) == MaxProcedures:
			return Faults{{Flaw: FlawMany, Limit: MaxProcedures}}
		default:
			p.readProcedure(cells)
		}
	}
}

func (p *parser) readHeadings(cells []string) {
	p.columns = make([]string, len(cells))
	for i, text := range cells {
		line, _ := p.lines.FieldPos(i)
		heading := strings.ToLower(text)
		switch {
		case text == "" && strings.Join(cells[i:], "") == "":
			// Spreadsheets write empty columns at the end of a line.
		case !slices.Contains(headings, heading):
			p.blame(Fault{Flaw: FlawHeading, Line: line, Column: i + 1, Text: text})
		case slices.Contains(p.columns, heading):
			p.blame(Fault{Flaw: FlawHeadingTwice, Line: line, Column: i + 1, Text: text})
		default:
			p.columns[i] = heading
		}
	}
	for _, heading := range required {
		if line, _ := p.lines.FieldPos(0); !slices.Contains(p.columns, heading) {
			p.blame(Fault{Flaw: FlawHeadingMissing, Line: line, Text: heading})
		}
	}
}

// readProcedure reads a line. Spreadsheets leave out the empty cells at its end. A file
// that was cut off ends in such a line too, but within it, and is refused.
func (p *parser) readProcedure(cells []string) {
	line, _ := p.lines.FieldPos(0)
	wide := len(p.columns)
	for wide > 0 && p.columns[wide-1] == "" {
		wide--
	}
	if len(cells) < wide && p.open > 0 && p.lines.InputOffset() == p.open {
		p.blame(Fault{Flaw: FlawShort, Line: line, Limit: wide})
		return
	}
	var read Procedure
	texts := read.texts()
	for i, text := range cells {
		at := Fault{Line: line, Column: i + 1, Text: text}
		if i < len(p.columns) {
			at.Heading = p.columns[i]
		}
		if text != "" && i >= len(p.columns) {
			at.Flaw, at.Limit = FlawCells, len(p.columns)
			p.blame(at)
			break
		}
		heading := slices.Index(headings, at.Heading)
		switch {
		case heading < 0:
		case heading < len(texts):
			*texts[heading] = text
			p.check(at)
		case at.Heading == "esempio":
			switch plain(text) {
			case "", "no":
			case plain(exampleYes):
				read.Example = true
			default:
				at.Flaw = FlawExample
				p.blame(at)
			}
		case text != "":
			days, err := strconv.Atoi(text)
			if err != nil || days < 0 || days > MaxDays {
				at.Flaw = FlawDays
				p.blame(at)
			}
			read.TargetDays = days
		}
	}
	for _, heading := range filled {
		if i := slices.Index(p.columns, heading); i >= 0 && *texts[slices.Index(headings, heading)] == "" {
			p.blame(Fault{Flaw: FlawMissing, Line: line, Column: i + 1, Heading: heading})
		}
	}
	if id := string(read.ID); id != "" {
		if p.ids[id] > 0 {
			p.blame(Fault{Flaw: FlawIDTwice, Line: line, Column: 1 + slices.Index(p.columns, headings[0]), Heading: headings[0], Text: id, Other: p.ids[id]})
		} else {
			p.ids[id] = line
		}
	}
	p.all = append(p.all, read)
}

// check looks at one text of the sheet.
func (p *parser) check(at Fault) {
	at.Limit = MaxTextBytes
	switch at.Heading {
	case "codice", "servizio":
		at.Limit = MaxIDBytes
	case "pratica":
		at.Limit = MaxNameBytes
	}
	switch text := at.Text; {
	case at.Heading == "codice" && !shortName(text):
		at.Flaw = FlawID
	case len(text) > at.Limit:
		at.Flaw = FlawText
	case strings.ContainsFunc(text, queue.Unseen):
		at.Flaw, at.Text = FlawControl, ""
	default:
		return
	}
	p.blame(at)
}

// shortName tells whether a text may be an ID; an empty one is missing instead.
func shortName(text string) bool {
	return len(text) <= MaxIDBytes && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
	})
}
