package words

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"eliminacode/queue"
)

// A SetupText is what the pages of the set-up say of one value: its name, and
// what it may be. A value with a fault says the same in red, so that the rule
// must name everything that can be wrong with it.
type SetupText struct {
	Label string
	Rule  string
}

// SetupValue is what the pages say of a value, by its key in an office's file
// without its places in lists, such as "service.standard"; ok is false when there
// are no words for it.
func (t *Tongue) SetupValue(key string) (text SetupText, ok bool) {
	code := valueCode(key)
	text.Label = t.ifAny("value", code)
	if form := pluralOf(key); form != "" && text.Label != "" {
		text.Label = t.Say("settings.text-"+form, "label", text.Label)
	}
	text.Rule = strings.Replace(t.ifAny("must", code), "{whit}", t.Say("choice.whit-monday"), 1)
	return text, text.Label != ""
}

// UnreadableFile is the sentence on an office's file that cannot be read as a whole, by
// what office.FileFault says of it; most is how many bytes it may have.
func (t *Tongue) UnreadableFile(why, encoding string, most int) string {
	switch {
	case why == "no-text":
		return t.Say("settings.file-no-text")
	case why == "too-long":
		return t.Say("settings.file-too-long", "most", most)
	case encoding == "":
		return t.Say("settings.file-not-utf8")
	}
	return t.Say("settings.file-encoding", "encoding", encoding)
}

// valueCode is what stands for a key in the files of texts. All bands have the
// same values, and all plural forms of a text are one.
func valueCode(key string) string {
	for _, list := range []string{"hours.week", "hours.exception.band", "service.week"} {
		if rest, of := strings.CutPrefix(key, list+"."); of {
			key = "band." + rest
		}
	}
	if form := pluralOf(key); form != "" {
		key = strings.TrimSuffix(key, "_"+form)
	}
	return strings.ReplaceAll(key, ".", "-")
}

// pluralOf is the plural category that a text of the ticket is for, such as "one" of
// "slip.text.ahead_one"; empty for the text of all the others.
func pluralOf(key string) string {
	if word, of := strings.CutPrefix(key, "slip.text."); of {
		for _, form := range pluralNames {
			if strings.HasSuffix(word, "_"+form) {
				return form
			}
		}
	}
	return ""
}

// SetupRefused says that the core would not take a setup now.
func (t *Tongue) SetupRefused() string { return t.Say("settings.refused") }

// SetupNotRead says that some values of a form could not be read.
func (t *Tongue) SetupNotRead(n int) string { return t.Say("settings.not-read", "count", n) }

// A Choice is one of the texts that a value may have, and its words.
type Choice struct{ Text, Words string }

// setupChoices are the texts that a value is one of, or has some of, and the
// beginning of their words' ids.
var setupChoices = map[string]struct {
	id    string
	texts []string
}{
	"rules-discipline":     {"choice.discipline-", []string{string(queue.ByStandard), string(queue.FirstCome), string(queue.StrictProfile)}},
	"rules-transfer_place": {"choice.place-", []string{"", string(queue.PlaceArrival), string(queue.PlaceFront), string(queue.PlaceBack)}},
	"rules-break":          {"choice.break-", []string{string(queue.BreakKeeps), string(queue.BreakExpires)}},
	"band-days":            {"choice.day-", []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}},
	"slip-parts": {"choice.part-", []string{
		string(queue.PartLogo), string(queue.PartHeader), string(queue.PartDate), string(queue.PartService), string(queue.PartCaption),
		string(queue.PartAhead), string(queue.PartEstimate), string(queue.PartPlace), string(queue.PartQR), string(queue.PartLate),
		string(queue.PartPriority), string(queue.PartNote),
	}},
}

// SetupChoices are the texts that a value is one of, or has some of, by its key;
// nil when it is written freely.
func (t *Tongue) SetupChoices(key string) (all []Choice) {
	code := valueCode(key)
	if code == "slip-languages" {
		for _, l := range Languages() {
			all = append(all, Choice{string(l), LanguageName(l)})
		}
		return all
	}
	for _, text := range setupChoices[code].texts {
		all = append(all, Choice{text, t.Say(setupChoices[code].id + text)})
	}
	return all
}

// NoSpare is the choice of no spare printer.
func (t *Tongue) NoSpare() string { return t.Say("choice.no-spare") }

// LanguageName is a language by its own name, such as "Deutsch".
func LanguageName(l queue.Language) string {
	if !slices.Contains(StaffLanguages(), l) {
		return string(l)
	}
	return In(l).Say("language.name")
}

// SetupShown is a value as people read it: its form is that of the file, such as
// "duration", and truth tells that it is yes or no. A value that was left out is
// LeftOut.
func (t *Tongue) SetupShown(key, form string, truth bool, text string) string {
	switch {
	case truth && text == "":
		return t.Say("choice.no")
	case truth:
		return t.Say("choice.yes")
	case form == "duration":
		text = Length(text)
	case form == "date":
		text = t.Day(text)
	case key == "hours.patron" || key == "hours.own_holidays":
		text = t.YearDays(text)
	default:
		text = t.chosen(key, text)
	}
	if text == "" {
		return LeftOut
	}
	return text
}

// LeftOut is shown for a value that was left out.
const LeftOut = "–"

// chosen are the words of the choices of a value; a text that is none stays.
func (t *Tongue) chosen(key, text string) string {
	choices := t.SetupChoices(key)
	word := func(text string) string {
		if i := slices.IndexFunc(choices, func(c Choice) bool { return c.Text == text }); i >= 0 {
			return choices[i].Words
		}
		return text
	}
	if strings.HasSuffix(key, ".days") || strings.HasPrefix(key, "slip.") && choices != nil {
		return eachOf(text, word)
	}
	return word(text)
}

// Length is a duration as people write it, such as "1 h 30 min"; empty for a
// text that is none, such as that of a value that was left out.
func Length(duration string) string {
	d, err := time.ParseDuration(duration)
	if err != nil {
		return ""
	}
	var parts []string
	if h := d / time.Hour; h > 0 {
		parts = append(parts, fmt.Sprintf("%d h", h))
	}
	if m := d % time.Hour / time.Minute; m > 0 {
		parts = append(parts, fmt.Sprintf("%d min", m))
	}
	if s := d % time.Minute; s > 0 || len(parts) == 0 {
		parts = append(parts, strings.Replace(fmt.Sprint(s.Seconds()), ".", ",", 1)+" s")
	}
	return strings.Join(parts, " ")
}

// ReadLength is the duration of an office's file for what people write: minutes
// where no unit stands, and "h", "ore", "min" or "s". What is no length of time is
// left as it is, to be refused.
func ReadLength(text string) string {
	t := strings.ReplaceAll(strings.ToLower(strings.Join(strings.Fields(text), "")), ",", ".")
	if t == "" {
		return ""
	}
	for _, unit := range []struct{ from, to string }{{"ore", "h"}, {"ora", "h"}, {"std", "h"}, {"minuti", "m"}, {"min", "m"}, {"sec", "s"}} {
		t = strings.ReplaceAll(t, unit.from, unit.to)
	}
	if last := t[len(t)-1]; last >= '0' && last <= '9' {
		t += "m"
	}
	return t
}

// YearDays are days of every year as people write them, such as "25/4", of those
// of an office's file, such as "04-25".
func (t *Tongue) YearDays(text string) string {
	return eachOf(text, func(day string) string {
		var month, of int
		if day == queue.WhitMonday {
			return t.Say("choice.whit-monday")
		}
		if n, err := fmt.Sscanf(day, "%d-%d", &month, &of); n != 2 || err != nil {
			return day
		}
		return fmt.Sprintf("%d/%d", of, month)
	})
}

// ReadYearDays is the inverse of YearDays; what is no day is left as it is.
func (t *Tongue) ReadYearDays(text string) string {
	return eachOf(text, func(day string) string {
		var month, of int
		if strings.EqualFold(day, t.Say("choice.whit-monday")) {
			return queue.WhitMonday
		}
		if n, err := fmt.Sscanf(day, "%d/%d", &of, &month); n != 2 || err != nil {
			return day
		}
		return fmt.Sprintf("%02d-%02d", month, of)
	})
}

func eachOf(text string, write func(string) string) string {
	var all []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			all = append(all, write(item))
		}
	}
	return strings.Join(all, ", ")
}

// SlipTexts are the texts of a ticket in a language as the catalogue has them, by
// key; those of the office's own, which no catalogue has, are empty. In Italian
// the office says them itself.
func SlipTexts(l queue.Language) queue.Wording {
	texts := queue.Wording{}
	if l != italian {
		for _, own := range []queue.WordKey{queue.WordBody, queue.WordName, queue.WordPlace, queue.WordNote} {
			texts[own] = ""
		}
	}
	if c := catalogues()[l]; c != nil {
		maps.Copy(texts, c.Short)
		maps.Copy(texts, c.Slip)
	}
	return texts
}
