package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path/filepath"

	"eliminacode/display/access/private"
)

// foundAccounts is what a running daemon tells of its accounts.
type foundAccounts struct {
	Unread []private.Unread `json:"unread"`
	Locked bool             `json:"locked"`
	Lost   string           `json:"lost,omitempty"` // why none can be read
}

func (o *office) foundAccounts() (found foundAccounts) {
	switch {
	case o.lost != nil:
		found.Lost = o.lost.Error()
	case o.access != nil:
		found.Unread, found.Locked = o.access.Unread(), o.access.Locked()
	}
	return found
}

// accounts looks for damaged accounts, screens and tokens; d is nil where no daemon runs.
func accounts(ctx context.Context, data string, d *daemon) []finding {
	p, file := partOf("accounts"), filepath.Join(data, privateName, accountsName)
	var found foundAccounts
	var err error
	if d != nil {
		found, err = askJSON[foundAccounts](ctx, d, "GET", "/accounts", nil, nil)
	} else {
		found.Unread, found.Locked, err = private.Look(file)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		found.Lost = err.Error()
	}
	if found.Lost != "" {
		return []finding{p.fail("accounts-damaged", "detail", found.Lost, "file", file)}
	}
	return foundRows(p, found, file)
}

// foundRows names each damaged row with what to do.
func foundRows(p part, found foundAccounts, file string) (all []finding) {
	if found.Locked {
		all = append(all, p.fail("accounts-locked", "file", file))
	}
	for _, u := range found.Unread {
		switch name := cmp.Or(u.Name, u.ID); u.Table {
		case "members":
			all = append(all, p.warn("row-members", "name", name))
		case "screens":
			all = append(all, p.warn("row-screens", "name", name))
		default:
			all = append(all, p.warn("row-tokens", "name", name))
		}
	}
	if len(all) == 0 {
		all = append(all, p.ok("accounts-good"))
	}
	return all
}
