package config

import (
	"cmp"
	"slices"
	"strings"

	"eliminacode/device"
	"eliminacode/device/keypad/keys"
)

// A LegendLine is one line of the legend that lies beside a keypad.
type LegendLine struct {
	Keys string // as printed on them, such as "cifre, poi Invio"
	Does string // such as "chiama quel numero"
}

// legendWords are the words of legends, from legend.toml.
type legendWords struct {
	Then   string                    `toml:"then"`
	Or     string                    `toml:"or"`
	Digits string                    `toml:"digits"`
	Digit  string                    `toml:"digit"`
	Keys   map[string]string         `toml:"keys"`
	Does   map[device.KeyCode]string `toml:"does"`
}

// Legend says what the keys of a keymap do, alone and one after the other, in the
// order in which a clerk needs them: digits and then the key of next call that number,
// since plain keypads have one Enter; transfer, a digit and that key send a
// citizen on.
func Legend(k keys.Keymap) (lines []LegendLine) {
	words := builtIn().legend
	add := func(keys string, does device.KeyCode) {
		lines = append(lines, LegendLine{Keys: keys, Does: words.Does[does]})
	}
	confirm := cmp.Or(words.key(k, device.KeyEnter), words.key(k, device.KeyNext))
	digits := false
	for _, meaning := range k.Keys {
		digits = digits || len(meaning) == 1
	}
	for _, meaning := range keys.Meanings() {
		printed := words.key(k, meaning)
		if printed == "" || len(meaning) == 1 {
			continue
		}
		switch {
		case meaning == device.KeyTransfer && digits:
			add(printed+words.Then+words.Digit+words.Then+confirm, meaning)
		case meaning != device.KeyTransfer && (meaning != device.KeyClear || digits):
			add(printed, meaning)
		}
		if meaning == device.KeyNext && digits {
			add(words.Digits+words.Then+confirm, "number")
		}
	}
	return lines
}

// key is what stands on the keys with a meaning, such as "Invio o F1".
func (words legendWords) key(k keys.Keymap, meaning device.KeyCode) string {
	var names []string
	for name, m := range k.Keys {
		if m == meaning {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(keys.Code(a), keys.Code(b)) })
	var printed []string
	for _, name := range names {
		text := cmp.Or(words.Keys[name], strings.TrimPrefix(strings.TrimPrefix(name, "KEY_"), "KP"))
		if !slices.Contains(printed, text) {
			printed = append(printed, text)
		}
	}
	return strings.Join(printed, words.Or)
}
