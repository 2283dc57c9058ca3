package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/change"
	"eliminacode/queue/journal"
)

// An officeEffect is what it means to put an office in force, in lines for a
// terminal.
type officeEffect struct {
	Changed []string `json:"changed"` // value by value, and who feels it
	Broken  []string `json:"broken"`  // what is left behind
	Refused string   `json:"refused"` // why the office would not take it now; may be empty
}

// effectOf works out what another office would mean now.
func (o *office) effectOf(setup queue.Setup) officeEffect {
	state, _ := o.Watch()
	now := o.Now()
	of := change.Of(state, now, setup)
	e := officeEffect{Broken: left(of)}
	if of.Refused != nil {
		e.Refused = of.Refused.Error()
	}
	facts := change.Facts(setup)
	for _, d := range of.Differences {
		line := differenceLine(d)
		if d.Added() {
			line += factsOf(facts[d.Thing])
		}
		e.Changed = append(e.Changed, line)
	}
	if of.WeekBefore != of.WeekAfter {
		e.Changed = append(e.Changed, fmt.Sprintf("the week has %s instead of %s", inHours(of.WeekAfter), inHours(of.WeekBefore)))
	}
	e.Changed = append(e.Changed, feltLines(of, state, now)...)
	if o.misfits == nil {
		return e
	}
	old := inEnglish(o.misfits(state.Setup()))
	for _, f := range inEnglish(o.misfits(setup)) {
		if !slices.Contains(old, f) {
			e.Broken = append(e.Broken, f.Found+"; "+f.Do)
		}
	}
	return e
}

// left is who is served by what would no longer be there.
func left(e change.Effect) (all []string) {
	for _, f := range e.Waiting {
		if f.Removed {
			all = append(all, fmt.Sprintf("service %q is gone, and %s for it; the desks that served it still call who waits", f.Service, manyAs(f.People, "person waits", "people wait")))
		}
	}
	for _, d := range e.Desks {
		if d.Removed {
			all = append(all, fmt.Sprintf("desk %q is gone while it is open; it closes when it holds no ticket", d.Desk))
		}
	}
	return all
}

// feltLines are what changes for those who wait now.
func feltLines(e change.Effect, state *queue.State, now queue.Now) (all []string) {
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	zone := zoneOf(state.Setup())
	clock := func(ms int64) string { return time.UnixMilli(ms).In(zone).Format("15:04") }
	if x := e.Turn; x != nil {
		moment := func(ms int64) string { return time.UnixMilli(ms).In(x.Zone).Format("2006-01-02 15:04") }
		say("it is %s then, on the day of %s; the open day stays that of %s until %s, when that of %s begins with the first numbers",
			moment(state.OfficeTime(now)), x.After, x.Before, moment(x.Ends), x.Next)
	}
	for _, f := range e.Waiting {
		who := manyAs(f.People, "person waits", "people wait") + fmt.Sprintf(" for %q", f.Service)
		if f.Stops {
			again := ""
			if f.Opens != 0 {
				again = " until " + clock(f.Opens)
			}
			if f.Why != nil {
				again = ": " + f.Why.Error()
			}
			say("service %q gives no numbers from now on%s", f.Service, again)
		}
		if f.Expired > 0 {
			say("%s: %s at once", who, manyAs(f.Expired, "expires", "expire"))
		}
		if f.Uncalled && f.People > f.Expired {
			say("%s: nobody is called any more", who)
		}
		if f.DesksBefore != f.DesksAfter {
			say("%s: %s it instead of %d", who, manyAs(f.DesksAfter, "open desk serves", "open desks serve"), f.DesksBefore)
		}
		if f.StandardBefore != f.StandardAfter {
			say("%s: the standard is %s instead of %s", who, time.Duration(f.StandardAfter)*time.Millisecond, time.Duration(f.StandardBefore)*time.Millisecond)
		}
		if f.Sooner+f.Later > 0 {
			say("%s: %s sooner, %d later", who, manyAs(f.Sooner, "comes", "come"), f.Later)
		}
		if f.ExpireBefore != f.ExpireAfter && f.ExpireAfter != 0 {
			say("%s: who is left expires at %s instead of %s", who, clock(f.ExpireAfter), clock(f.ExpireBefore))
		}
	}
	for _, x := range e.Asks {
		if x.Service != "" {
			say("%s for %q, and no open desk would serve it; --sure is needed", manyAs(x.Waiting, "person waits", "people wait"), x.Service)
		} else {
			say("desk %q would serve nothing; --sure is needed", x.Desk)
		}
	}
	for _, x := range e.Stranded {
		lack := "its service is not open then"
		switch {
		case x.Removed:
			lack = "its service is gone"
		case x.DeskRemoved:
			lack = fmt.Sprintf("its desk %q is gone", x.Desk)
		}
		say("the appointment of today at %s for %q cannot be kept: %s", clock(x.DueAt), x.Service, lack)
	}
	for _, d := range e.Desks {
		if !d.Removed {
			say("desk %q calls %s next instead of %s", d.Desk, orNobody(d.After), orNobody(d.Before))
		}
	}
	return all
}

func orNobody(number string) string {
	if number == "" {
		return "nobody"
	}
	return number
}

func differenceLine(d change.Difference) string {
	switch {
	case d.Added():
		return fmt.Sprintf("%s is new: %s", d.Thing, d.After)
	case d.Removed():
		return fmt.Sprintf("%s is gone: %s", d.Thing, d.Before)
	default:
		return fmt.Sprintf("%s: %s is %q instead of %q", d.Thing, d.Inner, d.After, d.Before)
	}
}

// factsOf are the values of a new thing that are worth a check, as the file has them.
func factsOf(facts []change.Difference) string {
	if len(facts) == 0 {
		return ""
	}
	said := make([]string, len(facts))
	for i, d := range facts {
		said[i] = fmt.Sprintf("%s is %q", d.Inner, d.After)
		if d.After == "" {
			said[i] = "closed all day"
		}
	}
	return " (" + strings.Join(said, ", ") + ")"
}

func inHours(minutes int) string { return fmt.Sprintf("%d h %02d min", minutes/60, minutes%60) }

// PutInForce puts a setup in force from now on, with today's plan by it, and
// tells the log what it breaks. What leaves people without an open desk is refused with
// queue.ErrUnattended unless somebody is sure.
func (o *office) PutInForce(ctx context.Context, by queue.CauseKind, setup queue.Setup, sure bool) error {
	state, _ := o.Watch()
	plan, err := calendar.Plan(setup, state.OfficeTime(o.Now()))
	if err != nil {
		return fmt.Errorf("planning today: %w", err)
	}
	e := o.effectOf(setup)
	_, _, err = o.Do(ctx, queue.ChangeSetup{By: queue.Cause{Kind: by}, Setup: setup, Plan: plan, Sure: sure})
	if errors.Is(err, journal.ErrTooLong) {
		return fmt.Errorf("%w: %w; shorten the office's texts", queue.ErrSetupTooLong, err)
	} else if err != nil {
		return err
	}
	o.log.Info("the office is changed", "body", setup.Office.Body, "services", len(setup.Services), "desks", len(setup.Desks))
	for _, b := range e.Broken {
		o.log.Warn("the change of the office breaks something", "what", b)
	}
	return nil
}
