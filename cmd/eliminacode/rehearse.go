package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	config "eliminacode/firmware-config"
	"eliminacode/queue"
)

// rehearse runs the box's office with virtual printers, on data of its own: what
// is tried out stands in no report of the real office. Where there is no office it
// rehearses the way to a first one.
func (p program) rehearse(ctx context.Context, flags boxFlags, log *slog.Logger) (err error) {
	named := flags.data
	flags.data = "" // the rehearsal's, not the office's
	s, err := flags.settings(p.machine)
	if err != nil {
		return err
	}
	setup, err := officeInForce(ctx, s.Data.Dir)
	if errors.Is(err, errNoOffice) {
		setup, err = firstOffice(s)
	}
	first := errors.Is(err, errInBrowser)
	if err != nil && !first {
		return fmt.Errorf("reading the office to rehearse: %w", err)
	}
	data, done, err := demoFolder(named)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	if first {
		return p.rehearseFirst(ctx, data, s.Web.Listen, log)
	}
	s.Data.Dir, s.Office.File, s.Web.Staff = data, "", ""
	virtual, err := newVirtualPrinters(setup.Outlets, filepath.Join(data, "ports"), 1)
	if err != nil {
		return err
	}
	unplug := virtual.start()
	defer unplug()
	s.Printers = nil
	for _, v := range virtual.all {
		id := string(v.outlet.ID)
		s.Printers = append(s.Printers, config.Printer{Name: id, Port: v.port.Path(), Profile: virtualProfile, Baud: virtualBaud, Outlet: id})
	}
	look, log := p.rehearsalTechnician(s, log)
	a, err := p.box(s, "", log)
	if err != nil {
		return err
	}
	a.wiring = nil // the settings of the box are not the rehearsal's to change
	a.technician = look
	a.setup = func() (queue.Setup, error) { return setup, nil }
	a.pages.Papers, a.pages.Open = virtual, true
	return a.run(ctx)
}
