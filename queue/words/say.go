package words

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	toml "github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"

	"eliminacode/queue"
)

// A Tongue says to the staff, in one language, what stands in the files of the
// folder staff.
type Tongue struct {
	code     queue.Language
	citizens *catalogue        // the names of days and months are the same for all
	plain    map[string]string // texts that need no filling and no counting
	counted  map[string]*i18n.Message
	texts    *i18n.Localizer // all texts
}

// StaffLanguages are those that the staff choose from, in the order in which
// they are offered.
func StaffLanguages() []queue.Language { return []queue.Language{italian, "de", "fr", "sl", "en"} }

//go:embed staff/*.toml
var staffFiles embed.FS

// tongues are each read at the first use: few offices use more than two.
var tongues = func() map[queue.Language]func() *Tongue {
	all := map[queue.Language]func() *Tongue{}
	for _, code := range StaffLanguages() {
		all[code] = sync.OnceValue(func() *Tongue {
			t, err := readTongue(code)
			if err != nil {
				// It is part of the program, and a test reads it.
				panic("words: reading the texts of the staff: " + err.Error())
			}
			return t
		})
	}
	return all
}()

// In is how the staff are spoken to in a language: in Italian when it is none of
// StaffLanguages.
func In(l queue.Language) *Tongue {
	if t, ok := tongues[l]; ok {
		return t()
	}
	return tongues[italian]()
}

// Language is the code of the language.
func (t *Tongue) Language() queue.Language { return t.code }

func readTongue(code queue.Language) (*Tongue, error) {
	tag := language.Make(string(code))
	bundle := i18n.NewBundle(tag)
	t := &Tongue{
		code: code, citizens: catalogues()[code], plain: map[string]string{}, counted: map[string]*i18n.Message{},
		texts: i18n.NewLocalizer(bundle, string(code)),
	}
	names, err := fs.Glob(staffFiles, "staff/*."+string(code)+".toml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		texts, err := readStaffFile(path.Base(name))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		page, _, _ := strings.Cut(path.Base(name), ".")
		for _, m := range texts {
			m.ID = page + "." + m.ID
			for _, text := range []*string{&m.Zero, &m.One, &m.Two, &m.Few, &m.Many, &m.Other} {
				*text = signed(code, *text)
			}
			switch {
			case counts(m):
				t.counted[m.ID] = m
			case !strings.Contains(m.Other, "{"):
				t.plain[m.ID] = m.Other
			}
		}
		if err := bundle.AddMessages(tag, texts...); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return t, nil
}

func readStaffFile(name string) ([]*i18n.Message, error) {
	text, err := staffFiles.ReadFile(path.Join("staff", name))
	if err != nil {
		return nil, err
	}
	read, err := i18n.ParseMessageFileBytes(text, name, map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal})
	if err != nil {
		return nil, err
	}
	return read.Messages, nil
}

// counts tells that a text has a form of its own for some numbers.
func counts(m *i18n.Message) bool {
	return m.Zero != "" || m.One != "" || m.Two != "" || m.Few != "" || m.Many != ""
}

// Say is a text by its id, such as "console.next": the name of its file and its
// key there. What stands in it as {name} is filled from args, which are names
// and values in turn; a whole number is written as the language does, a time as
// Moment has it, in its own zone, a Distance in metres, and "count" chooses the plural form. A text that
// the language lacks is said in Italian; an id that no language has is said as it is.
func (t *Tongue) Say(id string, args ...any) string {
	if text, ok := t.plain[id]; ok {
		return text
	}
	fill := fillings{tongue: t, args: args}
	// The error tells of a plural form that is not there: the general one comes
	// with it.
	text, _ := t.texts.Localize(&i18n.LocalizeConfig{
		MessageID: id, PluralCount: fill.count(), TemplateData: fill, TemplateParser: braces{},
	})
	switch {
	case text != "":
		return text
	case t.code != italian:
		return In(italian).Say(id, args...)
	default:
		return id
	}
}

// A Text is a text by its id, with what fills it: names and values in turn, of which
// each may be a Text or Texts. It is said once a language is known.
type Text struct {
	ID   string
	Args []any
}

// Texts fill one placeholder together.
type Texts struct {
	Of      []Text
	Between string // each and the next one
}

// Tell says a text.
func (t *Tongue) Tell(x Text) string { return t.Say(x.ID, x.Args...) }

// Knows tells whether there is such a text.
func (t *Tongue) Knows(id string) bool { return t.Say(id) != id }

// detailName is the placeholder of what the system itself says of a fault, in English.
// It stands at the end of a text.
const detailName = "detail"

// TellApart says a text without what the system itself says, which comes apart, for
// who shows that it is in English.
func (t *Tongue) TellApart(x Text) (said, detail string) {
	args := slices.Clone(x.Args)
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == detailName {
			detail, args[i+1] = fmt.Sprint(args[i+1]), ""
		}
	}
	return strings.TrimRight(t.Say(x.ID, args...), ":\u00a0 \n"), detail
}

// has tells whether a family has a text for a code that may come from a later
// version or from outside.
func (t *Tongue) has(family, code string) bool {
	id := family + "." + code
	return !strings.Contains(code, ".") && t.Say(id) != id
}

// oneOf is the text of a family for a code, or that for otherwise.
func (t *Tongue) oneOf(family, code, otherwise string) string {
	if t.has(family, code) {
		return t.Say(family + "." + code)
	}
	return t.Say(family + "." + otherwise)
}

// ifAny is the text of a family for a code, or empty.
func (t *Tongue) ifAny(family, code string) string {
	if t.has(family, code) {
		return t.Say(family + "." + code)
	}
	return ""
}

// fillings are what takes the place of the placeholders of a text.
type fillings struct {
	tongue *Tongue
	args   []any
}

func (f fillings) value(name string) (any, bool) {
	for i := 0; i+1 < len(f.args); i += 2 {
		if f.args[i] == name {
			return f.args[i+1], true
		}
	}
	return nil, false
}

// count is what the plural form goes by; nil for a text that counts nothing.
func (f fillings) count() any {
	switch n, _ := f.value("count"); n := n.(type) {
	case int:
		return n
	case int64:
		return n
	default:
		return nil
	}
}

func (f fillings) text(name string) string {
	switch v, _ := f.value(name); v := v.(type) {
	case nil:
		return "{" + name + "}"
	case int:
		return f.tongue.Count(v)
	case int64:
		return f.tongue.Count(int(v))
	case time.Time:
		return f.tongue.Moment(v)
	case Distance:
		return f.tongue.Metres(int(v))
	case Text:
		return f.tongue.Tell(v)
	case Texts:
		all := make([]string, len(v.Of))
		for i, one := range v.Of {
			all[i] = f.tongue.Tell(one)
		}
		return strings.Join(all, v.Between)
	default:
		return fmt.Sprint(v)
	}
}

// braces reads the texts: placeholders are names in braces, as in the
// catalogues of the citizens.
type braces struct{}

func (braces) Cacheable() bool { return true }

func (braces) Parse(text, _, _ string) (template.ParsedTemplate, error) {
	return braced(splitBraces(text)), nil
}

// splitBraces is a text and the names of its placeholders in turn.
func splitBraces(text string) (parts []string) {
	for {
		before, rest, open := strings.Cut(text, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !open || !closed {
			return append(parts, text)
		}
		parts = append(parts, before, name)
		text = after
	}
}

// braced is a text as splitBraces has it.
type braced []string

func (b braced) Execute(data any) (string, error) {
	fill := data.(fillings)
	var said strings.Builder
	for i, part := range b {
		if i%2 == 1 {
			part = fill.text(part)
		}
		said.WriteString(part)
	}
	return said.String(), nil
}
