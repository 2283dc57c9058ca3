package office

import "eliminacode/queue"

// A file is the layout of an office's file: the keys of a setup are those that
// its tags say. What it leaves out has the value of emptyFile and of the series'
// SetDefaults.
type file struct {
	Format int `toml:"format"`
	queue.Setup
	Hours hours `toml:"hours"`
}

// hours say by the key stop_calls_after that calls stop at all.
type hours struct {
	queue.Hours
	StopCallsAfter *duration `toml:"stop_calls_after"`
}

func emptyFile() file {
	return file{Format: FormatVersion, Setup: queue.Setup{Rules: queue.DefaultRules()}}
}

// setup is the file as the setup that it describes.
func (f file) setup() queue.Setup {
	s := f.Setup
	s.Hours = f.Hours.Hours
	if after := f.Hours.StopCallsAfter; after != nil {
		s.Hours.StopCalls, s.Hours.StopCallsAfterMs = true, int64(*after)
	}
	return s
}

// fileOf is the file that describes a setup.
func fileOf(s queue.Setup) file {
	f := file{Format: FormatVersion, Setup: s, Hours: hours{Hours: s.Hours}}
	if s.Hours.StopCalls {
		after := duration(s.Hours.StopCallsAfterMs)
		f.Hours.StopCallsAfter = &after
	}
	return f
}
