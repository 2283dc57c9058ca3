package journal

import (
	"bufio"
	"bytes"
	"os"
	"testing"
)

// Whatever bytes stand in the place of a record, reading them is an answer or
// an error, and what is read can be written again and read alike.
func FuzzDecode(f *testing.F) {
	golden, err := os.Open("testdata/format1/records.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	defer golden.Close()
	lines := bufio.NewScanner(golden)
	lines.Buffer(nil, maxRecordBytes)
	for seq := uint64(1); lines.Scan(); seq++ {
		f.Add(seq, bytes.Clone(lines.Bytes()))
	}
	f.Add(uint64(1), []byte(`{"v":2,"prev":"`))
	f.Add(uint64(1), []byte(`{"v":1,"prev":"00","seq":1}`))
	f.Fuzz(func(t *testing.T, seq uint64, value []byte) {
		prev, e, err := decode(seq, value)
		if err != nil {
			return
		}
		if e.Seq != seq || e.Body == nil {
			t.Fatalf("event %d was read as %d", seq, e.Seq)
		}
		r, err := encode(e, prev)
		if err != nil {
			return // longer than what is read, after escaping
		}
		again, f, err := decode(seq, r.value)
		if err != nil || again != prev || f.Body.Kind() != e.Body.Kind() {
			t.Fatalf("%s\nwas written as\n%s\nand is read as %v", value, r.value, err)
		}
	})
}

// Whatever bytes stand in the place of a page, every key and value that it
// offers lies within it.
func FuzzPage(f *testing.F) {
	b, err := os.ReadFile("testdata/format1/journal/journal-000000000001-2026-11.db")
	if err != nil {
		f.Fatal(err)
	}
	for id := 2; (id+1)*pageBytes <= len(b); id++ {
		f.Add(uint64(id), bytes.Clone(b[id*pageBytes:(id+1)*pageBytes]))
	}
	f.Fuzz(func(t *testing.T, id uint64, b []byte) {
		_, _ = parseHeader(b, id)
		p, err := parsePage(b, id)
		if err != nil {
			return
		}
		for i := range p.count {
			if len(p.key(i))+len(p.value(i)) > len(b) {
				t.Fatal("an element is longer than its page")
			}
			if p.bucket(i) {
				_, _ = (&tree{}).nested(p.value(i))
			}
		}
	})
}

func FuzzSheet(f *testing.F) {
	f.Add(key(1), StoredSheet{Day: 1, Version: 2, Stale: true, Encoded: []byte("rows")}.encode())
	f.Fuzz(func(t *testing.T, k, b []byte) {
		s, err := decodeSheet(k, b)
		if err == nil && b[1]&^sheetStale == 0 && !bytes.Equal(s.encode(), b) {
			t.Fatalf("%q is written again as %q", b, s.encode())
		}
	})
}
