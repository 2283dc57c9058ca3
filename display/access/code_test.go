package access

import (
	"strings"
	"testing"
)

func TestCodesHaveNoLookAlikes(t *testing.T) {
	if bad := strings.IndexAny(CodeAlphabet, "0O1IL5S2Z8B"); bad >= 0 {
		t.Errorf("%q can be read as something else", CodeAlphabet[bad])
	}
	seen := map[string]bool{}
	for range 1000 {
		code := NewCode(OneTimeCodeChars)
		if len(code) != OneTimeCodeChars || strings.Trim(code, CodeAlphabet) != "" {
			t.Fatalf("code %q", code)
		}
		seen[code] = true
	}
	if len(seen) < 999 {
		t.Errorf("1000 codes, %d different", len(seen))
	}
}

func TestCodeIsReadAsAPersonTypesIt(t *testing.T) {
	for _, typed := range []string{"ACDE-FGHJ", "acdefghj", " acde fghj ", "A-C-D-E-F-G-H-J"} {
		if code, err := ParseCode(typed, 8); err != nil || code != "ACDEFGHJ" {
			t.Errorf("%q: %q, %v", typed, code, err)
		}
	}
	for _, typed := range []string{"", "ACDEFGH", "ACDEFGHJK", "ACDEFGH0", "ACDEFGHÈ", strings.Repeat("-", 1000) + "ACDEFGHJ"} {
		if code, err := ParseCode(typed, 8); err == nil {
			t.Errorf("%q is read as %q", typed, code)
		}
	}
	if SpellCode("ACDEFGHJ") != "ACDE-FGHJ" {
		t.Error("a code is shown in two halves")
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("acde-fghj")
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := ParseCode(typed, OneTimeCodeChars)
		if err != nil {
			return
		}
		if again, err := ParseCode(SpellCode(code), OneTimeCodeChars); err != nil || again != code {
			t.Errorf("%q is read as %q, and that as %q, %v", typed, code, again, err)
		}
	})
}

func TestTokenIsReadAsItWasMade(t *testing.T) {
	for range 200 {
		id, secret := NewID(), NewSecret()
		token := SpellToken(id, secret)
		if gotID, gotSecret, err := ParseToken(token); err != nil || gotID != id || gotSecret != secret {
			t.Fatalf("%s: %q %q %v", token, gotID, gotSecret, err)
		}
	}
}

func FuzzParseToken(f *testing.F) {
	f.Add(SpellToken("9f86d081", NewSecret()))
	f.Add("elc_9f86d081_")
	f.Fuzz(func(t *testing.T, text string) {
		if id, secret, err := ParseToken(text); err == nil && SpellToken(id, secret) != text {
			t.Errorf("%q is read as %q and %q", text, id, secret)
		}
	})
}

func TestMachineSecretIsKnownByItsHash(t *testing.T) {
	secret := NewSecret()
	if kept := HashMachine(secret); !CheckMachine(secret, kept) || CheckMachine(NewSecret(), kept) || strings.Contains(kept, secret) {
		t.Error("the hash does not tell one secret from another")
	}
}
