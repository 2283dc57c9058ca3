package display

import (
	"encoding/json"
	"slices"
	"strings"

	"eliminacode/queue"
	"eliminacode/queue/change"
	"eliminacode/queue/office"
	"eliminacode/queue/words"
)

// An actOffice says in words what acts changed of the office. Its names are those of
// the office in force: a thing that is there no more keeps its id.
type actOffice struct {
	tongue *words.Tongue
	names  map[string]string       // of things, by change.Difference.Thing
	kinds  map[string]office.Value // by key
}

func newActOffice(p *page, setup queue.Setup) actOffice {
	o := actOffice{p.tongue, change.Names(setup), map[string]office.Value{}}
	for _, v := range office.Values(setup) {
		o.kinds[change.KeyOf(v.Path)] = v
	}
	return o
}

// ownLists are the values of acts that name things of the office by their ids, with
// the list that the things are of.
var ownLists = map[string][]string{
	"first": {"service"}, "help": {"service"}, "place": {"outlet", "desk"},
}

// say is the label of a value of the office and how it is shown; ok is false for what
// is no value of an office.
func (o actOffice) say(field string) (label string, shown func(field string, text json.RawMessage) string, ok bool) {
	if lists := ownLists[field]; lists != nil {
		return fieldName(o.tongue, field), func(_ string, text json.RawMessage) string { return o.named(lists, text) }, true
	}
	thing, inner := field, ""
	if end := strings.IndexByte(field, ']'); end >= 0 {
		thing, inner = field[:end+1], strings.TrimPrefix(field[end+1:], ".")
	} else {
		thing, inner, _ = strings.Cut(field, ".")
	}
	list, rest, listed := strings.Cut(thing, "[")
	if !listed && inner == "" || !slices.Contains(actLists, list) {
		return "", nil, false
	}
	name := ""
	if listed {
		name = strings.TrimSuffix(rest, "]")
		if called := o.names[thing]; called != "" {
			name = called
		}
	}
	label = o.tongue.SetupThing(list, o.tongue.SetupNamed(list, name))
	key := change.KeyOf(field)
	switch {
	case inner == "order":
		label += ": " + o.tongue.SetupOrder()
	case inner != "":
		label += ": " + o.tongue.SetupLabel(key, inner)
	}
	kind := o.kinds[key]
	return label, func(_ string, text json.RawMessage) string {
		var value string
		if json.Unmarshal(text, &value) != nil || value == "" && kind.Kind != office.KindTruth || text == nil {
			return value
		}
		if inner == "" {
			return o.tongue.Day(o.tongue.SetupNamed(list, value))
		}
		return o.tongue.SetupShown(key, kind.Form, kind.Kind == office.KindTruth, namedIn(value, kind.Kind, o.names))
	}, true
}

// actLists are the beginnings of the paths of an office, as change.Between has them.
var actLists = []string{"office", "series", "service", "desk", "outlet", "hours", "hours.exception", "hours.week", "rules", "slip", "standards"}

// named are things of the office by their names instead of their ids.
func (o actOffice) named(lists []string, text json.RawMessage) string {
	var all []string
	if one := ""; json.Unmarshal(text, &one) == nil && one != "" {
		all = []string{one}
	} else if json.Unmarshal(text, &all) != nil {
		return ""
	}
	for i, id := range all {
		for _, list := range lists {
			if name := o.names[list+"["+id+"]"]; name != "" {
				all[i] = name
				if list == "desk" {
					all[i] = o.tongue.DeskName(name)
				}
				break
			}
		}
	}
	return strings.Join(all, ", ")
}
