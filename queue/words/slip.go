package words

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"eliminacode/queue"
)

// A SlipText is what stands on a ticket, in words only, from top to bottom.
// Empty fields take no paper.
//
// What is said in two languages has Beside between them, and so has the time of
// a date: a printer breaks a line there first, and drops the sign.
type SlipText struct {
	Logo    bool     // the picture that an installer stored in the printer
	Header  []string // the body and the office
	Date    string   // when it was issued, such as "martedì 24 novembre 2026 · 10:31"
	Service string
	Caption string // above the number
	Number  string
	Mark    string   // "RISTAMPA" or "PROVA"; printed reversed
	Facts   []string // people ahead, estimated wait, where to go
	QR      string   // content of the QR code
	Notes   []string // what happens to who comes late, priority, free text
}

// Beside stands between two texts that may share a line.
const Beside = " · "

// The marks of a slip that is not a first, real ticket, in the first language;
// another one stands beside it.
const (
	MarkReprint = "RISTAMPA"
	MarkTest    = "PROVA"
)

// Slip is the text of a ticket that, issued at that time in the office's own
// zone, tells its holder what the office's template says, in the language that the
// holder chose too. Address is where the
// ticket's status is seen; empty is nowhere. It never says the class of the
// ticket. What a person asked to print again is marked; a slip that moved to
// the spare printer by itself is not. Then are the services that the same visit
// is for besides; for them the last of the notes give way where paper has no room.
func Slip(setup queue.Setup, service queue.Service, t queue.Ticket, issued time.Time, address string, then ...queue.Service) SlipText {
	s, chosen := slipTextFor(setup).chosen(t.Language)
	text := SlipText{
		Logo:    s.has(queue.PartLogo),
		Header:  s.header(),
		Date:    s.part(queue.PartDate, s.date(issued)),
		Service: s.part(queue.PartService, s.service(service)),
		Caption: s.part(queue.PartCaption, s.say(queue.WordCaption, 0)),
		Number:  t.Number.Text,
		Facts: lines(
			s.then(then),
			s.whenIssued(t, queue.PartAhead, s.ahead(t.Ahead)),
			s.whenIssued(t, queue.PartEstimate, s.promise(t.Promise)),
			s.part(queue.PartPlace, s.officeText(queue.WordPlace, setup.Office.Place)),
		),
		QR: s.part(queue.PartQR, address),
		Notes: lines(
			s.part(queue.PartLate, s.late()),
			s.part(queue.PartPriority, s.say(queue.WordPriority, 0)),
			s.part(queue.PartNote, s.officeText(queue.WordNote, setup.Office.Note)),
		),
	}
	if t.Reprinted {
		text.Mark = s.mark(MarkReprint, func(c *catalogue) string { return c.Mark.Reprint })
	}
	for (len(then) > 0 || chosen) && len(text.Notes) > 0 && text.characters() > SlipRoom {
		text.Notes = text.Notes[:len(text.Notes)-1]
	}
	return text
}

// TrialSlip is the text of a test ticket: it has no number and counts nowhere.
// It shows the office's logo and header, and the letters of its languages.
func TrialSlip(setup queue.Setup, printed time.Time) SlipText {
	s := slipTextFor(setup)
	each := func(text func(*catalogue) string) string {
		return s.both(func(c *catalogue) (string, bool) { return text(c), true })
	}
	return SlipText{
		Logo:    s.has(queue.PartLogo),
		Header:  s.header(),
		Date:    s.date(printed),
		Service: each(func(c *catalogue) string { return c.Trial.Caption }),
		Mark:    s.mark(MarkTest, func(c *catalogue) string { return c.Mark.Trial }),
		Facts:   []string{each(func(c *catalogue) string { return c.Trial.Letters }) + Beside + "€"},
		Notes:   []string{each(func(c *catalogue) string { return c.Trial.Note })},
	}
}

// A BoxStatus is what a technician's grip prints of the box.
type BoxStatus struct {
	Address string // of the pages, such as "http://192.168.1.20:8080"; empty when there is no network
	// Staff is that of the pages of the staff under TLS; empty when there is none.
	Staff string
	// Fingerprint is the SHA-256 of a certificate that the box made itself, which
	// a browser asks about; empty for a given one.
	Fingerprint string
	// Code is a one-time code; First tells that it makes the first administrator,
	// else an administrator chooses a new password with it. CodeAddress is the
	// page where it is written; empty when there is no network.
	Code        string
	First       bool
	CodeAddress string
	Version     string   // of the program
	ClockNote   string   // whether the clock is right, in words
	Faults      []string // what is wrong, in words, worst first
}

// StatusSlip is the text that two buttons held for ten seconds print: no
// ticket, and without a number. It is for the technician, so in Italian alone;
// its QR code opens the pages.
func StatusSlip(setup queue.Setup, at time.Time, box BoxStatus) SlipText {
	s := slipTextFor(setup)
	text := SlipText{
		Logo:    s.has(queue.PartLogo),
		Header:  s.header(),
		Date:    Date(at) + Beside + Clock(at),
		Service: "Stato dell'apparecchio",
		Facts:   []string{"Rete: nessun indirizzo"},
		QR:      box.Address,
		Notes:   []string{"Nessun guasto."},
	}
	if box.Address != "" {
		text.Facts[0] = "Indirizzo: " + box.Address
	}
	if box.Staff != "" {
		text.Facts = append(text.Facts, "Per il personale: "+box.Staff)
		text.QR = box.Staff
	}
	if box.Fingerprint != "" {
		text.Facts = append(text.Facts, "Impronta SHA-256 che il browser deve mostrare:")
		for pairs := range slices.Chunk(strings.Split(box.Fingerprint, ":"), 8) {
			text.Facts = append(text.Facts, strings.Join(pairs, ":"))
		}
	}
	if box.Code != "" {
		what := "Codice per una nuova password dell'amministratore"
		if box.First {
			what = "Codice per il primo amministratore"
		}
		text.Facts = append(text.Facts, what+", per 30 minuti:", box.Code)
		text.QR = cmp.Or(box.CodeAddress, text.QR)
	}
	for _, line := range []struct{ name, value string }{{"Orologio: ", box.ClockNote}, {"Versione: ", box.Version}} {
		if line.value != "" {
			text.Facts = append(text.Facts, line.name+line.value)
		}
	}
	if len(box.Faults) > 0 {
		text.Notes = slices.Clone(box.Faults)
	}
	return text
}

// A slipText says things in the languages of an office's tickets.
type slipText struct {
	setup     queue.Setup
	languages []*catalogue // the main one first
}

func slipTextFor(setup queue.Setup) slipText {
	return slipText{setup: setup, languages: speaking(setup.Slip.Languages)}
}

// chosen is the text in the office's first language and the one that the holder of a
// ticket chose; other tells that it is another text than that of the office.
func (s slipText) chosen(l queue.Language) (text slipText, other bool) {
	c := catalogues()[l]
	if c == nil || slices.Contains(s.languages, c) {
		return s, false
	}
	s.languages = []*catalogue{s.languages[0], c}
	return s, true
}

// alone tells that there is one language. Two share the paper that one has, and
// the bytes: they have shorter words and say a number once.
func (s slipText) alone() bool { return len(s.languages) == 1 }

func (s slipText) has(part queue.SlipPart) bool { return s.setup.Slip.Has(part) }

// part is the text of a part, empty when the template leaves it out.
func (s slipText) part(part queue.SlipPart, text string) string {
	if !s.has(part) {
		return ""
	}
	return text
}

// whenIssued is the text of a part that was true when the ticket was issued: on
// a reprint, which somebody reads much later, it would mislead.
func (s slipText) whenIssued(t queue.Ticket, part queue.SlipPart, text string) string {
	if t.Reprinted {
		return ""
	}
	return s.part(part, text)
}

// lines are the texts that there are.
func lines(texts ...string) (there []string) {
	for _, text := range texts {
		if text != "" {
			there = append(there, text)
		}
	}
	return there
}

// both is a text in all languages that have it, side by side; the same words
// are said once.
func (s slipText) both(in func(*catalogue) (text string, ok bool)) string {
	var said []string
	for _, c := range s.languages {
		if text, ok := in(c); ok && text != "" && !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	return strings.Join(said, Beside)
}

// say is a text of the catalogues, for a count, with its placeholders filled.
func (s slipText) say(key queue.WordKey, count int, fill ...string) string {
	filled := filling(fill)
	return s.both(func(c *catalogue) (string, bool) {
		own := s.setup.Slip.Texts[c.code]
		if s.alone() {
			return filled.Replace(c.text(key, count, own, c.Slip)), true
		}
		return filled.Replace(c.text(key, count, own, c.Short, c.Slip)), true
	})
}

// A filling is placeholders, each followed by what takes its place. A text is
// short and filled once, which a strings.Replacer is not made for.
type filling []string

func (f filling) Replace(text string) string {
	for i := 0; i < len(f); i += 2 {
		text = strings.ReplaceAll(text, f[i], f[i+1])
	}
	return text
}

// own is a text that only the office knows. Its plain form stands for the first
// language that the office gave no other text in.
func (s slipText) own(plain string, in func(queue.Language) (string, bool)) string {
	return s.both(func(c *catalogue) (string, bool) {
		text, ok := in(c.code)
		if !ok {
			text, plain = plain, ""
		}
		return text, true
	})
}

func (s slipText) officeText(key queue.WordKey, plain string) string {
	return s.own(plain, func(l queue.Language) (string, bool) {
		text, ok := s.setup.Slip.Texts[l][key]
		return text, ok
	})
}

func (s slipText) service(x queue.Service) string {
	return s.own(x.Name, func(l queue.Language) (string, bool) {
		text, ok := x.Names[l]
		return text, ok
	})
}

func (s slipText) header() []string {
	return lines(
		s.part(queue.PartHeader, s.officeText(queue.WordBody, s.setup.Office.Body)),
		s.part(queue.PartHeader, s.officeText(queue.WordName, s.setup.Office.Name)),
	)
}

// date is the day in full; in two languages the weekday in both, in short, and
// the date in figures.
func (s slipText) date(t time.Time) string {
	main := s.languages[0]
	if s.alone() {
		return main.date(main.Date.Long, t) + Beside + Clock(t)
	}
	days := s.both(func(c *catalogue) (string, bool) { return c.Date.Days[t.Weekday()], true })
	return days + " " + main.date(main.Date.Short, t) + " " + Clock(t)
}

// mark is the Italian word, which the staff look for, and beside it those of
// the other languages.
func (s slipText) mark(inItalian string, of func(*catalogue) string) string {
	words := []string{inItalian}
	for _, c := range s.languages {
		if word := of(c); c.code != italian && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return strings.Join(words, Beside)
}

// then are the services that a visit is for besides, in order.
func (s slipText) then(services []queue.Service) string {
	if len(services) == 0 {
		return ""
	}
	names := make([]string, len(services))
	for i, x := range services {
		names[i] = s.service(x)
	}
	return s.say(queue.WordThen, 0) + ": " + strings.Join(names, ", ")
}

func (s slipText) ahead(n int) string {
	switch many := n > queue.AheadMost; {
	case many && !s.alone():
		// The sign is the same in all languages.
		return s.say(queue.WordAheadLabel, 0) + ": >" + strconv.Itoa(queue.AheadMost)
	case !s.alone():
		return s.say(queue.WordAheadLabel, 0) + ": " + strconv.Itoa(max(0, n))
	case n <= 0:
		return s.say(queue.WordNobody, 0)
	case many:
		most := s.say(queue.WordAheadMost, 0, "{ahead}", strconv.Itoa(queue.AheadMost))
		return s.say(queue.WordAhead, queue.AheadMost, "{ahead}", most)
	default:
		return s.say(queue.WordAhead, n, "{ahead}", strconv.Itoa(n))
	}
}

// promise is the estimated wait as an honest range, rounded outwards to five
// minutes, or what to do when none was told.
func (s slipText) promise(p queue.Promise) string {
	if p.ToMs <= 0 {
		return s.say(queue.WordEstimateUnknown, 0)
	}
	const step = 5 * 60_000
	from, to := p.FromMs/step*5, (p.ToMs+step-1)/step*5
	from = max(0, min(from, to-5))
	fill := []string{"{from}", strconv.FormatInt(from, 10), "{to}", strconv.FormatInt(to, 10)}
	switch {
	case !s.alone():
		// The sign of minutes is the same in all languages.
		return s.say(queue.WordEstimateLabel, 0) + fmt.Sprintf(": %d-%d min", from, to)
	case from == 0:
		return s.say(queue.WordEstimateUnder, 0, fill...)
	default:
		return s.say(queue.WordEstimate, 0, fill...)
	}
}

// late is what becomes of who does not answer, by the office's own rules.
func (s slipText) late() string {
	recalls, backMs, calls := s.setup.Rules.LateTerms()
	minutes := max(1, backMs/60_000)
	return s.say(queue.WordLate, calls,
		"{calls}", strconv.Itoa(calls), "{minutes}", strconv.FormatInt(minutes, 10), "{recalls}", strconv.Itoa(recalls))
}
