package office

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"eliminacode/firmware-config/tomlfile"
	"eliminacode/queue"
)

// ErrNoValue: a path names nothing of an office.
var ErrNoValue = tomlfile.ErrNoValue

// A Value is one value of an office, by its path in the office's file.
type Value = tomlfile.Value

// A Kind is what a value can be.
type Kind = tomlfile.Kind

// The kinds of values.
const (
	KindText   = tomlfile.KindText
	KindNumber = tomlfile.KindNumber
	KindTruth  = tomlfile.KindTruth
	KindList   = tomlfile.KindList
)

// The forms of values, by the names that tags of queue.Setup give them.
const (
	FormDuration = "duration"
	FormDate     = "date"
	FormNumbers  = "numbers"
	FormShare    = "share"
	FormHour     = "hour"
)

// Values are the values of a setup in the order of its file.
func Values(setup queue.Setup) []Value {
	f := fileOf(setup)
	all := tomlfile.Values(&f, forms)
	return slices.DeleteFunc(all, func(v Value) bool { return v.Path == "format" })
}

// A Draft is a setup that is being changed, value by value. It may be faulty at
// any time. It is used by one goroutine at a time.
type Draft struct{ file file }

// Edit begins a draft with the values of a setup, which stays as it is. A setup
// that cannot be stored as JSON, which none that was ever read is, panics.
func Edit(setup queue.Setup) *Draft {
	b, err := json.Marshal(setup)
	var own queue.Setup
	if err == nil {
		err = json.Unmarshal(b, &own)
	}
	if err != nil {
		panic("office: copying a setup: " + err.Error())
	}
	return &Draft{fileOf(own)}
}

// Empty is the setup of an office that has decided nothing yet.
func Empty() queue.Setup { return emptyFile().setup() }

// Begun is what a new office begins with in the browser: in Italy, closed on
// public holidays, and nothing decided yet.
func Begun() queue.Setup {
	s := Empty()
	s.Office.Zone, s.Hours.Holidays = "Europe/Rome", true
	return s
}

// Setup is the setup as the draft has it now.
func (d *Draft) Setup() queue.Setup { return d.file.setup() }

// Set writes one value by its path. The error Is ErrNoValue, or says in what form
// the value is written; the draft then stays as it was. An empty text is a value
// that the office leaves out.
func (d *Draft) Set(path, text string) error {
	if strings.HasSuffix(path, ".id") || path == "format" {
		return fmt.Errorf("%w: %s stays as it is", ErrNoValue, path)
	}
	return tomlfile.Set(&d.file, path, text, forms)
}

// LeaveOut takes a text of the ticket out of it in its language, which an empty
// text does in the file. A path that is none changes nothing.
func (d *Draft) LeaveOut(path string) {
	rest, _ := strings.CutPrefix(path, "slip.text.")
	l, word, ok := strings.Cut(rest, ".")
	if ok && tomlfile.Set(&d.file, path, "x", forms) == nil {
		d.file.Slip.Texts[queue.Language(l)][queue.WordKey(word)] = ""
	}
}

// Mark is a short name of a setup, the same for two that are written alike.
func Mark(setup queue.Setup) string {
	sum := sha256.Sum256(Format(setup))
	return hex.EncodeToString(sum[:6])
}

// mostItems bounds a list of a draft, so that no form grows without end.
const mostItems = 200

// Add puts an item at the end of the list at a path, such as "service", and
// answers its place from 1. Things with names get one that is made of the word.
func (d *Draft) Add(list, word string) (n int, err error) {
	items, err := tomlfile.Items(&d.file, list)
	if err != nil {
		return 0, err
	}
	if items.Type().Elem().Kind() != reflect.Struct || items.Len() >= mostItems {
		return 0, fmt.Errorf("%w: no more can be added to %s", ErrNoValue, list)
	}
	one := reflect.New(items.Type().Elem())
	if with, ok := one.Interface().(tomlfile.Defaulter); ok {
		with.SetDefaults()
	}
	if id := one.Elem().FieldByName("ID"); id.IsValid() {
		id.SetString(freeID(word, items))
	}
	items.Set(reflect.Append(items, one.Elem()))
	return items.Len(), nil
}

// freeID makes a name of a thing from a word, other than those of the items.
func freeID(word string, items reflect.Value) string {
	var b strings.Builder
	for _, r := range strings.ToLower(word) {
		switch plain, accented := plainLetter[r]; {
		case accented:
			b.WriteRune(plain)
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-") && (unicode.IsSpace(r) || unicode.IsPunct(r)):
			b.WriteByte('-')
		}
	}
	name := strings.Trim(b.String()[:min(b.Len(), longestOwnID)], "-")
	if name == "" {
		name = "x"
	}
	taken := func(id string) bool {
		for i := range items.Len() {
			if items.Index(i).FieldByName("ID").String() == id {
				return true
			}
		}
		return false
	}
	id := name
	for n := 2; taken(id); n++ {
		id = fmt.Sprintf("%s-%d", name, n)
	}
	return id
}

// longestOwnID leaves room for a number behind a name that is taken.
const longestOwnID = 28

var plainLetter = map[rune]rune{
	'à': 'a', 'á': 'a', 'ä': 'a', 'â': 'a', 'è': 'e', 'é': 'e', 'ê': 'e', 'ì': 'i', 'í': 'i', 'ò': 'o', 'ó': 'o', 'ö': 'o', 'ô': 'o',
	'ù': 'u', 'ú': 'u', 'ü': 'u', 'ç': 'c', 'č': 'c', 'š': 's', 'ž': 'z', 'ß': 's',
}

// Remove takes the item at a path, such as "service[2]", out of its list, and
// with it every mention of it in the draft.
func (d *Draft) Remove(path string) error {
	items, i, err := d.item(path)
	if err != nil {
		return err
	}
	id := items.Index(i).FieldByName("ID")
	gone := ""
	if id.IsValid() {
		gone = id.String()
	}
	items.Set(reflect.AppendSlice(items.Slice3(0, i, i), items.Slice(i+1, items.Len())))
	if items.Len() == 0 {
		items.SetZero()
	}
	switch list, _, _ := strings.Cut(path, "["); list {
	case "service":
		d.forgetService(queue.ServiceID(gone))
	case "outlet":
		for i := range d.file.Outlets {
			if d.file.Outlets[i].Spare == queue.OutletID(gone) {
				d.file.Outlets[i].Spare = ""
			}
		}
	}
	return nil
}

// Move puts the item at a path before the one that stands before it, or behind
// the one behind it when by is 1. At the end of the list it stays.
func (d *Draft) Move(path string, by int) error {
	items, i, err := d.item(path)
	if err != nil {
		return err
	}
	if j := i + by; j >= 0 && j < items.Len() {
		reflect.Swapper(items.Interface())(i, j)
	}
	return nil
}

// item is the list that the item at a path is in, and its index.
func (d *Draft) item(path string) (items reflect.Value, i int, err error) {
	at := strings.LastIndexByte(path, '[')
	if at < 0 {
		return items, 0, fmt.Errorf("%w: %s is no item of a list", ErrNoValue, path)
	}
	if items, err = tomlfile.Items(&d.file, path[:at]); err != nil {
		return items, 0, err
	}
	var n int
	if _, err := fmt.Sscanf(path[at:], "[%d]", &n); err != nil || n < 1 || n > items.Len() || items.Type().Elem().Kind() != reflect.Struct {
		return items, 0, fmt.Errorf("%w: %s", ErrNoValue, path)
	}
	return items, n - 1, nil
}

// forgetService takes every mention of a service out of profiles and hours. A
// band that was for it alone goes with it.
func (d *Draft) forgetService(gone queue.ServiceID) {
	is := func(id queue.ServiceID) bool { return id == gone }
	drop := func(ids []queue.ServiceID) []queue.ServiceID {
		if ids = slices.DeleteFunc(ids, is); len(ids) == 0 {
			return nil
		}
		return ids
	}
	bands := func(all []queue.WeekBand) []queue.WeekBand {
		all = slices.DeleteFunc(all, func(b queue.WeekBand) bool { return len(b.Services) == 1 && is(b.Services[0]) })
		for i := range all {
			b := &all[i]
			b.Services = drop(b.Services)
			b.Caps = slices.DeleteFunc(b.Caps, func(c queue.Cap) bool { return is(c.Service) })
			if len(b.Caps) == 0 {
				b.Caps = nil
			}
		}
		if len(all) == 0 {
			return nil
		}
		return all
	}
	for i := range d.file.Desks {
		p := &d.file.Desks[i].Profile
		p.First, p.Help = drop(p.First), drop(p.Help)
	}
	h := &d.file.Hours
	h.Week = bands(h.Week)
	for i := range h.Exceptions {
		h.Exceptions[i].Bands = bands(h.Exceptions[i].Bands)
	}
}
