package words

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	toml "github.com/pelletier/go-toml/v2"

	"eliminacode/queue"
)

// A speech is how a voice says numbers and calls in one language: a file of the
// folder spoken, named by the language's code. What each entry is stands in it.toml.
type speech struct {
	Below     []string   `toml:"below"`      // 0 to 99
	Hundreds  []string   `toml:"hundreds"`   // 100 to 900
	Thousand  string     `toml:"thousand"`   // 1000
	Thousands string     `toml:"thousands"`  // with {n} thousands
	Join      string     `toml:"join"`       // between thousands and hundreds
	JoinBelow string     `toml:"join_below"` // before a rest below 100
	Mend      [][]string `toml:"mend"`       // pairs: an expression, what it becomes
	Call      string     `toml:"call"`
	Room      string     `toml:"room"`
	Floors    []string   `toml:"floors"` // from queue.LowestFloor

	mends []mend
}

type mend struct {
	found *regexp.Regexp
	now   string
}

//go:embed spoken/*.toml
var spokenFiles embed.FS

var speeches = sync.OnceValue(func() map[queue.Language]*speech {
	files, err := spokenFiles.ReadDir("spoken")
	if err != nil {
		panic("words: " + err.Error())
	}
	all := map[queue.Language]*speech{}
	for _, f := range files {
		s, err := readSpeech(f.Name())
		if err != nil {
			// It is part of the program, and a test reads it.
			panic("words: reading how numbers are spoken: " + err.Error())
		}
		all[queue.Language(strings.TrimSuffix(f.Name(), ".toml"))] = s
	}
	return all
})

func readSpeech(name string) (*speech, error) {
	text, err := spokenFiles.ReadFile(path.Join("spoken", name))
	if err != nil {
		return nil, err
	}
	s := &speech{}
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(s); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(s.Below) != 100 || len(s.Hundreds) != 9 || len(s.Floors) != queue.HighestFloor-queue.LowestFloor+1 {
		return nil, fmt.Errorf("%s: it wants 100 numbers, 9 hundreds and %d floors", name, queue.HighestFloor-queue.LowestFloor+1)
	}
	for _, pair := range s.Mend {
		if len(pair) != 2 {
			return nil, fmt.Errorf("%s: mend wants pairs", name)
		}
		found, err := regexp.Compile(pair[0])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		s.mends = append(s.mends, mend{found, pair[1]})
	}
	return s, nil
}

// SpokenLanguages are those that a voice has words in.
func SpokenLanguages() []queue.Language { return StaffLanguages() }

// speechIn is how a language is spoken, Italian when it has no file.
func speechIn(l queue.Language) *speech { return cmp.Or(speeches()[l], speeches()[italian]) }

// Spoken is a number as a voice says it: the letters by name, leading zeros
// one by one, the rest as one number. "A042" is "A zero quarantadue".
func (t *Tongue) Spoken(number string) string { return speechIn(t.code).number(number) }

// A SpokenCall is what a voice says of a call: a number, and where it is to go.
type SpokenCall struct {
	Number string // such as "A042"
	Desk   string // the label, such as "3"
	Floor  string // of the desk, as its setup says; empty is not said
	Room   string
}

// Call is the whole sentence, such as "Numero A zero quarantadue, sportello tre,
// primo piano, stanza dodici".
func (t *Tongue) Call(c SpokenCall) string {
	s := speechIn(t.code)
	said := []string{filling{"{number}", s.number(c.Number), "{desk}", s.label(c.Desk)}.Replace(s.Call)}
	if c.Floor != "" {
		said = append(said, s.floor(c.Floor))
	}
	if c.Room != "" {
		said = append(said, s.room(c.Room))
	}
	return strings.Join(said, ", ")
}

// CallParts are the parts that a recorded voice says a call by, in the order that
// Italian and its neighbours say it: "number", letters such as "letter-a", figures
// "0" to "99", "100" to "900", "1000" and, after how many, "thousands", "desk",
// "floor-1", "room", and "name-" with a name in small letters.
func CallParts(c SpokenCall) []string {
	parts := append([]string{"number"}, numberParts(c.Number)...)
	parts = append(append(parts, "desk"), labelParts(c.Desk)...)
	if c.Floor != "" {
		parts = append(parts, "floor-"+c.Floor)
	}
	switch {
	case c.Room == "":
	case isName(c.Room):
		parts = append(parts, labelParts(c.Room)...)
	default:
		parts = append(append(parts, "room"), numberParts(c.Room)...)
	}
	return parts
}

func labelParts(text string) []string {
	if isName(text) {
		return []string{"name-" + strings.ToLower(text)}
	}
	return numberParts(text)
}

func numberParts(number string) []string {
	letters, zeros, n := readNumber(number)
	var parts []string
	for _, r := range letters {
		parts = append(parts, "letter-"+strings.ToLower(string(r)))
	}
	for range zeros {
		parts = append(parts, "0")
	}
	if n < 0 {
		return parts
	}
	return append(parts, cardinalParts(n)...)
}

func cardinalParts(n int) (parts []string) {
	switch thousands := n / 1000; {
	case thousands == 1:
		parts = append(parts, "1000")
	case thousands > 1:
		parts = append(cardinalParts(thousands), "thousands")
	}
	if hundreds := n % 1000 / 100; hundreds > 0 {
		parts = append(parts, strconv.Itoa(hundreds*100))
	}
	if rest := n % 100; rest > 0 || len(parts) == 0 {
		parts = append(parts, strconv.Itoa(rest))
	}
	return parts
}

// Place is where a desk is, as it is read: "primo piano, stanza 12"; empty when nothing
// is said of it.
func (t *Tongue) Place(floor, room string) string {
	s := speechIn(t.code)
	var parts []string
	if floor != "" {
		parts = append(parts, s.floor(floor))
	}
	switch {
	case room == "":
	case isName(room):
		parts = append(parts, room)
	default:
		parts = append(parts, filling{"{room}", room}.Replace(s.Room))
	}
	return strings.Join(parts, ", ")
}

// floor is a floor in words; one that has none is said as it is written.
func (s *speech) floor(text string) string {
	n, err := strconv.Atoi(text)
	if err != nil || n < queue.LowestFloor || n > queue.HighestFloor {
		return text
	}
	return s.Floors[n-queue.LowestFloor]
}

// room is a room in words: "stanza dodici", and a name as it is: "Sala A".
func (s *speech) room(text string) string {
	if isName(text) {
		return text
	}
	return filling{"{room}", s.number(text)}.Replace(s.Room)
}

// label is what a desk is called: a figure or a number in words, a name as it is.
func (s *speech) label(text string) string {
	if isName(text) {
		return text
	}
	return s.number(text)
}

// isName tells that a text is a name and not a figure, or a number such as "A12".
func isName(text string) bool {
	letters := strings.TrimRight(text, "0123456789")
	return utf8.RuneCountInString(letters) > mostLetters || strings.ContainsFunc(letters, unicode.IsDigit)
}

// mostLetters is how many letters before a figure are said one by one; more are a word.
const mostLetters = 2

// readNumber takes a number as shown apart: its letters, how many zeros lead its
// figure, and the figure, which is -1 when there is none.
func readNumber(number string) (letters []rune, zeros, n int) {
	digits := strings.TrimLeftFunc(number, func(r rune) bool { return r < '0' || r > '9' })
	for _, r := range strings.TrimSuffix(number, digits) {
		if !unicode.IsSpace(r) {
			letters = append(letters, r)
		}
	}
	figure := strings.TrimLeft(digits, "0")
	if zeros = len(digits) - len(figure); figure == "" && zeros > 0 {
		zeros, figure = zeros-1, "0"
	}
	n, err := strconv.Atoi(figure)
	if err != nil || n >= mostSpoken {
		n = -1
	}
	return letters, zeros, n
}

// mostSpoken is the first figure that is beyond every series.
const mostSpoken = 1_000_000

func (s *speech) number(number string) string {
	letters, zeros, n := readNumber(number)
	var said []string
	for _, r := range letters {
		said = append(said, string(r))
	}
	for range zeros {
		said = append(said, s.Below[0])
	}
	if n >= 0 {
		said = append(said, s.cardinal(n))
	}
	return strings.Join(said, " ")
}

// cardinal is n in words, for 0 to 999,999.
func (s *speech) cardinal(n int) string {
	said := s.compose(n)
	if n < 100 {
		return said
	}
	for _, m := range s.mends {
		said = m.found.ReplaceAllString(said, m.now)
	}
	return said
}

// compose puts the words of a number beside each other.
func (s *speech) compose(n int) string {
	said, join := "", ""
	if thousands := n / 1000; thousands == 1 {
		said, join = s.Thousand, s.Join
	} else if thousands > 1 {
		said, join = filling{"{n}", s.compose(thousands)}.Replace(s.Thousands), s.Join
	}
	if hundreds := n % 1000 / 100; hundreds > 0 {
		said += join + s.Hundreds[hundreds-1]
	}
	switch rest := n % 100; {
	case said == "":
		return s.Below[rest]
	case rest > 0:
		return said + s.JoinBelow + s.Below[rest]
	}
	return said
}
