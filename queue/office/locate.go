package office

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"eliminacode/queue"
)

var (
	// thingPattern is how a fault of validation names a thing, quoted or not.
	thingPattern     = regexp.MustCompile(`^(series|service|desk|outlet) ("(?:[^"\\]|\\.)*"|[A-Za-z0-9_-]+)`)
	ownBandPattern   = regexp.MustCompile(`^: band (\d+)`)
	bandPattern      = regexp.MustCompile(`^hours: band (\d+)`)
	exceptionPattern = regexp.MustCompile(`^hours: exception ("(?:[^"\\]|\\.)*")`)
	rulePattern      = regexp.MustCompile(`^rules: (\w+)`)
	clockPattern     = regexp.MustCompile(`^(([01]\d|2[0-3]):[0-5]\d|24:00)$`)
	slipTextPattern  = regexp.MustCompile(`^slip: text "?([^": ]+)"?(?: (\w+):)?`)
	slipListPattern  = regexp.MustCompile(`^slip: (languages|parts)`)
	namesPattern     = regexp.MustCompile(`^: names:? "?([^": ]*)`)
	officePattern    = regexp.MustCompile(`^office:? (\w+)`)
	quotedPattern    = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
)

// keysOf says, for each kind of thing, which key a fault speaks of, by words
// of the fault; the first that fits counts. A fault that fits none is placed
// at the thing as a whole, so that a new wording costs only precision.
var keysOf = map[string][]struct{ words, key string }{
	"series": {
		{"the range", "ranges"}, {"ranges; use", "ranges"},
		{"last must not", "last"}, {"at most 6 digits", "width"}, {"letters", "letters"},
		{"a name has", "id"}, {"there twice", "id"},
	},
	"service": {
		{"no name", "name"}, {"numbers by series", "series"}, {"standard wait", "standard"},
		{"share within", "share"}, {"cap a day", "day_cap"}, {"served by no desk", "id"},
		{"the quota", "quota"}, {"longest wait", "max"}, {"before it begins on", "to"},
		{"a name has", "id"}, {"there twice", "id"}, {"text is not valid", "name"},
	},
	"desk": {
		{"no label", "label"}, {"text is not valid", "label"}, {"a name has", "id"}, {"there twice", "id"},
	},
	"outlet": {
		{"spare", "spare"}, {"text is not valid", "name"}, {"a name has", "id"}, {"there twice", "id"},
	},
	"band": {
		{"names no day", "days"}, {"are written HH:MM", "open"}, {"ends at", "close"},
		{"the last ticket", "stop_issue"}, {"bounds service", "caps"}, {"at most", "caps"},
	},
	"exception": {
		{"a date is written", "date"}, {"no such date", "date"}, {"there twice", "date"},
	},
	"hours": {
		{"patron", "patron"}, {"cut", "cut"}, {"expire", "expire_after"}, {"calls cannot stop", "stop_calls_after"},
	},
}

func keyOf(kind, path, text string) string {
	for _, k := range keysOf[kind] {
		if strings.Contains(text, k.words) {
			return join(path, k.key)
		}
	}
	return path
}

// pathOf is the path of the value that a fault of validation speaks of; empty
// is the file as a whole.
func pathOf(setup queue.Setup, text string) string {
	if m := thingPattern.FindStringSubmatch(text); m != nil {
		i := indexOf(setup, m[1], unquoted(m[2]), strings.Contains(text, "there twice"))
		if i < 0 {
			return m[1]
		}
		path, rest := item(m[1], i), text[len(m[0]):]
		if m[1] == "desk" && strings.Contains(rest, "serves") {
			p := setup.Desks[i].Profile
			return listed(path, rest, map[string][]queue.ServiceID{"first": p.First, "help": p.Help})
		}
		if m[1] == "service" {
			return servicePath(path, setup.Services[i], rest)
		}
		return keyOf(m[1], path, rest)
	}
	if m := bandPattern.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		return bandPath(item("hours.week", n-1), setup.Hours.Week[n-1], text[len(m[0]):])
	}
	if m := exceptionPattern.FindStringSubmatch(text); m != nil {
		return exceptionPath(setup, unquoted(m[1]), text[len(m[0]):])
	}
	if m := rulePattern.FindStringSubmatch(text); m != nil {
		return "rules." + strings.TrimSuffix(m[1], "_ms")
	}
	if strings.HasPrefix(text, "slip:") {
		return slipPath(setup.Slip, text)
	}
	if m := officePattern.FindStringSubmatch(text); m != nil {
		return "office." + m[1]
	}
	if strings.HasPrefix(text, "hours:") {
		return keyOf("hours", "hours", text)
	}
	return ""
}

// indexOf finds a thing by name: the last of its name when there are two.
func indexOf(setup queue.Setup, kind, id string, last bool) int {
	var ids []string
	switch kind {
	case "series":
		for _, x := range setup.Series {
			ids = append(ids, string(x.ID))
		}
	case "service":
		for _, x := range setup.Services {
			ids = append(ids, string(x.ID))
		}
	case "desk":
		for _, x := range setup.Desks {
			ids = append(ids, string(x.ID))
		}
	case "outlet":
		for _, x := range setup.Outlets {
			ids = append(ids, string(x.ID))
		}
	}
	first := slices.Index(ids, id)
	if !last || first < 0 {
		return first
	}
	for i := len(ids) - 1; i > first; i-- {
		if ids[i] == id {
			return i
		}
	}
	return first
}

// listed is the path of the item that a fault quotes, in one of some lists.
func listed(path, text string, lists map[string][]queue.ServiceID) string {
	quoted := unquoted(quotedPattern.FindString(text))
	for _, key := range []string{"first", "help", "services"} {
		if i := slices.Index(lists[key], queue.ServiceID(quoted)); i >= 0 {
			return item(join(path, key), i)
		}
	}
	return path
}

// servicePath finds what a fault says of a service's own hours and dates.
func servicePath(path string, x queue.Service, text string) string {
	if m := ownBandPattern.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		return bandPath(item(join(path, "week"), n-1), x.Week[n-1], text[len(m[0]):])
	}
	if m := namesPattern.FindStringSubmatch(text); m != nil {
		return join(join(path, "names"), m[1])
	}
	if strings.Contains(text, "the date ") {
		if unquoted(quotedPattern.FindString(text)) == x.From {
			return join(path, "from")
		}
		return join(path, "to")
	}
	return keyOf("service", path, text)
}

func bandPath(path string, b queue.WeekBand, text string) string {
	switch {
	case strings.Contains(text, "names service"):
		for i, c := range b.Caps {
			if unquoted(quotedPattern.FindString(text)) == string(c.Service) && !slices.Contains(b.Services, c.Service) {
				return item(join(path, "caps"), i)
			}
		}
		return listed(path, text, map[string][]queue.ServiceID{"services": b.Services})
	case strings.Contains(text, "is not a day"):
		quoted := unquoted(quotedPattern.FindString(text))
		return item(join(path, "days"), slices.Index(b.Days, quoted))
	case strings.Contains(text, "are written HH:MM") && clockPattern.MatchString(b.Open):
		return join(path, "close")
	default:
		return keyOf("band", path, text)
	}
}

// exceptionPath finds the band that a fault speaks of by what it quotes: the
// fault names the date alone.
func exceptionPath(setup queue.Setup, date, text string) string {
	path := ""
	for i, e := range setup.Hours.Exceptions {
		if e.Date != date {
			continue
		}
		path = item("hours.exception", i)
		for j, b := range e.Bands {
			hit := strings.Contains(text, "names service") && slices.ContainsFunc(b.Services, func(id queue.ServiceID) bool {
				return strings.Contains(text, strconv.Quote(string(id)))
			}) ||
				strings.Contains(text, "ends at "+b.Close+", not after it begins at "+b.Open) ||
				strings.Contains(text, "hours "+strconv.Quote(b.Open)+" to "+strconv.Quote(b.Close))
			if hit {
				return bandPath(item(join(path, "band"), j), b, text)
			}
		}
	}
	return keyOf("exception", path, text)
}

func unquoted(s string) string {
	if u, err := strconv.Unquote(s); err == nil {
		return u
	}
	return s
}
