package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"eliminacode/display"
	config "eliminacode/firmware-config"
)

// A meaning is another value of a device of the settings.
type meaning struct {
	config.Text
	of display.Thing
}

// line is what a person puts into the settings where the box may not.
func (m meaning) line() string {
	return fmt.Sprintf("# %s %q\n%s = %s\n", m.of.Kind, m.of.Name, m.Key[strings.LastIndexByte(m.Key, '.')+1:], m.Written())
}

// goneLine tells a person what to take out of the settings where the box may not.
func goneLine(t display.Thing) string {
	return fmt.Sprintf("# without the [[%s]] named %q\n", t.Kind, t.Name)
}

// without are the settings, not judged, without a printer whose place another takes; as
// they are where none is named.
func (w *walk) without(data []byte, printer string) ([]byte, error) {
	if printer == "" {
		return data, nil
	}
	return config.Cut(w.file, data, w.placeOf(display.Thing{Kind: display.PrinterThing, Name: printer}))
}

func textsOf(all []meaning) (texts []config.Text) {
	for _, m := range all {
		texts = append(texts, m.Text)
	}
	return texts
}

// names tells whether the settings name a device.
func (w *walk) names(t display.Thing) bool {
	return slices.ContainsFunc(w.wired, func(x display.Wired) bool { return x.Thing == t })
}

// placeOf is where the settings have a device that they name, such as button[2].
func (w *walk) placeOf(t display.Thing) string {
	nth := 0
	for _, x := range w.wired { // each kind in the order of the settings
		if x.Kind == t.Kind {
			nth++
		}
		if x.Thing == t {
			break
		}
	}
	return fmt.Sprintf("%s[%d]", t.Kind, nth)
}

// changes are the values of the settings that are others with a meaning: that of a
// device which they name, and of whatever hangs together with it.
func (w *walk) changes(n display.Naming) (all []meaning) {
	s, named := w.settings, func(name string) bool { return name == n.Thing.Name }
	at := func(i int, key string) string { return fmt.Sprintf("%s[%d].%s", n.Kind, i+1, key) }
	add := func(i int, key, text string) {
		all = append(all, meaning{config.Text{Key: at(i, key), Text: text}, n.Thing})
	}
	outlet := string(n.Outlet)
	if n.Printer != "" {
		all = w.moved(n.Printer, outlet)
	}
	if !w.names(n.Thing) {
		return all
	}
	model := func(i int, key, now string) {
		if n.Model != "" && n.Model != now {
			add(i, key, n.Model)
		}
	}
	whole := func(i int, key string, now, number int) {
		if number != now {
			all = append(all, meaning{config.Text{Key: at(i, key), Text: strconv.Itoa(number), Whole: true}, n.Thing})
		}
	}
	switch n.Kind {
	case display.PrinterThing:
		if outlet != "" {
			all = w.moved(n.Thing.Name, outlet)
		}
		i := slices.IndexFunc(s.Printers, func(p config.Printer) bool { return named(p.Name) })
		model(i, "profile", s.Printers[i].Profile)
		whole(i, "baud", s.Printers[i].Baud, n.Baud)
	case display.ButtonThing:
		i := slices.IndexFunc(s.Buttons, func(b config.Button) bool { return named(b.Name) })
		if n.Service != "" {
			add(i, "service", string(n.Service))
		}
		all = slices.DeleteFunc(all, func(m meaning) bool { return m.of == n.Thing && strings.HasSuffix(m.Key, ".outlet") })
		if outlet != "" && outlet != s.Buttons[i].Outlet {
			add(i, "outlet", outlet)
		}
		if string(n.Class) != s.Buttons[i].Class {
			add(i, "class", string(n.Class))
		}
	case display.PanelThing:
		i := slices.IndexFunc(s.Panels, func(p config.Panel) bool { return named(p.Name) })
		add(i, "desk", string(n.Desk))
		model(i, "frame", s.Panels[i].Frame)
		whole(i, "address", s.Panels[i].Address, n.Address)
	default:
		i := slices.IndexFunc(s.Keypads, func(k config.Keypad) bool { return named(k.Name) })
		add(i, "desk", string(n.Desk))
		model(i, "keymap", s.Keypads[i].Keymap)
	}
	return all
}

// moved puts a printer of the settings at another outlet. Another printer that is
// there gets the outlet that this one had; without one the buttons go along, whose
// numbers would come out nowhere.
func (w *walk) moved(printer, to string) (all []meaning) {
	s := w.settings
	i := slices.IndexFunc(s.Printers, func(p config.Printer) bool { return p.Name == printer })
	if i < 0 {
		return nil
	}
	at := func(kind display.ThingKind, i int, name, outlet string) {
		all = append(all, meaning{config.Text{Key: fmt.Sprintf("%s[%d].outlet", kind, i+1), Text: outlet}, display.Thing{Kind: kind, Name: name}})
	}
	from := s.Printers[i].Outlet
	if at(display.PrinterThing, i, printer, to); from == to {
		return all
	}
	if other := slices.IndexFunc(s.Printers, func(p config.Printer) bool { return p.Outlet == to }); other >= 0 {
		at(display.PrinterThing, other, s.Printers[other].Name, from)
		return all
	}
	for i, b := range s.Buttons {
		if b.Outlet == from {
			at(display.ButtonThing, i, b.Name, to)
		}
	}
	return all
}
