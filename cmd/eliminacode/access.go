package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"eliminacode/device"
	"eliminacode/device/clock"
	"eliminacode/display"
	"eliminacode/display/access"
	"eliminacode/display/access/private"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// privateName is the folder in the data folder of what is the office's own and no
// backup's: accounts, the keys of open days, the box's certificate.
const privateName = "private"

// privateFolder makes that folder, which nobody but the service's user may read.
func privateFolder(data string) (string, error) {
	dir := filepath.Join(data, privateName)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("making the private folder: %w; give the service's user the right to write in the data folder", err)
	}
	return dir, nil
}

// admit opens the accounts of the office; done closes them. Where they cannot be
// read the queue goes on: buttons, keypads and printers need no account. Where
// nobody is asked who it is, administrators try the accounts that nobody uses.
func (a *app) admit(o *office) (done func() error) {
	a.guardPrivate()
	store, err := openAccounts(a.data, private.Options{Log: a.log, KeepAudit: a.keepAudit, Office: o.shown})
	if err == nil && a.pages.Open {
		a.pages.Administration = store
		return store.Close
	}
	if err != nil {
		a.log.Error("nobody can sign in", "err", err)
		a.pages.Access, o.lost = display.LostAccess{}, err
		return func() error { return nil }
	}
	o.access, a.pages.Access, a.pages.Administration = store, store, store
	if a.aside != "" {
		if err := store.Note(time.Now(), onTheBox, "access.aside", "", nil, map[string]string{"file": a.aside}); err != nil {
			a.log.Error("an act is not in the audit list", "what", "access.aside", "err", err)
		}
	}
	return store.Close
}

// mostToCompare is how many acts may have come after one that a save has noted already.
const mostToCompare = 50

// noted puts an act into the audit list unless it stands there after the sequence that
// the act has: the program may have been cut off after it was noted.
func (a *app) noted(e access.Entry) error {
	list := a.pages.Administration
	if list == nil {
		return nil
	}
	newest, err := list.AuditBefore(0, mostToCompare)
	if err != nil {
		return err
	}
	for _, x := range newest {
		if x.Seq > e.Seq && x.What == e.What && x.Who == e.Who {
			return nil
		}
	}
	return list.Note(e.At, e.Who, e.What, e.On, e.Before, e.After)
}

// accountsName is the file of the accounts in the private folder.
const accountsName = "access.db"

// errAccessAnew ends a run, since damaged accounts are to be begun anew.
var errAccessAnew = errors.New("the accounts are begun anew")

// damagedAccess tells that what is in the file of the accounts is not what was written,
// and that nobody can mend it on the pages.
func (o *office) damagedAccess() bool {
	return errors.Is(o.lost, private.ErrDamaged) || o.access != nil && (o.access.Damaged() || o.access.Locked())
}

// askAnew is a technician's grip on a box whose accounts are damaged: it has the box
// start again with new ones. It answers false where they are not, or the program does
// not start again by itself.
func (o *office) askAnew() bool {
	if o.anew == nil || !o.damagedAccess() {
		return false
	}
	o.log.Warn("a technician has damaged accounts begun anew")
	nudge(o.anew)
	return true
}

// accessAnew sets the accounts of a data folder aside where they are damaged, and
// answers where they are now; empty where they can be read, or an administrator can mend
// them.
func accessAnew(data string) (aside string, err error) {
	store, err := openAccounts(data, private.Options{})
	if err == nil {
		locked := store.Locked()
		if err := store.Close(); err != nil || !locked {
			return "", err
		}
	} else if !errors.Is(err, private.ErrDamaged) {
		return "", err
	}
	return private.SetAside(filepath.Join(data, privateName, accountsName), time.Now())
}

// shown is what the office's clock shows now.
func (o *office) shown(time.Time) time.Time {
	state, _ := o.Watch()
	return time.UnixMilli(state.OfficeTime(o.Now()))
}

func openAccounts(data string, options private.Options) (*private.Store, error) {
	dir, err := privateFolder(data)
	if err != nil {
		return nil, err
	}
	// That of a demonstration runs faster, and people do not.
	system, err := clock.NewSystem()
	if err != nil {
		return nil, err
	}
	options.Clock = func(now time.Time) queue.Now {
		read := queue.Now(system.Read())
		read.Wall = now.UnixMilli()
		return read
	}
	return private.Open(filepath.Join(dir, accountsName), options)
}

// keepDayKeys destroys the key of each day that has closed, until ctx ends: from
// then on nobody can tell who was at a desk.
func keepDayKeys(ctx context.Context, o *office, store *private.Store) {
	for kept := -1; ; {
		state, newer := o.Watch()
		open := 0
		if day := state.Day(); day.Open {
			open = day.Ordinal
		}
		if open != kept {
			kept = open
			if err := store.DestroyBut(open); err != nil {
				o.log.Error("a key of a closed day is still there", "err", err, "do", "look at the room and the rights of the data folder")
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-newer:
		}
	}
}

// note puts into the audit list what somebody changed by a command on the box. It
// is done already: a list that takes nothing is told in the log.
func (o *office) note(what, command string) {
	if o.access == nil {
		return
	}
	if err := o.access.Note(time.Now(), onTheBox, what, "", nil, map[string]string{"why": command}); err != nil {
		o.log.Error("an act is not in the audit list", "what", what, "err", err)
	}
}

// noteDay puts into it what somebody decided about the open day on the box.
func (o *office) noteDay(before, after *queue.State, events []queue.Event) {
	if o.access == nil {
		return
	}
	for _, a := range display.DayActs(before, after, events) {
		was, is := a.Sides()
		if err := o.access.Note(time.Now(), onTheBox, a.What, a.On, was, is); err != nil {
			o.log.Error("an act is not in the audit list", "what", a.What, "err", err)
		}
	}
}

// printWait is how long the box waits for a printer to become ready before it
// tells the first code on its console.
const printWait = 30 * time.Second

// tellFirstCode prints the code that makes the first administrator, and tells it
// on the console when no printer has it on paper.
func (a *app) tellFirstCode(ctx context.Context, o *office, say func(string)) error {
	if !o.access.NeedsFirst() {
		return nil
	}
	if outlet, ok := printers(a.bridge.Printers).ready(ctx, ""); ok {
		switch paper, err := o.hardware.StatusSlip(ctx, outlet); {
		case paper == queue.PaperPrinted:
			say("The code that makes the first administrator came out of the ticket printer.")
			return nil
		case err != nil && !errors.Is(err, context.Canceled):
			o.log.Warn("the code of the first administrator is not on paper", "err", err)
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	return sayFirstCode(ctx, o.access, o.onSlip.Load(), opened(o.address, ownAddresses()), say)
}

// answerGrip is a technician's grip on buttons that no setting names: the state of the
// box comes out of a printer that works, since no button says which. Where none has it
// on paper, the console tells a new code of the first administrator.
func (a *app) answerGrip(ctx context.Context, o *office, held []string, say func(string)) error {
	o.log.Info("a technician asks for the state of the box", "buttons", held)
	if o.askAnew() {
		return nil
	}
	var code *access.OneTimeCode
	if outlet, ok := printers(a.bridge.Printers).now(""); ok {
		paper, err := o.hardware.StatusSlip(ctx, outlet)
		if paper == queue.PaperPrinted {
			return nil
		}
		o.log.Warn("the state of the box was not printed", "outlet", outlet, "err", err)
		code = o.onSlip.Load()
	}
	if o.access == nil || !o.access.NeedsFirst() {
		return nil
	}
	return sayFirstCode(ctx, o.access, code, opened(o.address, ownAddresses()), say)
}

// sayFirstCode tells the code of the first administrator on the console: that of a
// slip that nobody has confirmed, since it may be out, or else a new one.
func sayFirstCode(ctx context.Context, store *private.Store, code *access.OneTimeCode, address string, say func(string)) error {
	if code == nil {
		made, err := store.PrintCode(ctx, time.Now())
		if err != nil {
			return fmt.Errorf("making the code of the first administrator: %w", err)
		}
		code = &made
	}
	say(fmt.Sprintf("Nobody can sign in yet: open %s and write the code %s within 30 minutes; a restart gives another.",
		address+"/primo-accesso", access.SpellCode(code.Code)))
	return nil
}

// printers are those of the box, by their outlets.
type printers map[queue.OutletID]device.Printer

// now is an outlet whose printer can print; of several the preferred one.
func (p printers) now(preferred queue.OutletID) (queue.OutletID, bool) {
	outlets := slices.Sorted(maps.Keys(p))
	if i := slices.Index(outlets, preferred); i > 0 {
		outlets = slices.Insert(slices.Delete(outlets, i, i+1), 0, preferred)
	}
	i := slices.IndexFunc(outlets, func(o queue.OutletID) bool { return works(p[o].Status().State) })
	if i < 0 {
		return "", false
	}
	return outlets[i], true
}

// ready is now, and waits a little for a printer that can print, if there is any.
func (p printers) ready(ctx context.Context, preferred queue.OutletID) (queue.OutletID, bool) {
	patience := time.NewTimer(printWait)
	defer patience.Stop()
	for len(p) > 0 {
		if outlet, ok := p.now(preferred); ok {
			return outlet, true
		}
		select {
		case <-ctx.Done():
			return "", false
		case <-patience.C:
			return "", false
		case <-time.After(time.Second):
		}
	}
	return "", false
}

// works tells whether a printer can print now.
func works(s device.State) bool { return s == device.StateReady || s == device.StateDegraded }

// addCode adds to what the box says of itself a one-time code: that of the first
// administrator, or one with which an administrator chooses a new password.
func (o *office) addCode(ctx context.Context, box *words.BoxStatus) error {
	first := o.access.NeedsFirst()
	code, err := o.access.PrintCode(ctx, time.Now())
	if err != nil {
		return fmt.Errorf("making a one-time code: %w", err)
	}
	o.onSlip.Store(&code)
	box.Code, box.First = access.SpellCode(code.Code), first
	page := "/codice"
	if first {
		page = "/primo-accesso"
	}
	base := box.Staff
	if base == "" {
		base = box.Address
	}
	if base != "" {
		box.CodeAddress = base + page + "?" + url.Values{"codice": {code.Code}}.Encode()
	}
	return nil
}
