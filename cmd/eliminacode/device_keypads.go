package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"eliminacode/device"
	config "eliminacode/firmware-config"
	"eliminacode/queue/words"
)

func (p program) testKeypads() *cobra.Command {
	var length time.Duration
	c := boxCommand(&cobra.Command{
		Use:   "keypads",
		Short: "Show each key of the keypads and what it means",
		Long: "Show each key of the keypads, which keypad it came from and what it means, until the time is over or\n" +
			"Ctrl-C, and then which keypads were never heard (exit code 1). Nobody is called. The daemon must not\n" +
			"run: it holds the keypads.",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		h, err := p.wiredToTry(c.Context(), flags, "keypads", false)
		if err != nil {
			return err
		}
		if h.keypads == nil {
			return fmt.Errorf("the settings name no keypad; add a [[keypad]] for each")
		}
		ctx, cancel := context.WithTimeout(c.Context(), length)
		defer cancel()
		fmt.Fprintf(p.out, "Press keys on every keypad (%v, Ctrl-C ends).\n", length)
		return p.watchKeypads(ctx, h)
	})
	c.Flags().DurationVar(&length, "for", tryFor, "how long to watch")
	return c
}

// strayEvery is how often keypads are looked at for keys without a meaning.
const strayEvery = 100 * time.Millisecond

// watchKeypads tells each key until ctx ends, and then which keypads were
// never heard.
func (p program) watchKeypads(ctx context.Context, h *hardware) error {
	tell := teller(p.out)
	for _, k := range h.settings.Keypads {
		keymap, _ := h.settings.Keymap(k.Keymap)
		p.legend(fmt.Sprintf("%s (desk %s) at %s", k.Name, k.Desk, cmp.Or(k.Path, k.Port)), keymap)
	}
	keys := make(chan device.Key)
	ended := make(chan error, 1)
	go func() {
		ended <- h.keypads.Run(ctx, func(k device.Key) {
			select {
			case keys <- k:
			case <-ctx.Done():
			}
		})
	}()
	heard := map[string]int{}
	stray := newStrays(h.settings.Keypads)
	tick := time.NewTicker(strayEvery)
	defer tick.Stop()
	for over := false; !over; {
		select {
		case <-ctx.Done():
			over = true
		case k := <-keys:
			heard[k.Keypad]++
			stray.excuse(k)
			tell("%s: %s (%s)", k.Keypad, words.In("").Key(string(k.Code)), k.Code)
		case <-tick.C:
			for _, name := range stray.look(h.keypads.Status()) {
				tell("%s: a key to which its keymap gives no meaning", name)
			}
		}
	}
	err := <-ended
	var found []told
	for _, s := range h.keypads.Status() {
		f := health{Kind: "keypad", Status: s}.told()
		if heard[s.Name] > 0 {
			f.Found = many(heard[s.Name], "key")
		} else if f.State == stateOK {
			f.State, f.Found, f.Do = stateFail, "never heard", "press its keys; if it was pressed, look at the path in the settings: this may be another keypad"
		}
		found = append(found, f)
	}
	if told := p.tellAll(found); told != nil {
		return told
	}
	return err
}

// strays finds keys that the driver drops because they mean nothing: the keypad
// gives a sign of life and no key.
type strays struct {
	pads  map[string]bool      // those on USB: a serial keypad answers also without a key
	known map[string]time.Time // by keypad: the sign of life that is explained
	seen  map[string]time.Time // and the one that was there at the last look
}

func newStrays(keypads []config.Keypad) strays {
	s := strays{pads: map[string]bool{}, known: map[string]time.Time{}, seen: map[string]time.Time{}}
	for _, k := range keypads {
		s.pads[k.Name] = k.Port == ""
	}
	return s
}

// excuse explains the sign of life of a key that was reported.
func (s *strays) excuse(k device.Key) { s.known[k.Keypad] = k.At }

// look names the keypads with a sign of life that nothing has explained since
// the last look: a key is reported a moment after it. Opening a keypad is one
// too, so that the first is always excused.
func (s *strays) look(all []device.Status) (names []string) {
	for _, pad := range all {
		before, known := s.known[pad.Name]
		waited := pad.Seen.Equal(s.seen[pad.Name])
		s.seen[pad.Name] = pad.Seen
		if s.pads[pad.Name] && waited && pad.Seen.After(before) && pad.State == device.StateReady {
			s.known[pad.Name] = pad.Seen
			if known {
				names = append(names, pad.Name)
			}
		}
	}
	return names
}
