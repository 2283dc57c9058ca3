package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	config "eliminacode/firmware-config"
)

// Rights that nobody has on what the box alone may read, and rights that the group of
// the service may have on what an administrator of the machine keeps for it.
const (
	othersRights fs.FileMode = 0o077
	worldRights  fs.FileMode = 0o007
)

// looseIn are the private folder of a data folder and what is in it, where others than
// its owner have any right on it. A folder that is not there, or that is closed to who
// asks, has none.
func looseIn(data string) (paths []string, err error) {
	err = filepath.WalkDir(filepath.Join(data, privateName), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() && !d.Type().IsRegular() {
			return nil // the rights of a link are those of what it names
		}
		info, err := d.Info()
		if err == nil && info.Mode()&othersRights != 0 {
			paths = append(paths, path)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		err = nil
	}
	return paths, err
}

// closeLoose takes all rights of others from the private folder and from what is in
// it, such as after a copy that was put back by hand. It answers what it closed.
func closeLoose(data string) (closed []string, err error) {
	paths, err := looseIn(data)
	for _, path := range paths {
		info, statErr := os.Lstat(path)
		if statErr != nil {
			err = errors.Join(err, statErr)
			continue
		}
		if chmodErr := os.Chmod(path, info.Mode().Perm()&^othersRights); chmodErr != nil {
			err = errors.Join(err, chmodErr)
			continue
		}
		closed = append(closed, path)
	}
	if err != nil {
		err = fmt.Errorf("closing the private folder to others: %w; it must belong to the user that the program runs as", err)
	}
	return closed, err
}

// guardPrivate closes the private folder to others and says so in the log.
func (a *app) guardPrivate() {
	closed, err := closeLoose(a.data)
	if len(closed) > 0 {
		a.log.Warn("others had rights on private files, and have none now", "files", strings.Join(closed, ", "),
			"do", "if somebody else can use this machine, change passwords, tokens and the key of the certificate")
	}
	if err != nil {
		a.log.Error("others have rights on private files", "err", err)
	}
}

// private looks who may read what is the box's own: accounts, keys of days, the key of
// the certificate, the secrets of webhooks and of the body's sign-in.
func (m machine) private(s config.Settings) (all []finding) {
	p := partOf("private")
	paths, err := looseIn(s.Data.Dir)
	if err != nil {
		return []finding{p.warn("private-unasked", "dir", filepath.Join(s.Data.Dir, privateName), "detail", err)}
	}
	if len(paths) > 0 {
		all = append(all, p.warn("private-open", "names", strings.Join(paths, ", "), "dir", filepath.Join(s.Data.Dir, privateName)))
	}
	for _, file := range []string{s.Web.Key, s.Web.OIDC.SecretFile} {
		if info, err := os.Stat(file); file != "" && err == nil && info.Mode()&worldRights != 0 {
			all = append(all, p.warn("secret-open", "file", file))
		}
	}
	if len(all) == 0 {
		if _, err := os.Stat(filepath.Join(s.Data.Dir, privateName)); err == nil {
			all = append(all, p.ok("private-closed"))
		}
	}
	return all
}
