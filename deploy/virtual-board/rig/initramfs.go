package rig

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
)

// A Content is a file of the first file system: Path there, and From on the
// host or Data.
type Content struct {
	Path string
	From string
	Data []byte
}

// BuildInitramfs writes the file system that the kernel unpacks into memory:
// contents, the modules in the order in which they are to be loaded with
// /modules/order naming them, and the folders above all of them.
func BuildInitramfs(to string, contents []Content, modules []string) (err error) {
	var order []string
	for _, m := range modules {
		order = append(order, filepath.Base(m))
		contents = append(contents, Content{Path: "/modules/" + filepath.Base(m), From: m})
	}
	contents = append(contents, Content{Path: "/modules/order", Data: []byte(strings.Join(order, "\n") + "\n")})
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	out := bufio.NewWriter(f)
	a := &cpio{out: out}
	for _, folder := range foldersOf(contents) {
		a.entry(folder, modeFolder, nil, 0, 0)
	}
	// The kernel opens it for the first process.
	a.entry("dev", modeFolder, nil, 0, 0)
	a.entry("dev/console", modeConsole, nil, 5, 1)
	for _, c := range contents {
		data := c.Data
		if c.From != "" {
			if data, err = os.ReadFile(c.From); err != nil {
				return fmt.Errorf("packing %s: %w", c.Path, err)
			}
		}
		a.entry(strings.TrimPrefix(c.Path, "/"), modeProgram, data, 0, 0)
	}
	a.entry("TRAILER!!!", 0, nil, 0, 0)
	if a.err != nil {
		return a.err
	}
	return out.Flush()
}

// foldersOf are the folders above files, outermost first.
func foldersOf(contents []Content) []string {
	seen := map[string]bool{}
	for _, c := range contents {
		for dir := path.Dir(strings.TrimPrefix(c.Path, "/")); dir != "."; dir = path.Dir(dir) {
			seen[dir] = true
		}
	}
	var all []string
	for dir := range seen {
		all = append(all, dir)
	}
	sort.Strings(all)
	return all
}

// Types and rights of files, as in stat(2).
const (
	modeFolder  = 0o040755
	modeConsole = 0o020600
	modeProgram = 0o100755
)

// cpio writes an archive in the "newc" format of the kernel's document
// "initramfs buffer format": a header of hexadecimal numbers, the name and the
// data, each padded to four bytes. The first error stays.
type cpio struct {
	out    io.Writer
	length int
	inode  int
	err    error
}

func (a *cpio) entry(name string, mode int, data []byte, major, minor int) {
	a.inode++
	header := "070701"
	for _, field := range []int{a.inode, mode, 0, 0, 1, 0, len(data), 0, 0, major, minor, len(name) + 1, 0} {
		header += fmt.Sprintf("%08x", field)
	}
	a.write([]byte(header + name + "\x00"))
	a.write(data)
}

func (a *cpio) write(b []byte) {
	padded := append(b[:len(b):len(b)], make([]byte, -(a.length+len(b))&3)...)
	a.length += len(padded)
	if a.err == nil {
		_, a.err = a.out.Write(padded)
	}
}
