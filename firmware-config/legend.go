package config

import (
	"cmp"
	"slices"
	"strings"
)

// A LegendLine is one line of the legend that lies beside a keypad.
type LegendLine struct {
	Keys string // as printed on them, such as "cifre, poi Invio"
	Does string // such as "chiama quel numero"
}

// legendWords are the words of legends, from legend.toml.
type legendWords struct {
	Then   string            `toml:"then"`
	Or     string            `toml:"or"`
	Digits string            `toml:"digits"`
	Digit  string            `toml:"digit"`
	Keys   map[string]string `toml:"keys"`
	Does   map[string]string `toml:"does"`
}

// Legend says what the keys do, alone and one after the other, in the order in
// which a clerk needs them: digits and then the key of next call that number,
// since plain keypads have one Enter; transfer, a digit and that key send a
// citizen on.
func (k Keymap) Legend() (lines []LegendLine) {
	words := builtIn().legend
	add := func(keys, does string) { lines = append(lines, LegendLine{Keys: keys, Does: words.Does[does]}) }
	confirm := k.key(words, "enter")
	if confirm == "" {
		confirm = k.key(words, "next")
	}
	digits := slices.ContainsFunc(sortedKeys(k.Keys), func(name string) bool { return len(k.Keys[name]) == 1 })
	for _, meaning := range []string{"next", "recall", "no-show", "start", "finish", "transfer", "pause", "enter", "clear"} {
		keys := k.key(words, meaning)
		if keys == "" {
			continue
		}
		switch {
		case meaning == "transfer" && digits:
			add(keys+words.Then+words.Digit+words.Then+confirm, meaning)
		case meaning != "transfer" && (meaning != "clear" || digits):
			add(keys, meaning)
		}
		if meaning == "next" && digits {
			add(words.Digits+words.Then+confirm, "number")
		}
	}
	return lines
}

// key is what stands on the keys with a meaning, such as "Invio o F1".
func (k Keymap) key(words legendWords, meaning string) string {
	var names []string
	for name, m := range k.Keys {
		if m == meaning {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(keyCodes[a], keyCodes[b]) })
	var printed []string
	for _, name := range names {
		text := cmp.Or(words.Keys[name], strings.TrimPrefix(strings.TrimPrefix(name, "KEY_"), "KP"))
		if !slices.Contains(printed, text) {
			printed = append(printed, text)
		}
	}
	return strings.Join(printed, words.Or)
}
