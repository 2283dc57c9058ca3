package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"eliminacode/cmd/eliminacode/replace"
	"eliminacode/display/notify"
	"eliminacode/queue"
)

// hooksName is the file in the private folder where the webhooks are kept.
const hooksName = "webhooks.json"

// hooks are the webhooks of an office. A list that cannot be read is put aside and
// the office goes on without it.
func (a *app) hooks(o *office) *notify.Sender {
	path := filepath.Join(a.data, privateName, hooksName)
	s, err := notify.New(notify.Config{
		Events: o.archive, Watch: o.Watch, Zone: zoneNamed, Log: a.log,
		Read: func() ([]byte, error) {
			b, err := os.ReadFile(path)
			if errors.Is(err, fs.ErrNotExist) {
				return nil, nil
			}
			return b, err
		},
		Write: func(b []byte) error {
			if _, err := privateFolder(a.data); err != nil {
				return err
			}
			return replace.File(path, b)
		},
	})
	if err != nil {
		aside := path + ".damaged"
		a.log.Error("the list of webhooks cannot be read and is put aside; enter them again on the page /webhook", "file", aside, "err", err)
		if err := os.Rename(path, aside); err != nil {
			a.log.Error("the list of webhooks cannot be put aside", "err", err)
		}
	}
	return s
}

// zoneNamed is a time zone by its name; an unknown one is UTC.
func zoneNamed(name string) *time.Location {
	return zoneOf(queue.Setup{Office: queue.Office{Zone: name}})
}
