package rig

import (
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ModuleOrder finds the modules of these names and all that they need below
// dir, a folder such as /lib/modules/6.1.0, in the order in which they must be
// loaded. What each needs stands in the modules themselves.
func ModuleOrder(dir string, names ...string) ([]string, error) {
	l := &loader{files: map[string]string{}, done: map[string]bool{}}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if name, ok := strings.CutSuffix(filepath.Base(path), ".ko"); ok {
			l.files[plain(name)] = path
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	builtin, err := os.ReadFile(filepath.Join(dir, "modules.builtin"))
	if err != nil {
		return nil, err
	}
	for _, path := range strings.Fields(string(builtin)) {
		l.done[plain(strings.TrimSuffix(filepath.Base(path), ".ko"))] = true
	}
	for _, name := range names {
		if err := l.add(plain(name)); err != nil {
			return nil, err
		}
	}
	return l.order, nil
}

// plain is a module's name as the kernel compares it.
func plain(name string) string { return strings.ReplaceAll(name, "-", "_") }

type loader struct {
	files map[string]string
	done  map[string]bool
	order []string
}

func (l *loader) add(name string) error {
	if l.done[name] {
		return nil
	}
	l.done[name] = true
	path, ok := l.files[name]
	if !ok {
		return fmt.Errorf("the kernel has no module %s", name)
	}
	needs, err := needsOf(path)
	if err != nil {
		return fmt.Errorf("reading module %s: %w", name, err)
	}
	for _, n := range needs {
		if err := l.add(plain(n)); err != nil {
			return err
		}
	}
	l.order = append(l.order, path)
	return nil
}

// needsOf reads what a module depends on.
func needsOf(path string) ([]string, error) {
	f, err := elf.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	section := f.Section(".modinfo")
	if section == nil {
		return nil, errors.New("it says nothing of itself")
	}
	info, err := section.Data()
	if err != nil {
		return nil, err
	}
	for _, line := range strings.Split(string(info), "\x00") {
		if list, ok := strings.CutPrefix(line, "depends="); ok && list != "" {
			return strings.Split(list, ","), nil
		}
	}
	return nil, nil
}
