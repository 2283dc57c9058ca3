package setups

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"unicode/utf8"

	"eliminacode/display"
)

// walkName is the file of what was tried on the way to a first office. It goes away
// when an office is put in force.
const walkName = "walk.json"

const (
	mostTried     = 512
	mostWalkBytes = 256 << 10
	mostNameBytes = 200
)

type walkFile struct {
	V     int             `json:"v"`
	Tried []display.Tried `json:"tried"`
}

// walked is what was tried, as it is on disk.
type walked struct {
	loaded bool
	lost   bool // the file cannot be used
	tried  []display.Tried
}

// parseWalk reads what was tried, each thing once.
func parseWalk(b []byte) ([]display.Tried, error) {
	var f walkFile
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, err
	}
	if f.V != layout {
		return nil, fmt.Errorf("its layout is %d, this program reads %d", f.V, layout)
	}
	if len(f.Tried) > mostTried {
		return nil, fmt.Errorf("it names %d things", len(f.Tried))
	}
	seen := map[display.Thing]bool{}
	for _, t := range f.Tried {
		if err := checkTried(t); err != nil {
			return nil, err
		}
		if seen[t.Thing] {
			return nil, fmt.Errorf("it names the %s %q twice", t.Kind, t.Name)
		}
		seen[t.Thing] = true
	}
	return f.Tried, nil
}

func checkTried(t display.Tried) error {
	switch t.Kind {
	case display.PrinterThing, display.ButtonThing, display.KeypadThing, display.PanelThing, display.StepThing, display.ChipThing:
	default:
		return fmt.Errorf("%q is no kind of thing", t.Kind)
	}
	switch t.Outcome {
	case display.TrialPrinted, display.TrialUnknown, display.TrialFailed, display.TrialCameOut, display.TrialNotOut, display.TrialPressed, display.StepLeft, display.LinesAgreed:
	default:
		return fmt.Errorf("%q is no outcome of a trial", t.Outcome)
	}
	if t.Name == "" || len(t.Name) > mostNameBytes || len(t.Who) > mostNameBytes || !utf8.ValidString(t.Name) {
		return fmt.Errorf("%.40q is no name of a %s", t.Name, t.Kind)
	}
	return nil
}

// loadWalk reads the file once. A damaged one is told and begun anew.
func (s *Store) loadWalk() {
	if s.walk.loaded {
		return
	}
	s.walk.loaded = true
	f, err := os.Open(s.path(walkName))
	if errors.Is(err, os.ErrNotExist) {
		return
	}
	var b []byte
	if err == nil {
		b, err = io.ReadAll(io.LimitReader(f, mostWalkBytes+1))
		f.Close()
	}
	if err == nil && len(b) > mostWalkBytes {
		err = fmt.Errorf("it has more than %d bytes", mostWalkBytes)
	}
	if err == nil {
		s.walk.tried, err = parseWalk(b)
	}
	if err != nil {
		s.walk.lost = true
		s.log.Error("what was tried before the first office cannot be read and is begun anew", "file", s.path(walkName), "err", err, "do", "try the devices again")
	}
}

// Tried is what was tried on the way to a first office, the first one first. Lost
// tells that what was kept could not be read.
func (s *Store) Tried() (all []display.Tried, lost bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loadWalk()
	return slices.Clone(s.walk.tried), s.walk.lost
}

// Try keeps the outcome of a trial in the place of an earlier one of the same thing.
func (s *Store) Try(t display.Tried) error {
	if err := checkTried(t); err != nil {
		return fmt.Errorf("keeping a trial: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loadWalk()
	tried := slices.Clone(s.walk.tried)
	if i := slices.IndexFunc(tried, func(x display.Tried) bool { return x.Thing == t.Thing }); i >= 0 {
		tried[i] = t
	} else if len(tried) == mostTried {
		return fmt.Errorf("keeping a trial: %d things were tried already; put the office in force", mostTried)
	} else {
		tried = append(tried, t)
	}
	if err := s.write(walkName, walkFile{layout, tried}); err != nil {
		return err
	}
	s.walk.tried = tried
	return nil
}

// endWalk throws away what was tried, since an office is in force.
func (s *Store) endWalk() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.walk = walked{loaded: true}
	if err := s.remove(walkName); err != nil {
		s.log.Warn("what was tried before the first office stays on disk", "err", err)
	}
}
