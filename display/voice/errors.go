package voice

import "errors"

// What can be wrong with a sound.
var (
	// ErrNoWAV: it is no WAV file, or a damaged one.
	ErrNoWAV = errors.New("no WAV file")
	// ErrOtherFormat: it is a WAV file with other samples than the voice's.
	ErrOtherFormat = errors.New("another format of sound")
	// ErrTooLong: no announcement takes as long.
	ErrTooLong = errors.New("too long a sound")
	// ErrNoSpeech: neither a pack nor espeak-ng can say it.
	ErrNoSpeech = errors.New("nothing can say it")
)
