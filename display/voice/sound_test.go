package voice

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

func FuzzReadWAV(f *testing.F) {
	f.Add(Chime().WAV())
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEdata\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ReadWAV(b)
		if err != nil {
			return
		}
		again, err := ReadWAV(s.WAV())
		if err != nil || !bytes.Equal(again.WAV(), s.WAV()) {
			t.Errorf("%d samples are not read again: %v", len(s), err)
		}
	})
}

// TestTheChimeCanBeHeard measures the chime: it begins and ends in silence, is loud
// and never cut off.
func TestTheChimeCanBeHeard(t *testing.T) {
	s := Chime()
	loudest := int16(0)
	for _, v := range s {
		loudest = max(loudest, v, -v)
	}
	if loudest < 12_000 || loudest > 32_000 || s[0] != 0 || max(s[len(s)-1], -s[len(s)-1]) > 200 {
		t.Errorf("loudest %d, first %d, last %d", loudest, s[0], s[len(s)-1])
	}
	if l := s.Length(); l < time.Second || l > 2*time.Second {
		t.Errorf("it takes %v", l)
	}
}

// TestARecordedPackIsPreferred says what a pack has every part of, and the rest by the
// program.
func TestARecordedPackIsPreferred(t *testing.T) {
	beep := make(Sound, Rate/10)
	pack := fstest.MapFS{}
	call := words.SpokenCall{Number: "A042", Desk: "3"}
	for _, part := range words.CallParts(call) {
		pack["it/"+part+".wav"] = &fstest.MapFile{Data: beep.WAV()}
	}
	s := &Speaker{Pack: pack, Program: filepath.Join(t.TempDir(), "nothing")}
	sound, err := s.Say(t.Context(), "it", call)
	if parts := len(words.CallParts(call)); err != nil || len(sound) != parts*len(beep)+(parts-1)*silence {
		t.Errorf("%d samples, %v", len(sound), err)
	}
	for _, other := range []words.SpokenCall{{Number: "B001", Desk: "3"}, {Number: "A042", Desk: "../3"}} {
		if _, err := s.Say(t.Context(), "it", other); !errors.Is(err, ErrNoSpeech) {
			t.Errorf("%+v: %v", other, err)
		}
	}
	pack["it/0.wav"] = &fstest.MapFile{Data: []byte("RIFF")}
	if files, faults := CheckPack(pack, words.SpokenLanguages()); files != 6 || len(faults) != 1 || !errors.Is(faults[0], ErrNoWAV) {
		t.Errorf("%d files, %v", files, faults)
	}
	stereo := beep.WAV()
	stereo[22] = 2
	if _, err := ReadWAV(stereo); !errors.Is(err, ErrOtherFormat) {
		t.Errorf("two channels: %v", err)
	}
}

// TestEspeakSaysCallsInEveryLanguage runs the program itself: each phrase has a sound
// of its own, of a length that a phrase has, and a letter is said by its name.
func TestEspeakSaysCallsInEveryLanguage(t *testing.T) {
	if _, err := exec.LookPath(Program); err != nil {
		t.Fatalf("%v: make tools installs it", err)
	}
	s := &Speaker{}
	call := words.SpokenCall{Number: "A042", Desk: "3", Floor: "1", Room: "12"}
	said := map[string]queue.Language{}
	for _, language := range words.SpokenLanguages() {
		sound, err := s.Say(t.Context(), language, call)
		if err != nil {
			t.Fatalf("%s: %v", language, err)
		}
		if l := sound.Length(); l < 2*time.Second || l > 12*time.Second {
			t.Errorf("%s: it takes %v", language, l)
		}
		if other, twice := said[string(sound.WAV())]; twice {
			t.Errorf("%s sounds as %s", language, other)
		}
		said[string(sound.WAV())] = language
		loud := 0
		for _, v := range sound {
			if v > 1000 || v < -1000 {
				loud++
			}
		}
		if loud < len(sound)/10 {
			t.Errorf("%s: %d of %d samples are loud", language, loud, len(sound))
		}
	}
}

// TestAProgramThatFailsIsAnError runs programs that are not there, fail, never end,
// and talk too much.
func TestAProgramThatFailsIsAnError(t *testing.T) {
	script := func(text string) string {
		name := filepath.Join(t.TempDir(), "speak")
		if err := os.WriteFile(name, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
			t.Fatal(err)
		}
		return name
	}
	brief, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	for name, x := range map[string]struct {
		ctx     context.Context
		program string
	}{
		"missing": {t.Context(), filepath.Join(t.TempDir(), "nothing")},
		"failing": {t.Context(), script("echo no such voice >&2; exit 1")},
		"hanging": {brief, script("exec sleep 100")},
		"endless": {t.Context(), script("exec cat /dev/zero")},
		"silent":  {t.Context(), script("exit 0")},
	} {
		if sound, err := (&Speaker{Program: x.program}).Speak(x.ctx, "it", "A"); err == nil {
			t.Errorf("%s: %d samples", name, len(sound))
		}
	}
}

// TestClipsAreBounded keeps the sounds that were used last.
func TestClipsAreBounded(t *testing.T) {
	c := NewClips()
	var first Clip
	for i := range 60 {
		s := make(Sound, 4*Rate)
		s[0] = int16(i)
		clip := c.Keep(string(rune('a'+i)), s)
		if i == 0 {
			first = clip
		}
		c.Said("b")
	}
	if c.bytes > mostBytes || len(c.files) != len(c.order)+1 || len(c.keys) != len(c.order) {
		t.Errorf("%d bytes in %d files, %d in order, %d said", c.bytes, len(c.files), len(c.order), len(c.keys))
	}
	if _, there := c.File(first.ID); there {
		t.Error("the first sound was not let go")
	}
	if _, there := c.Said("b"); !there {
		t.Error("a sound in use was let go")
	}
	if _, there := c.File(c.Chime().ID); !there {
		t.Error("the chime was let go")
	}
}
