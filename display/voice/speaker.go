package voice

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// Program is what speaks where there is no recorded pack.
const Program = "espeak-ng"

const (
	// speakWithin bounds one run of the program: a phrase takes it some 10 ms.
	speakWithin = 4 * time.Second
	// wordsPerMinute is slower than the program's own 175: a hall echoes.
	wordsPerMinute = "145"
	// mostFile bounds a file of a pack, in bytes.
	mostFile = headerBytes + 2*Rate*10
)

// A Speaker makes what is said into sound.
type Speaker struct {
	// Pack is the recorded voice, a folder for each language; nil is none.
	Pack fs.FS
	// Program speaks what the pack has not; empty is espeak-ng.
	Program string
}

// Say is a call in one language: from the pack if that has every part, else by the
// program.
func (s *Speaker) Say(ctx context.Context, language queue.Language, c words.SpokenCall) (Sound, error) {
	sound, err := s.recorded(language, c)
	if err == nil {
		return sound, nil
	}
	spoken, err2 := s.Speak(ctx, language, words.In(language).Call(c))
	if err2 != nil {
		return nil, errors.Join(err2, err)
	}
	return spoken, nil
}

func (s *Speaker) recorded(language queue.Language, c words.SpokenCall) (Sound, error) {
	if s.Pack == nil {
		return nil, fmt.Errorf("%w: no recorded pack", ErrNoSpeech)
	}
	var all []Sound
	for _, part := range words.CallParts(c) {
		name := string(language) + "/" + part + ".wav"
		if !fs.ValidPath(name) {
			return nil, fmt.Errorf("%w: the pack cannot have %q", ErrNoSpeech, name)
		}
		sound, err := readFile(s.Pack, name)
		if err != nil {
			return nil, fmt.Errorf("reading %s of the pack: %w", name, err)
		}
		all = append(all, sound)
	}
	return join(all), nil
}

func readFile(pack fs.FS, name string) (Sound, error) {
	f, err := pack.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, mostFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > mostFile {
		return nil, ErrTooLong
	}
	return ReadWAV(b)
}

// CheckPack reads every file that a pack has for some languages and answers what is
// wrong with it, file by file; a part that is not there is no fault, since the program
// says what it belongs to.
func CheckPack(pack fs.FS, languages []queue.Language) (files int, faults []error) {
	for _, l := range languages {
		names, err := fs.Glob(pack, string(l)+"/*.wav")
		if err != nil {
			faults = append(faults, err)
		}
		for _, name := range names {
			files++
			if _, err := readFile(pack, name); err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", name, err))
			}
		}
	}
	return files, faults
}

// letter is a single capital letter, which is said by its name: the English article
// is none.
var letter = regexp.MustCompile(`\b[A-Z]\b`)

// Speak is a text as the program says it.
func (s *Speaker) Speak(ctx context.Context, language queue.Language, text string) (Sound, error) {
	program := s.Program
	if program == "" {
		program = Program
	}
	ctx, cancel := context.WithTimeout(ctx, speakWithin)
	defer cancel()
	marked := letter.ReplaceAllString(html.EscapeString(text), `<say-as interpret-as="characters">$0</say-as>`)
	cmd := exec.CommandContext(ctx, program, "-v", string(language), "-s", wordsPerMinute, "-m", "--stdin", "--stdout")
	cmd.Stdin = strings.NewReader(marked)
	var wav, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &bounded{w: &wav, left: headerBytes + 2*Rate*mostSeconds}, &bounded{w: &complaint, left: 1000}
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%w: running %s: %w %s", ErrNoSpeech, program, err, strings.TrimSpace(complaint.String()))
	}
	sound, err := ReadWAV(wav.Bytes())
	if err == nil && len(sound) == 0 {
		err = fmt.Errorf("%w: %s was silent", ErrNoSpeech, program)
	}
	return sound, err
}

// bounded keeps the first bytes that are written and refuses the rest.
type bounded struct {
	w    *bytes.Buffer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, ErrTooLong
	}
	return b.w.Write(p)
}
