package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"eliminacode/display/voice"
	config "eliminacode/firmware-config"
)

// TestCheckVoice looks for what says calls: the program, a recorded pack, both, a
// damaged file, and nothing.
func TestCheckVoice(t *testing.T) {
	beep := string(make(voice.Sound, 100).WAV())
	for _, c := range []struct {
		name    string
		pack    map[string]string
		program bool
		says    []string
	}{
		{"the program", nil, true, []string{"OK voice of the hall: eSpeak NG"}},
		{"nothing", nil, false, []string{"WARN voice of the hall: nothing can say the calls", "apt install espeak-ng"}},
		{"a pack", map[string]string{"it/0.wav": beep, "de/0.wav": beep}, true, []string{"OK voice of the hall: recorded voice: files 2"}},
		{"a pack alone", map[string]string{"it/0.wav": beep}, false, []string{"WARN voice of the hall: recorded voice: files 1", "->"}},
		{"a damaged file", map[string]string{"it/0.wav": beep, "it/1.wav": "MP3"}, true, []string{"WARN voice of the hall", "it/1.wav", "-> save them again: WAV"}},
	} {
		s := config.Default()
		s.Data.Dir = t.TempDir()
		for name, text := range c.pack {
			path := filepath.Join(s.Data.Dir, "voice", name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		looked{c.name, nil, c.says}.check(t, func(m machine) []finding {
			m.run = func(context.Context, string, ...string) (string, error) {
				if !c.program {
					return "", errors.New("not found")
				}
				return "eSpeak NG text-to-speech: 1.51\n", nil
			}
			return m.voice(t.Context(), s)
		})
	}
}
