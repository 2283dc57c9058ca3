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
		"123456":     ErrRow, // a row
		"890123":     ErrRow, // a row over the end
		"987654":     ErrRow, // backwards
		"111111":     ErrRepeated,
		"121212":     ErrRepeated,
		"123123":     ErrRepeated,
		"112211":     ErrFew,  // two digits only
		"250480":     ErrDate, // a birthday
		"800425":     ErrDate, // the same, year first
		"25041980":   ErrDate,
		"19800425":   ErrDate,
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

		"password2026":           ErrCommon,
		"P4ssw0rd!!":             ErrCommon,
		"Sportello-2026":         ErrCommon,
		"qwertyuiop":             ErrRow,
		"abcdefghijkl":           ErrRow,
		"aaaaaaaaaaaa":           ErrRepeated,
		"abcabcabcabc":           ErrRepeated,
		"1234567890":             ErrDigitsOnly,
		"27041985271":            ErrDigitsOnly, // long enough
		"abab-abba-ba":           ErrFew,
		"k8#mVq2!xz\xff":         ErrUnreadable,
		"27041985271-":           ErrFewLetters, // no word at all
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
