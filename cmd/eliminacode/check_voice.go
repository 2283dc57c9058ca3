package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"eliminacode/display/voice"
	config "eliminacode/firmware-config"
	"eliminacode/queue/words"
)

// voicePack is where a body puts its recorded voice; it may be missing.
func voicePack(data string) fs.FS { return os.DirFS(filepath.Join(data, "voice")) }

// voice tells what says calls in the hall: a recorded pack, the program, or a chime
// alone.
func (m machine) voice(ctx context.Context, s config.Settings) []finding {
	p := partOf("voice")
	files, faults := voice.CheckPack(voicePack(s.Data.Dir), words.SpokenLanguages())
	if len(faults) > 0 {
		return []finding{p.warn("voice-pack-bad", "detail", errors.Join(faults[:min(len(faults), 10)]...))}
	}
	said, err := m.run(ctx, voice.Program, "--version")
	switch {
	case err != nil && files == 0:
		return []finding{p.warn("voice-none", "detail", err)}
	case err != nil:
		return []finding{p.warn("voice-pack-alone", "count", files, "detail", err)}
	case files > 0:
		return []finding{p.ok("voice-pack", "count", files)}
	}
	program, _, _ := strings.Cut(strings.TrimSpace(said), "\n")
	return []finding{p.ok("as-seen", "what", program)}
}
