package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	config "eliminacode/firmware-config"
	"eliminacode/queue"
)

// rehearse runs the box's office with virtual printers, on data of its own: what
// is tried out stands in no report of the real office.
func (p program) rehearse(ctx context.Context, flags boxFlags, log *slog.Logger) (err error) {
	named := flags.data
	flags.data = "" // the rehearsal's, not the office's
	s, err := flags.settings(p.machine)
	if err != nil {
		return err
	}
	setup, err := rehearsed(ctx, s)
	if err != nil {
		return err
	}
	data, done, err := demoFolder(named)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	s.Data.Dir, s.Office.File = data, ""
	virtual, err := newVirtualPrinters(setup.Outlets, filepath.Join(data, "ports"), 1)
	if err != nil {
		return err
	}
	defer virtual.close()
	s.Printers = nil
	for _, v := range virtual.all {
		id := string(v.outlet.ID)
		s.Printers = append(s.Printers, config.Printer{Name: id, Port: v.port.Path(), Profile: virtualProfile, Baud: virtualBaud, Outlet: id})
	}
	a, err := p.box(s, "", log)
	if err != nil {
		return err
	}
	a.setup = func() (queue.Setup, error) { return setup, nil }
	a.pages.Papers = virtual
	// The hardware outlives the office, as real hardware does.
	unplug, unplugged := background(virtual.run)
	defer func() { unplug(); err = errors.Join(err, <-unplugged) }()
	return a.run(ctx)
}

// rehearsed is the office that is rehearsed: the one in force on the box, or else
// that of its file.
func rehearsed(ctx context.Context, s config.Settings) (setup queue.Setup, err error) {
	if _, err := os.Stat(journalDir(s.Data.Dir)); errors.Is(err, fs.ErrNotExist) {
		return readOffice(s.Office.File)
	}
	a, err := openArchive(ctx, s.Data.Dir)
	if err != nil {
		return setup, fmt.Errorf("reading the office in force: %w", err)
	}
	setup, err = a.Office(ctx)
	if err = errors.Join(err, a.Close()); err != nil {
		return setup, fmt.Errorf("reading the office in force: %w", err)
	}
	return setup, nil
}
