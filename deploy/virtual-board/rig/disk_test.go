package rig

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

const testSectors = 8

func testDisk(t testing.TB) *Disk {
	t.Helper()
	path := filepath.Join(t.TempDir(), "disk")
	if err := os.WriteFile(path, make([]byte, testSectors*sectorBytes), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := OpenDisk(path)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// sector is a sector full of one byte.
func sector(b byte) []byte { return bytes.Repeat([]byte{b}, sectorBytes) }

// firsts are the first bytes of the sectors as the machine sees them.
func firsts(t *testing.T, d *Disk) (first [testSectors]byte) {
	t.Helper()
	for i := range first {
		b, err := d.read(int64(i*sectorBytes), sectorBytes)
		if err != nil {
			t.Fatal(err)
		}
		first[i] = b[0]
	}
	return first
}

// cutHere writes once more, at which the power is cut, and powers up again.
func cutHere(t *testing.T, d *Disk, loss Loss, seed uint64) {
	t.Helper()
	cut := d.CutAfter(1, loss, rand.New(rand.NewPCG(seed, 0)))
	if err := d.write(7*sectorBytes, sector(9), false); !errors.Is(err, errPowerCut) {
		t.Fatalf("the write at the cut: %v", err)
	}
	select {
	case <-cut:
	default:
		t.Fatal("the cut was not told")
	}
	if _, err := d.read(0, 1); !errors.Is(err, errPowerCut) {
		t.Fatalf("a read after the cut: %v", err)
	}
	if err := d.flush(); !errors.Is(err, errPowerCut) {
		t.Fatalf("a flush after the cut: %v", err)
	}
	d.mu.Lock()
	d.powerUp()
	d.mu.Unlock()
}

func TestWhatWasFlushedSurvives(t *testing.T) {
	for seed, loss := range []Loss{LoseAll, LoseTail, LoseSome} {
		d := testDisk(t)
		if err := errors.Join(d.write(0, sector(1), false), d.flush(), d.write(0, sector(2), false), d.write(sectorBytes, sector(3), true)); err != nil {
			t.Fatal(err)
		}
		cutHere(t, d, loss, uint64(seed))
		got := firsts(t, d)
		if got[0] != 1 && (loss == LoseAll || got[0] != 2) || got[1] != 3 {
			t.Errorf("after %q the disk is %v", loss, got)
		}
	}
}

// TestATailIsLostInOrder shows a beginning of the writes after every cut, and
// not always the same one.
func TestATailIsLostInOrder(t *testing.T) {
	seen := map[int]bool{}
	for seed := range uint64(50) {
		d := testDisk(t)
		for i := range 4 {
			if err := d.write(int64(i*sectorBytes), sector(1), false); err != nil {
				t.Fatal(err)
			}
		}
		cutHere(t, d, LoseTail, seed)
		got := firsts(t, d)
		kept := bytes.Count(got[:4], []byte{1})
		if !bytes.Equal(got[:kept], bytes.Repeat([]byte{1}, kept)) {
			t.Fatalf("seed %d left holes: %v", seed, got)
		}
		seen[kept] = true
	}
	if len(seen) != 5 {
		t.Errorf("of 0 to 4 writes only %v survived", seen)
	}
}

func TestALyingDiskLosesWhatItFlushed(t *testing.T) {
	d := testDisk(t)
	d.IgnoreFlush = true
	if err := errors.Join(d.write(0, sector(1), true), d.flush()); err != nil {
		t.Fatal(err)
	}
	cutHere(t, d, LoseAll, 1)
	if got := firsts(t, d); got != [testSectors]byte{} {
		t.Errorf("it kept %v", got)
	}
}

// line is a client that has said all that it will say.
type line struct {
	io.Reader
	io.Writer
}

// request is a request of the protocol.
func request(command uint16, at int64, n int, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, nbdRequest)
	b = binary.BigEndian.AppendUint16(b, 0)
	b = binary.BigEndian.AppendUint16(b, command)
	b = binary.BigEndian.AppendUint64(b, 77) // cookie
	b = binary.BigEndian.AppendUint64(b, uint64(at))
	b = binary.BigEndian.AppendUint32(b, uint32(n))
	return append(b, data...)
}

// hello is how qemu begins: flags, then the option to go.
func hello() []byte {
	b := []byte{0, 0, 0, 3}
	b = append(b, "IHAVEOPT"...)
	b = binary.BigEndian.AppendUint32(b, optGo)
	return append(b, 0, 0, 0, 0)
}

func TestProtocol(t *testing.T) {
	d := testDisk(t)
	said := hello()
	said = append(said, request(cmdWrite, sectorBytes, sectorBytes, sector(5))...)
	said = append(said, request(cmdFlush, 0, 0, nil)...)
	said = append(said, request(cmdRead, sectorBytes, 2, nil)...)
	said = append(said, request(cmdRead, testSectors*sectorBytes-1, 2, nil)...)
	said = append(said, request(cmdEnd, 0, 0, nil)...)
	var answers bytes.Buffer
	if err := d.serve(line{bytes.NewReader(said), &answers}); !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	cookie := "\x00\x00\x00\x00\x00\x00\x00\x4d"
	good, bad := "\x67\x44\x66\x98\x00\x00\x00\x00"+cookie, "\x67\x44\x66\x98\x00\x00\x00\x16"+cookie
	want := good + good + good + "\x05\x05" + bad
	if got := answers.String(); !bytes.HasSuffix([]byte(got), []byte(want)) {
		t.Errorf("answered % x, which does not end in % x", got, want)
	}
	if d.safe[sectorBytes] != 5 {
		t.Error("what was flushed is not safe")
	}
}

// FuzzProtocol has a client say anything.
func FuzzProtocol(f *testing.F) {
	f.Add(hello())
	f.Add(append(hello(), request(cmdWrite, 0, 4, []byte("data"))...))
	f.Add(append(hello(), request(cmdRead, -1, 1<<31, nil)...))
	f.Add(append(hello(), request(9, 0, 0, nil)...))
	d := testDisk(f)
	f.Fuzz(func(t *testing.T, said []byte) {
		if err := d.serve(line{bytes.NewReader(said), io.Discard}); err == nil {
			t.Error("a client went and nothing was said of it")
		}
	})
}
