package words

import (
	"bytes"
	"embed"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	toml "github.com/pelletier/go-toml/v2"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"eliminacode/queue"
)

// A catalogue is all that is said to citizens in one language: a file of the
// folder catalogue, named by the language's code. Another language is another
// file there.
type catalogue struct {
	Date struct {
		Weekdays []string `toml:"weekdays"` // from Sunday
		Days     []string `toml:"days"`     // the same in short
		Months   []string `toml:"months"`
		First    string   `toml:"first"` // the day number of the first of a month
		Long     string   `toml:"long"`
		Short    string   `toml:"short"`
	} `toml:"date"`
	Slip queue.Wording `toml:"slip"`
	// Short are the texts that are other on a slip in two languages.
	Short queue.Wording `toml:"short"`
	Mark  struct {
		Reprint string `toml:"reprint"`
		Trial   string `toml:"trial"`
	} `toml:"mark"`
	Trial struct {
		Caption string `toml:"caption"`
		Letters string `toml:"letters"` // those a printer gets wrong first
		Note    string `toml:"note"`
	} `toml:"trial"`

	code queue.Language
	tag  language.Tag
}

//go:embed catalogue/*.toml
var catalogueFiles embed.FS

// catalogues are read at the first use: most of the program's commands say
// nothing to citizens.
var catalogues = sync.OnceValue(func() map[queue.Language]*catalogue {
	files, err := catalogueFiles.ReadDir("catalogue")
	if err != nil {
		panic("words: " + err.Error())
	}
	all := map[queue.Language]*catalogue{}
	for _, f := range files {
		c, err := readCatalogue(f.Name())
		if err != nil {
			// It is part of the program, and a test reads it.
			panic("words: reading catalogue: " + err.Error())
		}
		all[c.code] = c
	}
	return all
})

func readCatalogue(name string) (*catalogue, error) {
	text, err := catalogueFiles.ReadFile(path.Join("catalogue", name))
	if err != nil {
		return nil, err
	}
	code := strings.TrimSuffix(name, ".toml")
	c := &catalogue{code: queue.Language(code)}
	if c.tag, err = language.Parse(code); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(c); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

const italian = queue.Language("it")

// Languages are those that there are catalogues for, in the order of their
// codes.
func Languages() []queue.Language { return slices.Sorted(maps.Keys(catalogues())) }

// speaking are the catalogues of some languages. One without a catalogue is
// left out; when none is left, there is always Italian.
func speaking(languages []queue.Language) []*catalogue {
	var all []*catalogue
	for _, l := range languages {
		if c := catalogues()[l]; c != nil {
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		all = append(all, catalogues()[italian])
	}
	return all
}

// pluralNames are the plural categories as keys have them.
var pluralNames = map[plural.Form]string{plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many"}

// text is the words of a key for a count, in the first of the wordings that has
// them.
func (c *catalogue) text(key queue.WordKey, count int, wordings ...queue.Wording) string {
	form := key
	if name := pluralNames[plural.Cardinal.MatchPlural(c.tag, count, 0, 0, 0, 0)]; name != "" {
		form = key.Form(name)
	}
	for _, w := range wordings {
		for _, k := range []queue.WordKey{form, key} {
			if text, ok := w[k]; ok {
				return text
			}
		}
	}
	return ""
}

// date fills a layout of the catalogue, such as "{weekday} {day} {month} {year}".
func (c *catalogue) date(layout string, t time.Time) string {
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 && layout == c.Date.Long {
		day = c.Date.First
	}
	return filling{
		"{weekday}", c.Date.Weekdays[t.Weekday()], "{day}", day, "{month}", c.Date.Months[t.Month()-1], "{year}", strconv.Itoa(t.Year()),
		"{dd}", t.Format("02"), "{mm}", t.Format("01"), "{month_number}", strconv.Itoa(int(t.Month())),
	}.Replace(layout)
}
