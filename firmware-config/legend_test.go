package config

import (
	"slices"
	"testing"

	"eliminacode/device"
	"eliminacode/device/keypad/keys"
)

func TestLegend(t *testing.T) {
	for name, want := range map[string][]LegendLine{
		"numeric": {
			{"Invio", "avanti: chiama il prossimo"},
			{"cifre, poi Invio", "chiama quel numero"},
			{"+", "richiama chi non è ancora arrivato"},
			{"-", "non presentato"},
			{"*", "inizio del servizio"},
			{"/, poi una cifra, poi Invio", "trasferisce al servizio con quel posto nell'elenco"},
			{". o ,", "mette in pausa lo sportello, o lo riapre"},
			{"Backspace", "cancella le cifre"},
		},
		"one-key": {
			{"Invio o Barra spaziatrice o freccia destra o Pag giù", "avanti: chiama il prossimo"},
			{"Pag su o freccia sinistra", "richiama chi non è ancora arrivato"},
		},
	} {
		k, _ := Settings{}.Keymap(name)
		if got := Legend(k); !slices.Equal(got, want) {
			t.Errorf("the legend of %s is %q", name, got)
		}
	}
	own := keys.Keymap{Keys: map[string]device.KeyCode{"KEY_F1": "next", "KEY_KP5": "5", "KEY_F13": "enter", "KEY_F2": "transfer"}}
	want := []LegendLine{
		{"F1", "avanti: chiama il prossimo"}, {"cifre, poi F13", "chiama quel numero"},
		{"F2, poi una cifra, poi F13", "trasferisce al servizio con quel posto nell'elenco"}, {"F13", "conferma"},
	}
	if got := Legend(own); !slices.Equal(got, want) {
		t.Errorf("the legend of own keys is %q", got)
	}
}

// Every meaning but a digit has words.
func TestLegendIsWhole(t *testing.T) {
	for _, meaning := range keys.Meanings() {
		if len(meaning) > 1 && builtIn().legend.Does[meaning] == "" {
			t.Errorf("legend.toml does not say what %q does", meaning)
		}
	}
	for name := range builtIn().legend.Keys {
		if keys.Code(name) == 0 {
			t.Errorf("legend.toml names %s, which is no key", name)
		}
	}
}
