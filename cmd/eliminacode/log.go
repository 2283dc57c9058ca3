package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// log writes to standard error, which systemd's journal keeps: there each line
// begins with its priority, and has no time of its own.
func (p program) log(level slog.Level) *slog.Logger {
	kept := keptBySystemd(p.errs)
	o := &slog.HandlerOptions{Level: level}
	if kept {
		o.ReplaceAttr = func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}
	}
	return slog.New(slog.NewTextHandler(&boundedLines{w: p.errs, priority: kept}, o))
}

// keptBySystemd tells whether what is written goes into systemd's journal.
func keptBySystemd(w io.Writer) bool {
	f, ok := w.(*os.File)
	var st unix.Stat_t
	return ok && unix.Fstat(int(f.Fd()), &st) == nil && os.Getenv("JOURNAL_STREAM") == fmt.Sprintf("%d:%d", st.Dev, st.Ino)
}

// What a line that comes again and again may take of a disk that may be full: so
// many lines in so long a time, and one that says how often it came besides.
const (
	sameLines = 5
	sameFor   = 10 * time.Minute
	// linesKnown bounds the different lines that are counted.
	linesKnown = 512
)

// boundedLines writes lines of log, each in one Write, and bounds those that say
// the same of the same.
type boundedLines struct {
	w        io.Writer
	priority bool // a line begins with its priority, as sd-daemon(3) has it

	mu    sync.Mutex
	known map[string]*repeated
}

// A repeated line is one that came in the last sameFor.
type repeated struct {
	times int
	last  []byte
}

var (
	lineTime    = regexp.MustCompile(`^time=\S+ `)
	lineChanges = regexp.MustCompile(` (err|state|faults)=`)
	lineLevel   = regexp.MustCompile(`^(?:time=\S+ )?level=([A-Z]+)`)
)

// Write takes one line of slog's text. What a line says is all of it up to the
// error, whose text may hold a number that grows, or the state of a device, which
// a noisy cable changes all the time; and without the time.
func (l *boundedLines) Write(line []byte) (int, error) {
	what := lineTime.ReplaceAll(line, nil)
	if at := lineChanges.FindIndex(what); at != nil {
		what = what[:at[0]]
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.known[string(what)]
	if r == nil {
		if len(l.known) >= linesKnown {
			return l.write(line) // so many different ones are no repetition
		}
		if l.known == nil {
			l.known = map[string]*repeated{}
		}
		key := string(what)
		r = &repeated{}
		l.known[key] = r
		time.AfterFunc(sameFor, func() { l.forget(key) })
	}
	if r.times++; r.times <= sameLines {
		return l.write(line)
	}
	r.last = append(r.last[:0], line...)
	return len(line), nil
}

// forget says how often a line came that was not written, and lets it be
// written again.
func (l *boundedLines) forget(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.known[key]
	delete(l.known, key)
	if r.times > sameLines {
		_, _ = l.write(fmt.Appendf(bytes.TrimRight(r.last, "\n"), " again=%d\n", r.times-sameLines))
	}
}

func (l *boundedLines) write(line []byte) (int, error) {
	if l.priority {
		level := ""
		if m := lineLevel.FindSubmatch(line); m != nil {
			level = string(m[1])
		}
		line = append([]byte(priorityOf(level)), line...)
	}
	if _, err := l.w.Write(line); err != nil {
		return 0, err
	}
	return len(line), nil
}

// priorities are those of syslog, by the word of a level.
var priorities = map[string]string{"ERROR": "<3>", "WARN": "<4>", "INFO": "<6>", "DEBUG": "<7>"}

// priorityOf is the priority of a line; one without a level is information.
func priorityOf(level string) string { return cmp.Or(priorities[level], priorities["INFO"]) }
