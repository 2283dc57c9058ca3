package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"eliminacode/cmd/eliminacode/certificate"
	"eliminacode/device/clock"
	"eliminacode/display"
	"eliminacode/display/access/private"
	config "eliminacode/firmware-config"
	"eliminacode/firmware-config/tomlfile"
	"eliminacode/queue"
	"eliminacode/queue/journal"
)

// A box whose settings are wrong, or whose office is not there or damaged, is out of
// service, and nobody may be there who sees its console. Its pages say so until that
// is mended; then the office starts by itself.

// A faultyFile is a start that fails on what a file says, on an office that is not
// where it belongs, or on damaged data, which somebody can mend while the program waits.
type faultyFile struct {
	error
	path    string // of the file
	missing display.Missing
	damaged bool // the office's data; a copy may be put back
}

func (f faultyFile) Unwrap() error { return f.error }

// faults are what is wrong, one by one.
func (f faultyFile) faults() (all []display.StopFault) {
	var complaints tomlfile.Complaints
	if !errors.As(f.error, &complaints) {
		return []display.StopFault{{File: f.path, Problem: f.Error(), Missing: f.missing, Damaged: f.damaged}}
	}
	for _, c := range complaints {
		all = append(all, display.StopFault{File: f.path, Line: c.Line, Column: c.Column, Key: c.Key, Problem: c.Problem, Do: c.Remedy})
	}
	return all
}

// unreadable is a start that fails on a journal: what a copy mends is a faultyFile.
func unreadable(data string, err error) error {
	var damage *journal.DamageError
	switch {
	case errors.As(err, &damage):
		return faultyFile{error: err, path: filepath.Join(journalDir(data), damage.File), damaged: true}
	case errors.Is(err, journal.ErrMissing):
		return faultyFile{error: err, path: journalDir(data), damaged: true}
	}
	return err
}

// journalFiles are the files of a journal as they lie, to see whether somebody has
// mended it.
func journalFiles(data string) (all []string) {
	_ = filepath.WalkDir(journalDir(data), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // what is not there is no file
		}
		if info, err := d.Info(); err == nil && !d.IsDir() {
			all = append(all, fmt.Sprint(path, info.Size(), info.ModTime().UnixNano()))
		}
		return nil
	})
	return all
}

// mendedEvery is how often a file that is to be mended is read again.
const mendedEvery = 2 * time.Second

// runBox runs the office of the box, after what is wrong with its files was mended.
func (p program) runBox(ctx context.Context, flags boxFlags, gpioErr error, log *slog.Logger) error {
	found := &copies{machine: p.machine, chosen: make(chan putBackError, 1), shown: make(chan struct{}, 1), taking: make(chan struct{}, 1)}
	before := &pressedBefore{}
	for {
		a, err := p.ready(flags, gpioErr, log)
		if err == nil {
			found.data, a.wiring.before = a.data, before
			a.offer(found)
			err = a.run(ctx)
		}
		var faulty faultyFile
		if errors.As(err, &faulty) && ctx.Err() == nil {
			if err = p.stopped(ctx, flags, faulty, found, log); err == nil && ctx.Err() == nil {
				continue
			}
		}
		if !p.restart(ctx, found, err) {
			return err
		}
	}
}

// offer lets a copy be put back from the pages, and damaged accounts be begun anew by
// a technician's grip.
func (a *app) offer(found *copies) {
	a.pages.Copies = found
	if found.times > 0 {
		// What open pages know is of another journal, or of other devices.
		a.pages.Edition = fmt.Sprintf("-%d", found.times)
	}
	a.beside = append(a.beside, found.run)
	a.anew, a.aside = make(chan struct{}, 1), found.aside
	found.aside = ""
	a.beside = append(a.beside, func(ctx context.Context, _ *office) error {
		select {
		case <-ctx.Done():
			return nil
		case <-a.anew:
			return errAccessAnew
		}
	})
}

// stopped tells on the console and on the pages why the office cannot start. It
// returns when ctx ends, or when it no longer is a file that keeps the office from
// starting, with a putBackError when a copy is to be put back in place of damaged data.
func (p program) stopped(ctx context.Context, flags boxFlags, faulty faultyFile, found *copies, log *slog.Logger) (err error) {
	fmt.Fprintf(p.errs, "eliminacode: the office cannot start\n%v\nMend it: the office then starts by itself.\n", faulty.error)
	s := flags.salvaged(p.machine)
	listener, err := listenPages(s.Web.Listen, p.tellTaken, log)
	if err != nil {
		return err
	}
	defer listener.Close()
	system, err := clock.NewSystem()
	if err != nil {
		return err
	}
	cfg := display.Config{Access: display.LostAccess{}, Hosts: p.machine.names(s.Web.Public), Build: buildVersion(), Log: log}
	if faulty.damaged {
		cfg.Copies = found
	}
	store, secure, err := p.salvagedAccess(s, &cfg, log)
	if err != nil {
		log.Warn("who signs in cannot read why the office does not start", "err", err)
	}
	if store != nil {
		defer func() { err = errors.Join(err, store.Close()) }()
	}
	if secure != nil {
		defer secure.Close()
	}
	var why atomic.Pointer[faultyFile]
	why.Store(&faulty)
	server, err := display.NewStopped(cfg, func() queue.Now { return queue.Now(system.Read()) },
		func() []display.StopFault { return why.Load().faults() })
	if err != nil {
		return err
	}
	address := opened("http://"+listener.Addr().String(), ownAddresses())
	open := whenOpen(listener)
	answers := func() {
		fmt.Fprintf(p.out, "eliminacode %s answers on %s, out of service\n", buildVersion(), address)
	}
	if awaited(listener) == "" {
		answers()
	}
	if store != nil && store.NeedsFirst() {
		if err := sayFirstCode(ctx, store, nil, address, func(text string) { fmt.Fprintln(p.out, text) }); err != nil {
			log.Error("nobody can sign in yet", "err", err)
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	var looking sync.WaitGroup
	defer looking.Wait()
	defer cancel()
	if awaited(listener) != "" {
		looking.Go(func() {
			select {
			case <-open:
				answers()
			case <-ctx.Done():
			}
		})
	}
	var chosen error
	var lay []string
	if faulty.damaged {
		lay = journalFiles(found.data)
		looking.Go(func() {
			select {
			case <-ctx.Done():
			case asked := <-found.chosen:
				waitShown(ctx, found.shown)
				chosen = asked
				cancel()
			}
		})
	}
	looking.Go(func() {
		defer cancel()
		for rest(ctx, mendedEvery); ctx.Err() == nil; rest(ctx, mendedEvery) {
			if faulty.damaged && slices.Equal(lay, journalFiles(found.data)) {
				continue
			}
			_, err := p.ready(flags, nil, slog.New(slog.DiscardHandler))
			var still faultyFile
			if !errors.As(err, &still) {
				return
			}
			if still.Error() != why.Load().Error() {
				log.Warn("the office cannot start yet", "err", still.error)
				why.Store(&still)
			}
		}
	})
	err = server.Serve(ctx, listener, secure)
	cancel()
	looking.Wait()
	return errors.Join(err, chosen)
}

// salvaged are the settings as far as they can be used.
func (f boxFlags) salvaged(m machine) config.Settings {
	path, err := f.file(m)
	if err != nil || path == "" {
		return f.over(config.Default(), "")
	}
	file, err := os.Open(path)
	if err != nil {
		return f.over(config.Default(), path)
	}
	defer file.Close()
	// What cannot be read to its end may still say where the pages are.
	data, _ := io.ReadAll(io.LimitReader(file, tomlfile.MaxBytes))
	return f.over(config.Salvage(path, data), path)
}

// salvagedAccess opens what lets the staff in, where the data folder is known to be
// an office's. Both results may be nil.
func (p program) salvagedAccess(s config.Settings, cfg *display.Config, log *slog.Logger) (store *private.Store, secure net.Listener, err error) {
	_, begun := os.Lstat(filepath.Join(s.Data.Dir, newOfficeMark))
	if isDemo(s.Data.Dir) || p.machine.mounted(s.Data.Dir) != nil || begun != nil && !journal.Holds(journalDir(s.Data.Dir)) {
		return nil, nil, nil
	}
	if store, err = openAccounts(s.Data.Dir, private.Options{Log: log}); err != nil {
		return nil, nil, err
	}
	cfg.Access = store
	if secure, err = listenStaff(s.Web.Staff, log); secure == nil {
		return store, nil, err
	}
	kept, err := openCertificate(certificate.Config{Certificate: s.Web.Certificate, Key: s.Web.Key, Now: time.Now, Log: log}, s.Data.Dir, s.Web.Public)
	if err != nil {
		secure.Close()
		return store, nil, err
	}
	cfg.TLS = kept.TLS()
	_, cfg.StaffPort, _ = net.SplitHostPort(secure.Addr().String())
	return store, secure, nil
}
