package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
)

// A clockReading is what the daemon says about the time.
type clockReading struct {
	Office string `json:"office"` // "2026-11-24 10:31:05", on the office's wall
	Zone   string `json:"zone"`
	Trust  string `json:"trust"` // "network", "person", "unconfirmed" or "wrong"
	// CorrectionMs is what is added to what the box reads.
	CorrectionMs int64 `json:"correction_ms"`
}

func (p program) clockCommand() *cobra.Command {
	c := boxCommand(&cobra.Command{
		Use:   "clock",
		Short: "Show the office's time and whether it can be relied on; set or confirm it",
		Long: "Show the office's time, and who says that it is right: the network, a person, or nobody. Without a network\n" +
			"somebody has to confirm or set it after a start; the pages of the staff offer the same.",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		return p.tellClock(c.Context(), flags, http.MethodGet, nil)
	})
	c.AddCommand(p.clockSet(), p.clockConfirm())
	return c
}

func (p program) clockSet() *cobra.Command {
	var sure bool
	set := boxCommand(&cobra.Command{
		Use:   "set [DATE] TIME",
		Short: "Say what time it is in the office",
		Long: "Say what time it is in the office, by a watch that is right: 10:31, 10:31:05 or 2026-11-24 10:31, in the\n" +
			"office's time zone. The running daemon corrects what the box reads; the box's own clock is left alone.\n" +
			"While the office is at work, a clock that is believed is moved by ten minutes or more with --sure alone.",
		Args: cobra.RangeArgs(1, 2),
	}, func(c *cobra.Command, flags boxFlags, args []string) error {
		return p.tellClock(c.Context(), flags, http.MethodPost, url.Values{
			"time": {strings.Join(args, " ")}, "sure": {strconv.FormatBool(sure)},
		})
	})
	set.Flags().BoolVar(&sure, "sure", false, "move a clock that is believed by ten minutes or more")
	return set
}

func (p program) clockConfirm() *cobra.Command {
	return boxCommand(&cobra.Command{
		Use:   "confirm",
		Short: "Say that the office's time is right as it is",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		return p.tellClock(c.Context(), flags, http.MethodPost, nil)
	})
}

// tellClock asks the daemon about its clock, or sets it, and prints the answer.
func (p program) tellClock(ctx context.Context, flags boxFlags, method string, q url.Values) error {
	var r clockReading
	if err := p.withDaemon(ctx, flags, "since the time is kept by it", func(d *daemon) (err error) {
		r, err = askJSON[clockReading](ctx, d, method, "/clock", q, nil)
		return err
	}); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "Office time: %s (%s)\n", r.Office, r.Zone)
	fmt.Fprintf(p.out, "%s\n", map[string]string{
		"network": "The network says that it is right.",
		"person":  "A person said that it is right.",
		"unconfirmed": "Nobody has said since the start that it is right: eliminacode clock confirm, or\n" +
			"eliminacode clock set 2026-11-24 10:31 with the right time.",
		"wrong": "It is wrong. Tickets are given all the same. Set it: eliminacode clock set 2026-11-24 10:31.",
	}[r.Trust])
	return nil
}

// clock is what the office's clock shows.
func (o *office) clock() (clockReading, error) {
	state, _ := o.Watch()
	now := o.Now()
	if !state.HasSetup() {
		return clockReading{}, queue.ErrNoSetup
	}
	wall, err := wallTime(state, now)
	if err != nil {
		return clockReading{}, err
	}
	r := clockReading{
		Office: wall.Format(time.DateTime), Zone: wall.Location().String(),
		CorrectionMs: state.CorrectionMs(), Trust: "unconfirmed",
	}
	switch {
	case state.ClockDoubtful(now):
		r.Trust = "wrong"
	case now.Synced:
		r.Trust = "network"
	case state.ClockSure(now):
		r.Trust = "person"
	}
	return r, nil
}

// setClock takes a person's word for what time it is; an empty text is that it
// is right as it is. Who is sure moves a clock that is believed by far.
func (o *office) setClock(ctx context.Context, text string, sure bool) (clockReading, error) {
	state, _ := o.Watch()
	c := queue.SetClock{By: queue.Cause{Kind: queue.ByTechnician}, CorrectionMs: state.CorrectionMs(), Sure: sure}
	if text != "" {
		now := o.Now()
		wall, err := wallTime(state, now)
		if err != nil {
			return clockReading{}, err
		}
		at, err := readTime(text, wall)
		if err != nil {
			return clockReading{}, err
		}
		c.CorrectionMs = at.UnixMilli() - now.Wall
	}
	after, events, err := o.Do(ctx, c)
	var jump queue.ClockJumpError
	if errors.As(err, &jump) {
		return clockReading{}, jumping(state, jump)
	}
	if err != nil {
		return clockReading{}, fmt.Errorf("setting the clock: %w", err)
	}
	o.noteDay(state, after, events)
	r, err := o.clock()
	if err == nil {
		o.log.Info("a person said what time it is", "office", r.Office, "correction_ms", r.CorrectionMs)
	}
	return r, err
}

// jumping says what a clock that is believed shows, and what it would.
func jumping(state *queue.State, jump queue.ClockJumpError) error {
	zone, err := calendar.Zone(state.Setup())
	if err != nil {
		return fmt.Errorf("finding the office's zone: %w", err)
	}
	wall := func(ms int64) string { return time.UnixMilli(ms).In(zone).Format(time.DateTime) }
	return fmt.Errorf("%w: it shows %s and would show %s; if the new time is right, repeat with --sure", queue.ErrClockJump, wall(jump.FromMs), wall(jump.ToMs))
}

// wallTime is what a right clock on the office's wall shows.
func wallTime(state *queue.State, now queue.Now) (time.Time, error) {
	zone, err := calendar.Zone(state.Setup())
	if err != nil {
		return time.Time{}, fmt.Errorf("finding the office's zone: %w", err)
	}
	return time.UnixMilli(state.OfficeTime(now)).In(zone), nil
}

// readTime reads a time of today, or of a date, in the zone of now.
func readTime(text string, now time.Time) (time.Time, error) {
	text = strings.Join(strings.Fields(strings.Replace(text, "T", " ", 1)), " ")
	today := func(minutes, seconds int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day(), 0, minutes, seconds, 0, now.Location())
	}
	if minutes, ok := queue.ReadHour(text); ok && minutes < 24*60 {
		return today(minutes, 0), nil
	}
	if t, err := time.Parse(time.TimeOnly, text); err == nil {
		return today(t.Hour()*60+t.Minute(), t.Second()), nil
	}
	for _, layout := range []string{"2006-01-02 15:04", time.DateTime} {
		if t, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time; write 10:31, 10:31:05 or 2026-11-24 10:31", text)
}
