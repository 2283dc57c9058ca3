package change

import (
	"fmt"
	"slices"
	"strings"

	"eliminacode/queue"
	"eliminacode/queue/office"
)

// A Difference is one value that is other in one of two setups, or a whole thing
// that only one of them has.
type Difference struct {
	// Thing is what the value belongs to: "office", "rules", "hours", "slip", or
	// a thing of a list with its name, such as "service[anagrafe]",
	// "hours.week[2]" or "hours.exception[2026-12-24]".
	Thing string
	// Key is the value in the words of an office's file, without places in
	// lists, such as "service.standard"; that of a whole thing is "service".
	Key string
	// Inner is the value within the thing, such as "standard" or "week[1].open";
	// empty for a whole one.
	Inner string
	// Before and After are the values as text; a whole thing has its name there,
	// and is empty where it is not.
	Before, After string
}

// Added tells of a whole thing that was not there before.
func (d Difference) Added() bool { return d.Inner == "" && d.Before == "" }

// Removed tells of a whole thing that is there no more.
func (d Difference) Removed() bool { return d.Inner == "" && d.After == "" }

// Between are the differences between two setups, in the order of the file of the
// second; what only the first has follows.
func Between(before, after queue.Setup) (all []Difference) {
	was, is := sheetOf(before), sheetOf(after)
	for _, thing := range is.order {
		now := is.things[thing]
		then, there := was.things[thing]
		if !there {
			all = append(all, Difference{Thing: thing, Key: now.list, After: now.name})
			continue
		}
		for _, inner := range now.order {
			if v := now.values[inner]; then.values[inner].text != v.text {
				all = append(all, Difference{thing, v.key, inner, then.values[inner].text, v.text})
			}
		}
		for _, inner := range then.order {
			if _, kept := now.values[inner]; !kept && then.values[inner].text != "" {
				all = append(all, Difference{thing, then.values[inner].key, inner, then.values[inner].text, ""})
			}
		}
	}
	for _, thing := range was.order {
		if _, kept := is.things[thing]; !kept {
			all = append(all, Difference{Thing: thing, Key: was.things[thing].list, Before: was.things[thing].name})
		}
	}
	for _, list := range []string{"series", "service", "desk", "outlet"} {
		then, now := was.inOrder(list, is), is.inOrder(list, was)
		if !slices.Equal(then, now) {
			all = append(all, Difference{list, list, "order", was.called(then), is.called(now)})
		}
	}
	return all
}

// A sheet is a setup as things with values.
type sheet struct {
	order  []string
	things map[string]*thing
}

type thing struct {
	list   string // such as "service"
	name   string // as people call it
	order  []string
	values map[string]value
}

type value struct{ key, text string }

func sheetOf(setup queue.Setup) sheet {
	s := sheet{things: map[string]*thing{}}
	for _, v := range office.Values(setup) {
		name, list, inner := thingOf(setup, v.Path)
		t := s.things[name]
		if t == nil {
			t = &thing{list: list, name: called(setup, v.Path), values: map[string]value{}}
			s.things[name] = t
			s.order = append(s.order, name)
		}
		t.order = append(t.order, inner)
		t.values[inner] = value{KeyOf(v.Path), v.Text}
	}
	return s
}

// Names are how people call the things of a setup, by Difference.Thing.
func Names(setup queue.Setup) map[string]string {
	names := map[string]string{}
	for thing, t := range sheetOf(setup).things {
		names[thing] = t.name
	}
	return names
}

// inOrder are the things of a list that another sheet has too, in their order.
func (s sheet) inOrder(list string, other sheet) (things []string) {
	for _, thing := range s.order {
		if _, both := other.things[thing]; both && s.things[thing].list == list {
			things = append(things, thing)
		}
	}
	return things
}

// called are the names of things.
func (s sheet) called(things []string) string {
	names := make([]string, len(things))
	for i, thing := range things {
		names[i] = s.things[thing].name
	}
	return strings.Join(names, ", ")
}

// KeyOf is a path without its places in lists: that of "service[2].standard" is
// "service.standard". Languages are left out too.
func KeyOf(path string) string {
	var b strings.Builder
	depth := 0
	for _, r := range path {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	key := b.String()
	if rest, ok := strings.CutPrefix(key, "slip.text."); ok {
		_, word, _ := strings.Cut(rest, ".")
		return strings.TrimSuffix("slip.text."+word, ".")
	}
	if before, _, ok := strings.Cut(key, ".names."); ok {
		return before + ".names"
	}
	return key
}

// thingOf is the thing that a value belongs to, by a name that stays when the
// list around it changes, and the rest of the path.
func thingOf(setup queue.Setup, path string) (name, list, inner string) {
	for _, list := range []string{"series", "service", "desk", "outlet", "hours.exception", "hours.week"} {
		rest, ok := strings.CutPrefix(path, list+"[")
		if !ok {
			continue
		}
		place, inner, _ := strings.Cut(rest, "]")
		var n int
		fmt.Sscan(place, &n)
		name := place
		switch i := n - 1; list {
		case "series":
			name = string(setup.Series[i].ID)
		case "service":
			name = string(setup.Services[i].ID)
		case "desk":
			name = string(setup.Desks[i].ID)
		case "outlet":
			name = string(setup.Outlets[i].ID)
		case "hours.exception":
			name = setup.Hours.Exceptions[i].Date
		}
		return list + "[" + name + "]", list, strings.TrimPrefix(inner, ".")
	}
	list, inner, _ = strings.Cut(path, ".")
	return list, list, inner
}

// called is how people call the thing that a value belongs to.
func called(setup queue.Setup, path string) string {
	list, rest, _ := strings.Cut(path, "[")
	var n int
	fmt.Sscanf(rest, "%d]", &n)
	i := n - 1
	switch list {
	case "series":
		return orID(setup.Series[i].Letters, string(setup.Series[i].ID))
	case "service":
		return setup.Services[i].Name
	case "desk":
		return setup.Desks[i].Label
	case "outlet":
		return orID(setup.Outlets[i].Name, string(setup.Outlets[i].ID))
	case "hours.exception":
		return setup.Hours.Exceptions[i].Date
	case "hours.week":
		b := setup.Hours.Week[i]
		return strings.Join(b.Days, ", ") + "; " + b.Open + "-" + b.Close
	}
	return list
}

func orID(name, id string) string {
	if name == "" {
		return id
	}
	return name
}
