package access

import (
	"strings"
	"testing"
)

// quick costs little, for tests that are not about the cost.
var quick = Cost{MemoryKiB: 64, Passes: 1, Threads: 1}

func TestSecretIsKnownByItsHash(t *testing.T) {
	kept := HashSecret("gatto è su tetto", quick)
	if !CheckSecret("gatto è su tetto", kept, quick) {
		t.Error("the right secret is refused")
	}
	if !CheckSecret("gatto e\u0300 su tetto", kept, quick) {
		t.Error("the accent as a character of its own is refused")
	}
	for _, wrong := range []string{"", "gatto e su tetto", "gatto è su tetto "} {
		if CheckSecret(wrong, kept, quick) {
			t.Errorf("%q is taken", wrong)
		}
	}
	if kept == HashSecret("gatto è su tetto", quick) {
		t.Error("two hashes of one secret are the same")
	}
}

func TestStoredHashIsCheckedAtItsOwnCost(t *testing.T) {
	kept := HashSecret("una volta", quick)
	if !strings.HasPrefix(kept, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("hash is %s", kept)
	}
	if !CheckSecret("una volta", kept, Standard) {
		t.Error("a hash of another cost is refused")
	}
}

func TestForgedHashIsNoHash(t *testing.T) {
	good := HashSecret("x", quick)
	for _, bad := range []string{
		"", "$", "argon2id", good + "$", good + "=", " " + good, good[:len(good)-1],
		strings.Replace(good, "argon2id", "argon2i", 1),
		strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=64", "m=65537", 1), // more memory than a check may take
		strings.Replace(good, "m=64", "m=4294967296", 1),
		strings.Replace(good, "m=64", "m=064", 1),
		strings.Replace(good, "m=64", "m=+64", 1),
		strings.Replace(good, "t=1", "t=0", 1),
		strings.Replace(good, "t=1", "t=9", 1),
		strings.Replace(good, "p=1", "p=5", 1),
		strings.Replace(good, "m=64,t=1,p=1", "m=64,t=1", 1),
	} {
		if IsHash(bad) {
			t.Errorf("%q is taken", bad)
		}
		if CheckSecret("x", bad, quick) {
			t.Errorf("%q opens", bad)
		}
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add(HashSecret("x", quick))
	f.Add("$argon2id$v=19$m=64,t=1,p=1$$")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePHC(text)
		if err != nil {
			return
		}
		if p.String() != text {
			t.Errorf("%q is read as %q", text, p)
		}
		if p.cost.MemoryKiB > costMost.MemoryKiB || p.cost.Passes > costMost.Passes || p.cost.Threads > costMost.Threads {
			t.Errorf("%q costs too much", text)
		}
	})
}

// On one core of a small board, three or four times slower than where it is
// written, a check is to take 100 to 200 ms.
func BenchmarkCheckSecret(b *testing.B) {
	kept := HashSecret("una bella giornata", Standard)
	b.ReportAllocs()
	for b.Loop() {
		CheckSecret("una bella giornata", kept, Standard)
	}
}
