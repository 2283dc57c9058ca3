package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"eliminacode/queue"
)

// What a technician at the box may do about the open day, as the manager does on
// the page: the running daemon carries it out.

func (p program) suspendCommand() *cobra.Command {
	var why string
	c := p.liveCommand("suspend", "Suspend the office: no numbers are given or called until it is resumed",
		"Suspend the office, as in an alarm: no numbers are given or called, and the boards say so, until it is resumed.\n"+
			"The reasons are alarm, assembly, blackout, fault and illness.",
		"The office is suspended. When it goes on: eliminacode resume", 0,
		func([]string) url.Values { return url.Values{"why": {why}} })
	c.Flags().StringVar(&why, "why", queue.WhyAlarm, "the reason")
	return c
}

func (p program) resumeCommand() *cobra.Command {
	return p.liveCommand("resume", "Resume a suspended office", "", "The office goes on.", 0, nil)
}

func (p program) serviceCommand() *cobra.Command {
	var why string
	stop := p.liveCommand("stop SERVICE", "Give no more tickets of a service today, until it is reopened",
		"Give no more tickets of a service today, until it is reopened; who has one is served. SERVICE is its id in the office's file.\n"+
			"The reasons are staff, fault and crowd.",
		"The service gives no more tickets.", 1,
		func(args []string) url.Values { return url.Values{"service": args, "why": {why}} })
	stop.Flags().StringVar(&why, "why", queue.StopReasons[0], "the reason")
	reopen := p.liveCommand("reopen SERVICE", "Give tickets of a stopped service again",
		"", "The service gives tickets again, in its hours.", 1,
		func(args []string) url.Values { return url.Values{"service": args} })
	return commandGroup("service", "Stop and reopen a service for today", "", stop, reopen)
}

func (p program) seriesCommand() *cobra.Command {
	var again bool
	restart := p.liveCommand("restart SERIES NUMBER", "Go on from a number, as after a roll of paper numbers",
		"Go on from a number, such as 58 for A058, as after a roll of paper numbers. SERIES is its id in the office's file.\n"+
			"It is recorded. A number that somebody can still use is refused; other numbers of today are given again with --again alone.",
		"The series goes on from there.", 2,
		func(args []string) url.Values {
			return url.Values{"series": args[:1], "from": args[1:], "again": {strconv.FormatBool(again)}}
		})
	restart.Flags().BoolVar(&again, "again", false, "give numbers of today again that nobody can use any more")
	return commandGroup("series", "Let the numbers of a series go on from another one", "", restart)
}

// liveCommand is a command that the daemon carries out by the same name.
func (p program) liveCommand(use, short, long, done string, args int, fields func(args []string) url.Values) *cobra.Command {
	return boxCommand(&cobra.Command{Use: use, Short: short, Long: long, Args: cobra.ExactArgs(args)},
		func(c *cobra.Command, flags boxFlags, args []string) error {
			q := url.Values{}
			if fields != nil {
				q = fields(args)
			}
			q.Set("do", c.Name())
			said := ""
			if err := p.withDaemon(c.Context(), flags, "since the open day is kept by it", func(d *daemon) (err error) {
				said, err = askJSON[string](c.Context(), d, http.MethodPost, "/live", q, nil)
				return err
			}); err != nil {
				return err
			}
			fmt.Fprintln(p.out, cmp.Or(said, done))
			return nil
		})
}

// live carries out what liveCommand asks for. It answers with a sentence where there
// is more to say than that it was done.
func (o *office) live(ctx context.Context, q url.Values) (string, error) {
	c, err := liveOf(q)
	if err != nil {
		return "", err
	}
	before, _ := o.Watch()
	after, events, err := o.Do(ctx, c)
	if err != nil {
		return "", err
	}
	o.noteDay(before, after, events)
	o.log.Info("done from the command line", "do", q.Get("do"))
	if again, ok := c.(queue.RestartSeries); ok {
		return goesOn(after, again), nil
	}
	return "", nil
}

// goesOn says which number a series gives after it was told to go on from one.
func goesOn(state *queue.State, again queue.RestartSeries) string {
	switch next, ok := state.NextNumber(again.Series, state.LastNow()); {
	case !ok:
		return "The series has no number left today: each is in somebody's hand or reserved; cancel at the reception the tickets of people who have left."
	case next.Value != again.From:
		return fmt.Sprintf("The numbers from %d on are in somebody's hand or reserved: the next ticket is %s.", again.From, next.Text)
	default:
		return fmt.Sprintf("The series goes on from there: the next ticket is %s.", next.Text)
	}
}

func liveOf(q url.Values) (queue.Command, error) {
	by := queue.Cause{Kind: queue.ByTechnician}
	service := queue.ServiceID(q.Get("service"))
	why := q.Get("why")
	switch q.Get("do") {
	case "suspend":
		if err := reasonOf(why, queue.SuspensionReasons[:]); err != nil {
			return nil, err
		}
		return queue.SuspendOffice{By: by, Why: why}, nil
	case "resume":
		return queue.ResumeOffice{By: by}, nil
	case "stop":
		if err := reasonOf(why, queue.StopReasons[:]); err != nil {
			return nil, err
		}
		return queue.StopService{By: by, Service: service, Why: why}, nil
	case "reopen":
		return queue.ReopenService{By: by, Service: service}, nil
	case "restart":
		from, err := strconv.Atoi(q.Get("from"))
		if err != nil {
			return nil, fmt.Errorf("%q is not a number; write the digits alone, such as 58", q.Get("from"))
		}
		return queue.RestartSeries{By: by, Series: queue.SeriesID(q.Get("series")), From: from, Again: q.Get("again") == "true"}, nil
	default:
		return nil, fmt.Errorf("nothing is called %q; is the daemon of another version?", q.Get("do"))
	}
}

func reasonOf(why string, offered []string) error {
	if !slices.Contains(offered, why) {
		return fmt.Errorf("%q is no reason; use one of %v", why, offered)
	}
	return nil
}
