package escpos_test

import (
	"bytes"
	"errors"
	"image"
	"testing"

	"pgregory.net/rapid"

	"eliminacode/device"
	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
	config "eliminacode/firmware-config"
)

// shipped are the profiles that come with the program.
func shipped(t testing.TB) []profile.Profile {
	t.Helper()
	all := config.Default().Known().Profiles
	if len(all) < 7 {
		t.Fatalf("only %d profiles are shipped", len(all))
	}
	return all
}

// typical is a ticket as a town hall prints it; full has every field.
var (
	typical = device.Slip{
		Header: []string{"COMUNE DI SAN GIOVANNI"}, Date: "mar 24 novembre 2026, 10:31",
		Service: "Anagrafe", Caption: "Il suo numero", Number: "A042",
		Facts: []string{"Persone prima di lei: 7", "Attesa stimata: 10-15 minuti"},
		QR:    "https://example.it/t/7K3F9QX2",
	}
	full = device.Slip{
		Logo:   true,
		Header: []string{"COMUNE DI SAN GIOVANNI", "Servizi al cittadino"}, Date: "mar 24 novembre 2026, 10:31",
		Service: "Anagrafe / Matični urad", Caption: "Il suo numero / Vaša številka", Number: "A042", Mark: "RISTAMPA",
		Facts: []string{"Persone prima di lei: 7", "Attesa stimata: 10-15 minuti", "Piano 1, sala B"},
		QR:    "https://example.it/t/7K3F9QX2",
		Notes: []string{"Chi arriva tardi: 15 min / 2 chiamate.", "Priorità e appuntamenti possono passare prima."},
	}
)

// Bytes are seconds at 9600 baud: what a ticket takes on each shipped profile
// is in this test's log.
func TestEncodeTypicalSize(t *testing.T) {
	for _, p := range shipped(t) {
		id := escpos.ID{'!', 'a', 'Z', '~'}
		few, err := escpos.Encode(p, typical, id)
		if err != nil {
			t.Fatal(err)
		}
		many, err := escpos.Encode(p, full, id)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-21s typical %3d bytes, %3d ms at 9600 baud; every field filled %3d bytes, %3d ms",
			p.Name, len(few), len(few)*10000/9600, len(many), len(many)*10000/9600)
		if len(few) > 310 || len(many) > escpos.MaxSlipBytes {
			t.Errorf("%s: too many", p.Name)
		}
	}
}

// Whatever the words and whichever shipped profile: a ticket is short or
// refused as too long, and nothing in it is a command that a printer executes
// the moment it arrives.
func TestEncodeAnythingShipped(t *testing.T) {
	profiles := shipped(t)
	text := rapid.OneOf(rapid.String(), rapid.StringMatching("[a-zàčß€ \x10\x04\x05\x14\x01\x1b\x1d]{0,40}"))
	lines := rapid.SliceOfN(text, 0, 3)
	character := rapid.ByteRange(0x20, 0x7e)
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(profiles).Draw(t, "profile")
		slip := device.Slip{
			Logo: rapid.Bool().Draw(t, "logo"), Header: lines.Draw(t, "header"), Date: text.Draw(t, "date"),
			Service: text.Draw(t, "service"), Caption: text.Draw(t, "caption"), Number: text.Draw(t, "number"),
			Mark: text.Draw(t, "mark"), Facts: lines.Draw(t, "facts"), QR: text.Draw(t, "qr"), Notes: lines.Draw(t, "notes"),
		}
		id := escpos.ID{character.Draw(t, "1"), character.Draw(t, "2"), character.Draw(t, "3"), character.Draw(t, "4")}
		b, err := escpos.Encode(p, slip, id)
		if errors.Is(err, device.ErrSlipTooLong) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(b) > 512 {
			t.Fatalf("%d bytes", len(b))
		}
		noRealTime(t, b)
	})
}

// noRealTime looks for DLE EOT, DLE ENQ and DLE DC4, without help from the code
// under test.
func noRealTime(t interface{ Fatalf(string, ...any) }, b []byte) {
	for _, command := range []string{"\x10\x04", "\x10\x05", "\x10\x14"} {
		if at := bytes.Index(b, []byte(command)); at >= 0 {
			t.Fatalf("% X at byte %d of % X", command, at, b)
		}
	}
}

// Neither is anything in what a shipped profile sends beside tickets.
func TestLogoAnythingShipped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		img := image.NewGray(image.Rect(0, 0, rapid.IntRange(1, 700).Draw(t, "width"), rapid.IntRange(1, 300).Draw(t, "height")))
		bits := rapid.SliceOfN(rapid.Bool(), 1, 48).Draw(t, "bits")
		for i := range img.Pix {
			if !bits[i%len(bits)] {
				img.Pix[i] = 0xff
			}
		}
		for _, p := range profilesWithLogo {
			b, err := escpos.EncodeLogo(p, img)
			if err != nil {
				t.Fatal(err)
			}
			noRealTime(t, b)
			if len(b) > p.BufferBytes {
				t.Fatalf("%d bytes", len(b))
			}
		}
	})
}

// profilesWithLogo speak the two dialects.
var profilesWithLogo = []profile.Profile{profile.Generic(), profile.GenericProcessID()}
