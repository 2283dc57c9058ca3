package rig

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// A Loss says what a power cut does to what was written and not flushed.
type Loss string

// The losses.
const (
	LoseAll  Loss = "all lost" // a cache without power
	LoseTail Loss = "torn"     // an ordered beginning is kept, and the next write torn at a sector
	LoseSome Loss = "shuffled" // each sector by itself is as it was, or as any of the writes since made it
)

const sectorBytes = 512

// maxTransfer bounds one read or write; qemu's own bound is 32 MiB.
const maxTransfer = 32 << 20

var (
	errPowerCut = errors.New("the power is cut")
	errRange    = errors.New("outside the disk")
)

// A Disk is a disk with a cache that is lost when the power is cut. It is
// served to one machine after the other; see Serve.
type Disk struct {
	// IgnoreFlush makes it a disk that lies: it says that what it was told to
	// flush is safe. Nothing can be safe on it. Set it before Serve.
	IgnoreFlush bool

	mu      sync.Mutex
	seen    []byte // what the machine sees
	safe    []byte // what survives
	pending []write
	writes  int
	cutAt   int // cut the power at this write; 0 never
	cut     chan struct{}
	off     bool
	loss    Loss
	random  *rand.Rand
}

type write struct {
	at   int64
	data []byte
}

// OpenDisk reads a disk's image.
func OpenDisk(path string) (*Disk, error) {
	image, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return &Disk{seen: image, safe: append([]byte(nil), image...)}, nil
}

// CutAfter will cut the power at the n-th write from now, when it is taken and
// before it is answered. The channel is closed at that moment; from then on the
// disk answers nothing. The loss is drawn with random.
func (d *Disk) CutAfter(n int, loss Loss, random *rand.Rand) <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cutAt, d.loss, d.random = d.writes+n, loss, random
	d.cut = make(chan struct{})
	return d.cut
}

// powerUp makes the disk whole again after a cut, with what has survived. The caller
// holds mu.
func (d *Disk) powerUp() {
	copy(d.seen, d.safe)
	d.pending, d.off, d.cutAt = nil, false, 0
}

// Check makes the disk whole again after a cut, with what has survived, looks through
// its file system and mends it, as a system does before it mounts a disk
// (systemd-fsck), and gives what e2fsck said. The image lies in scratch meanwhile. It is an
// error when a system would stop there and wait for a person. Linux before 6.13
// mounts no ext4 whose last commit block is torn, which is no more than a
// transaction that nobody was told of.
func (d *Disk) Check(ctx context.Context, scratch string) (said string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	image := filepath.Join(scratch, "checked")
	if err := os.WriteFile(image, d.safe, 0o600); err != nil {
		return "", err
	}
	defer os.Remove(image)
	out, err := Tool(ctx, "e2fsck", "-p", image).CombinedOutput()
	said = strings.ReplaceAll(string(out), image, "the disk")
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == fsckMended {
		err = nil
	}
	if err != nil {
		return said, fmt.Errorf("checking the disk: %w: %s", err, said)
	}
	mended, err := os.ReadFile(image)
	if err != nil {
		return said, err
	}
	if len(mended) != len(d.safe) {
		return said, fmt.Errorf("the disk had %d bytes and has %d after its check", len(d.safe), len(mended))
	}
	d.safe = mended
	d.powerUp()
	return said, nil
}

// fsckMended is the exit code of e2fsck that found faults and mended them all.
const fsckMended = 1

// Tool is a command of the machine's administrator, which may be outside the PATH
// of others.
func Tool(ctx context.Context, name string, args ...string) *exec.Cmd {
	for _, dir := range []string{"/usr/sbin", "/sbin"} {
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return exec.CommandContext(ctx, path, args...)
		}
	}
	return exec.CommandContext(ctx, name, args...)
}

// size is the disk's, in bytes.
func (d *Disk) size() int64 { return int64(len(d.seen)) }

func (d *Disk) inside(at int64, n int) error {
	if at < 0 || n < 0 || n > maxTransfer || at > d.size()-int64(n) {
		return errRange
	}
	return nil
}

func (d *Disk) read(at int64, n int) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.off {
		return nil, errPowerCut
	}
	if err := d.inside(at, n); err != nil {
		return nil, err
	}
	return append([]byte(nil), d.seen[at:at+int64(n)]...), nil
}

// write takes data, which becomes the disk's. One that is durable survives at
// once, though no other before it.
func (d *Disk) write(at int64, data []byte, durable bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.off {
		return errPowerCut
	}
	if err := d.inside(at, len(data)); err != nil {
		return err
	}
	d.writes++
	copy(d.seen[at:], data)
	if durable && !d.IgnoreFlush {
		copy(d.safe[at:], data)
	} else {
		d.pending = append(d.pending, write{at, data})
	}
	if d.writes == d.cutAt {
		d.lose()
		d.off = true
		close(d.cut)
		return errPowerCut
	}
	return nil
}

func (d *Disk) flush() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.off {
		return errPowerCut
	}
	if d.IgnoreFlush {
		return nil
	}
	for _, w := range d.pending {
		copy(d.safe[w.at:], w.data)
	}
	d.pending = nil
	return nil
}

// lose decides what of the cache has reached the disk.
func (d *Disk) lose() {
	switch d.loss {
	case LoseTail:
		kept := d.random.IntN(len(d.pending) + 1)
		for _, w := range d.pending[:kept] {
			copy(d.safe[w.at:], w.data)
		}
		if kept < len(d.pending) {
			torn := d.pending[kept]
			sectors := d.random.IntN(len(torn.data)/sectorBytes + 1)
			copy(d.safe[torn.at:], torn.data[:sectors*sectorBytes])
		}
	case LoseSome:
		// In the order of the writes, so that a seed tells the whole story.
		var order []int64
		versions := map[int64][][]byte{}
		for _, w := range d.pending {
			for i := 0; i < len(w.data); i += sectorBytes {
				at := w.at + int64(i)
				if versions[at] == nil {
					order = append(order, at)
				}
				versions[at] = append(versions[at], w.data[i:min(i+sectorBytes, len(w.data))])
			}
		}
		for _, at := range order {
			if v := d.random.IntN(len(versions[at]) + 1); v > 0 {
				copy(d.safe[at:], versions[at][v-1])
			}
		}
	}
	d.pending = nil
}
