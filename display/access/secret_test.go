package access

import (
	"errors"
	"strings"
	"testing"
)

func TestEasyPINsAreRefused(t *testing.T) {
	for pin, want := range map[string]error{
		"12345":      ErrShortPIN,
		"":           ErrShortPIN,
		"12a456":     ErrNotPIN,
		"１２３４５６":     ErrNotPIN,
		"123456":     ErrWeak, // a row
		"890123":     ErrWeak, // a row over the end
		"987654":     ErrWeak, // backwards
		"111111":     ErrWeak,
		"121212":     ErrWeak,
		"123123":     ErrWeak,
		"112211":     ErrWeak, // two digits only
		"250480":     ErrWeak, // a birthday
		"800425":     ErrWeak, // the same, year first
		"25041980":   ErrWeak,
		"19800425":   ErrWeak,
		"739164":     nil,
		"4907716382": nil,
		strings.Repeat("7391640258", 12) + "73916482":  nil,
		strings.Repeat("7391640258", 12) + "739164821": ErrLong,
	} {
		if err := JudgePIN(pin); !errors.Is(err, want) {
			t.Errorf("PIN %q: %v, want %v", pin, err, want)
		}
	}
}

func TestEasyPasswordsAreRefused(t *testing.T) {
	for password, want := range map[string]error{
		"":       ErrShortPassword,
		"corto":  ErrShortPassword,
		"927461": ErrDigitsOnly, // a PIN

		"password2026":           ErrWeak,
		"P4ssw0rd!!":             ErrWeak,
		"Sportello-2026":         ErrWeak,
		"qwertyuiop":             ErrWeak,
		"abcdefghijkl":           ErrWeak,
		"aaaaaaaaaaaa":           ErrWeak,
		"abcabcabcabc":           ErrWeak,
		"1234567890":             ErrDigitsOnly,
		"27041985271":            ErrDigitsOnly, // long enough
		"27041985271-":           ErrWeak,       // no word at all
		"anna.bianchi1":          ErrLikeName,
		"Anna-Bianchi-99":        ErrLikeName,
		"quattro cavalli in blu": nil,
		"gatto è su tetto":       nil,
		"k8#mVq2!xz":             nil,
	} {
		if err := JudgePassword(password, "anna.bianchi"); !errors.Is(err, want) {
			t.Errorf("password %q: %v, want %v", password, err, want)
		}
	}
}

func TestPasswordsOfAnyLengthTo128Characters(t *testing.T) {
	long := strings.Repeat("perché così è più là ", 6) + "ab"
	if n := len([]rune(long)); n != SecretMost {
		t.Fatalf("the test's password has %d characters", n)
	}
	if err := JudgePassword(long, "anna"); err != nil {
		t.Errorf("128 characters: %v", err)
	}
	if err := JudgePassword(long+"c", "anna"); !errors.Is(err, ErrLong) {
		t.Errorf("129 characters: %v", err)
	}
}
