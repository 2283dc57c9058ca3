package escpos

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"testing"

	"pgregory.net/rapid"

	"eliminacode/device/escpos/profile"
)

// drawn is a picture whose dots are the bits of these rows of bytes.
func drawn(wide int, data []byte) image.Image {
	img := image.NewGray(image.Rect(0, 0, wide*8, len(data)/wide))
	for i := range img.Pix {
		y, x := i/(wide*8), i%(wide*8)
		img.Pix[i] = 0xff
		if data[y*wide+x/8]&(0x80>>(x%8)) != 0 {
			img.Pix[i] = 0
		}
	}
	return img
}

func withLogo(dialect profile.Logo) profile.Profile {
	p := profile.Generic()
	p.Logo = dialect
	return p
}

// Black and white pictures that fit are stored dot by dot, in rows or columns.
func TestEncodeLogoDots(t *testing.T) {
	picture := drawn(2, []byte{0x80, 0x01, 0x40, 0x02, 0x20, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff})
	for dialect, want := range map[profile.Logo]string{
		profile.LogoGSL: "\x1d(L\x1b\x000C0EL\x01\x10\x00\x08\x001" + "\x80\x01\x40\x02\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff",
		profile.LogoFSP: "\x1cq\x01\x02\x00\x01\x00" + "\x81\x41\x21\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x41\x81",
	} {
		got, err := EncodeLogo(withLogo(dialect), picture)
		if err != nil || string(got) != want {
			t.Errorf("%s: % X, %v", dialect, got, err)
		}
	}
}

// A picture whose dots spell what a printer would execute gets a dot more.
func TestEncodeLogoRealTime(t *testing.T) {
	rows := []byte{
		0x10, 0x04, 0x01, 0x00, 0x10, 0x05, 0x02, 0x00, 0x10, 0x14, 0x08, 0x10,
		0x04, 0x02, 0x10, 0x10, 0x14, 0x01, 0x10, 0x05, 0x10, 0x04, 0x10, 0x04,
	}
	for _, dialect := range []profile.Logo{profile.LogoGSL, profile.LogoFSP} {
		for wide := 1; wide <= 4; wide++ {
			got, err := EncodeLogo(withLogo(dialect), drawn(wide, rows))
			if err != nil {
				t.Fatal(err)
			}
			if at := profile.RealTimeAt(got); at >= 0 {
				t.Errorf("%s, %d bytes wide: command at %d in % X", dialect, wide, at, got)
			}
			if dialect == profile.LogoGSL {
				for i, b := range got[16:] {
					if lost := rows[i] &^ b; lost != 0 {
						t.Errorf("byte %d lost dots: %02X instead of %02X", i, b, rows[i])
					}
				}
			}
		}
	}
	// 1029 bytes behind a head of 11 would make the length 10 04.
	blank := image.NewGray(image.Rect(0, 0, 8, 1))
	for _, size := range [][2]int{{1029 * 8 / 21, 21}, {8 * 7, 147}, {8 * 49, 21}} {
		tall := image.NewGray(image.Rect(0, 0, size[0], size[1]))
		got, err := EncodeLogo(withLogo(profile.LogoGSL), tall)
		if err != nil || profile.RealTimeAt(got) >= 0 {
			t.Errorf("%v: %v, command at %d", size, err, profile.RealTimeAt(got))
		}
	}
	if _, err := EncodeLogo(withLogo(profile.LogoGSL), blank); err != nil {
		t.Error(err)
	}
}

// Whatever the picture and the profile: whole, within the buffer and the head,
// and without a real-time command.
func TestEncodeLogoAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := withLogo(rapid.SampledFrom([]profile.Logo{profile.LogoGSL, profile.LogoFSP}).Draw(t, "dialect"))
		p.HeadDots = rapid.IntRange(192, 1280).Draw(t, "head")
		p.BufferBytes = rapid.SampledFrom([]int{512, 2048, 4096, 65536}).Draw(t, "buffer")
		w, h := rapid.IntRange(1, 900).Draw(t, "width"), rapid.IntRange(1, 700).Draw(t, "height")
		img := image.NewGray(image.Rect(0, 0, w, h))
		pattern := rapid.SliceOfN(rapid.SampledFrom([]byte{0, 0xff, 0x80, 0x7f}), 1, 64).Draw(t, "pattern")
		for i := range img.Pix {
			img.Pix[i] = pattern[i%len(pattern)]
		}
		got, err := EncodeLogo(p, img)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) > p.BufferBytes || profile.RealTimeAt(got) >= 0 {
			t.Fatalf("%d bytes of %d, command at %d", len(got), p.BufferBytes, profile.RealTimeAt(got))
		}
		var wide, high, head int
		if p.Logo == profile.LogoGSL {
			wide, high, head = int(got[11])|int(got[12])<<8, int(got[13])|int(got[14])<<8, 16
			if n := int(got[3]) | int(got[4])<<8; n != len(got)-5 {
				t.Fatalf("says %d bytes and has %d", n, len(got)-5)
			}
		} else {
			wide, high, head = 8*(int(got[3])|int(got[4])<<8), 8*(int(got[5])|int(got[6])<<8), 7
		}
		if len(got)-head != wide/8*high || wide > p.HeadDots || wide < 8 || high < 1 {
			t.Fatalf("%d x %d dots in %d bytes on %d", wide, high, len(got)-head, p.HeadDots)
		}
	})
}

// Grey becomes a grain of the same mean, and what is transparent stays paper.
func TestEncodeLogoGrey(t *testing.T) {
	for _, c := range []struct {
		colour color.Color
		low    int
		high   int
	}{
		{color.Gray{0x80}, 45, 55}, {color.Gray{0xc0}, 20, 30}, {color.White, 0, 0}, {color.Black, 100, 100},
		{color.NRGBA{0, 0, 0, 0}, 0, 0}, {color.NRGBA{0, 0, 0, 0x80}, 45, 55},
	} {
		img := image.NewNRGBA(image.Rect(0, 0, 64, 64))
		for y := range 64 {
			for x := range 64 {
				img.Set(x, y, c.colour)
			}
		}
		got, err := EncodeLogo(withLogo(profile.LogoGSL), img)
		if err != nil {
			t.Fatal(err)
		}
		black := 0
		for _, b := range got[16:] {
			for ; b != 0; b &= b - 1 {
				black++
			}
		}
		if share := black * 100 / (64 * 64); share < c.low || share > c.high {
			t.Errorf("%v became %d %% black", c.colour, share)
		}
	}
}

func TestEncodeLogoRefused(t *testing.T) {
	some := image.NewGray(image.Rect(0, 0, 8, 8))
	if _, err := EncodeLogo(generic58(), some); !errors.Is(err, ErrNoLogo) {
		t.Errorf("a model without a logo: %v", err)
	}
	if _, err := EncodeLogo(profile.Generic(), image.NewGray(image.Rectangle{})); err == nil {
		t.Error("a picture without size was accepted")
	}
}

// A slip with a logo names the place that EncodeLogo fills.
func TestSlipWithLogo(t *testing.T) {
	slip := typical
	slip.Logo = true
	for dialect, want := range map[profile.Logo]string{
		profile.LogoGSL: "\x1d(L\x06\x000EEL\x01\x01", profile.LogoFSP: "\x1cp\x01\x00", profile.LogoNone: "",
	} {
		with, err := Encode(withLogo(dialect), slip, testID)
		if err != nil {
			t.Fatal(err)
		}
		without, err := Encode(withLogo(dialect), typical, testID)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(with, []byte(want)) || (want == "") != bytes.Equal(with, without) || len(with)-len(without) > 16 {
			t.Errorf("%s: % X", dialect, with)
		}
	}
}
