package change

import (
	"encoding/json"
	"reflect"
	"slices"

	"eliminacode/queue"
)

// Merge is the setup in which what mine changed of base is changed in theirs. A
// value that both changed, each otherwise, is as mine has it; and what one
// removed stays removed. Of the services of a desk each keeps what it added and
// took away. The setup may be faulty, as when mine uses a service that theirs
// removed.
func Merge(base, mine, theirs queue.Setup) queue.Setup {
	return merger{}.all(base, mine, theirs)
}

// MergeKeeping is Merge that loses nothing of mine: what theirs removed and mine changed
// is there again as mine has it, a service at the desks of mine too.
func MergeKeeping(base, mine, theirs queue.Setup) queue.Setup {
	theirs = copied(theirs)
	for _, s := range mine.Services {
		of := func(x queue.Service) bool { return x.ID == s.ID }
		was := slices.IndexFunc(base.Services, of)
		if was < 0 || slices.ContainsFunc(theirs.Services, of) || reflect.DeepEqual(base.Services[was], s) {
			continue
		}
		for i := range theirs.Desks {
			d := &theirs.Desks[i]
			at := slices.IndexFunc(mine.Desks, func(x queue.Desk) bool { return x.ID == d.ID })
			if at >= 0 {
				own := mine.Desks[at].Profile
				d.Profile.First, d.Profile.Help = placedAs(own.First, d.Profile.First, s.ID), placedAs(own.Help, d.Profile.Help, s.ID)
			}
		}
	}
	return merger{keep: true}.all(base, mine, theirs)
}

// placedAs puts a service of a list into another one, after the last of those before it
// that is there.
func placedAs(like, list []queue.ServiceID, id queue.ServiceID) []queue.ServiceID {
	n := slices.Index(like, id)
	if n < 0 || slices.Contains(list, id) {
		return list
	}
	for _, before := range slices.Backward(like[:n]) {
		if at := slices.Index(list, before); at >= 0 {
			return slices.Insert(list, at+1, id)
		}
	}
	return slices.Insert(list, 0, id)
}

// A merger brings the values of three setups together.
type merger struct {
	keep bool // what theirs removed and mine changed
}

func (m merger) all(base, mine, theirs queue.Setup) queue.Setup {
	merged := reflect.New(reflect.TypeFor[queue.Setup]()).Elem()
	merged.Set(m.merge(reflect.ValueOf(base), reflect.ValueOf(mine), reflect.ValueOf(theirs)))
	return copied(merged.Interface().(queue.Setup))
}

// Clashes are the differences that theirs has from base and that mine has
// otherwise: what Merge takes from mine although somebody else has changed it.
func Clashes(base, mine, theirs queue.Setup) (all []Difference) {
	own := map[[2]string]Difference{}
	for _, d := range Between(base, mine) {
		own[[2]string{d.Thing, d.Inner}] = d
		if d.Inner == "" {
			own[[2]string{d.Thing, "*"}] = d
		}
	}
	for _, d := range Between(base, theirs) {
		if d.Key == "desk.first" || d.Key == "desk.help" {
			continue // both lists are brought together, service by service
		}
		m, both := own[[2]string{d.Thing, d.Inner}]
		if whole, ok := own[[2]string{d.Thing, "*"}]; ok && !both {
			m, both = whole, true
		}
		if both && m != d {
			all = append(all, Difference{d.Thing, d.Key, d.Inner, d.After, m.After})
		}
	}
	return all
}

// Lost are the differences that mine has from base and that Merge leaves out, since
// theirs has removed the thing that they are of.
func Lost(base, mine, theirs queue.Setup) (all []Difference) {
	gone := map[string]bool{}
	for _, d := range Between(base, theirs) {
		gone[d.Thing] = gone[d.Thing] || d.Removed()
	}
	for _, d := range Between(base, mine) {
		if gone[d.Thing] && !d.Removed() {
			all = append(all, d)
		}
	}
	return all
}

func (m merger) merge(base, mine, theirs reflect.Value) reflect.Value {
	switch {
	case reflect.DeepEqual(base.Interface(), mine.Interface()):
		return theirs
	case reflect.DeepEqual(base.Interface(), theirs.Interface()):
		return mine
	case base.Kind() == reflect.Struct:
		merged := reflect.New(base.Type()).Elem()
		for i := range base.NumField() {
			merged.Field(i).Set(m.merge(base.Field(i), mine.Field(i), theirs.Field(i)))
		}
		return merged
	case base.Kind() == reflect.Slice && name(base.Type().Elem()) != "":
		return m.lists(base, mine, theirs)
	case base.Type() == reflect.TypeFor[[]queue.ServiceID]():
		of := func(v reflect.Value) []queue.ServiceID { return v.Interface().([]queue.ServiceID) }
		return reflect.ValueOf(mergeServices(of(base), of(mine), of(theirs)))
	}
	return mine
}

// mergeServices keeps the order of mine; what theirs added follows.
func mergeServices(base, mine, theirs []queue.ServiceID) (merged []queue.ServiceID) {
	for _, id := range mine {
		if slices.Contains(theirs, id) || !slices.Contains(base, id) {
			merged = append(merged, id)
		}
	}
	for _, id := range theirs {
		if !slices.Contains(base, id) && !slices.Contains(mine, id) {
			merged = append(merged, id)
		}
	}
	return merged
}

// name is the field by which items of a list are told apart; empty when the list
// is a value as a whole.
func name(item reflect.Type) string {
	if item.Kind() != reflect.Struct {
		return ""
	}
	for _, field := range []string{"ID", "Date"} {
		if _, ok := item.FieldByName(field); ok {
			return field
		}
	}
	return ""
}

// lists keeps the order of mine; what only theirs has follows.
func (m merger) lists(base, mine, theirs reflect.Value) reflect.Value {
	field := name(base.Type().Elem())
	find := func(list reflect.Value, id string) (reflect.Value, bool) {
		for i := range list.Len() {
			if list.Index(i).FieldByName(field).String() == id {
				return list.Index(i), true
			}
		}
		return reflect.Zero(list.Type().Elem()), false
	}
	merged := reflect.MakeSlice(base.Type(), 0, mine.Len())
	for i := range mine.Len() {
		id := mine.Index(i).FieldByName(field).String()
		was, before := find(base, id)
		other, there := find(theirs, id)
		switch {
		case there:
			merged = reflect.Append(merged, m.merge(was, mine.Index(i), other))
		case !before, m.keep && !reflect.DeepEqual(was.Interface(), mine.Index(i).Interface()):
			merged = reflect.Append(merged, mine.Index(i))
		}
	}
	for i := range theirs.Len() {
		id := theirs.Index(i).FieldByName(field).String()
		_, before := find(base, id)
		if _, kept := find(mine, id); !kept && !before {
			merged = reflect.Append(merged, theirs.Index(i))
		}
	}
	return merged
}

// copied is a setup with lists of its own.
func copied(setup queue.Setup) (own queue.Setup) {
	b, err := json.Marshal(setup)
	if err == nil {
		err = json.Unmarshal(b, &own)
	}
	if err != nil {
		panic("change: copying a setup: " + err.Error())
	}
	return own
}
