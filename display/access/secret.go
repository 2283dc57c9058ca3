package access

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What a PIN and a password must have. A PIN is for a desk in the office, where
// its tries are slowed down; a password is for everywhere else.
const (
	PINLeast      = 6   // digits
	PasswordLeast = 10  // characters
	SecretMost    = 128 // characters of either

	PINDifferent      = 3 // different digits
	PasswordDifferent = 5 // different characters
	PasswordLetters   = 3
)

// plain is a secret as it is compared: a letter with its accent is one
// character, however the keyboard sent it.
func plain(secret string) string { return norm.NFC.String(secret) }

// JudgePIN refuses a PIN that is too easy: ErrNotPIN, ErrShortPIN, ErrLong, ErrRow,
// ErrRepeated, ErrDate or ErrFew.
func JudgePIN(pin string) error {
	switch n := len(pin); {
	case strings.Trim(pin, "0123456789") != "":
		return ErrNotPIN
	case n < PINLeast:
		return ErrShortPIN
	case n > SecretMost:
		return ErrLong
	case isRow(pin):
		return ErrRow
	case isRepeated(pin):
		return ErrRepeated
	case isDate(pin):
		return ErrDate
	case fewer(pin, PINDifferent):
		return ErrFew
	}
	return nil
}

// JudgePassword refuses a password that is too easy: ErrDigitsOnly,
// ErrShortPassword, ErrLong, ErrUnreadable, ErrLikeName, ErrRow, ErrRepeated, ErrFew,
// ErrFewLetters or ErrCommon. It asks for no kinds of characters but a few letters, since length is what counts and rules of
// that sort make people write it down.
func JudgePassword(password, login string) error {
	password = plain(password)
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password):
		return ErrUnreadable
	case n > 0 && strings.Trim(password, "0123456789") == "":
		return ErrDigitsOnly
	case n < PasswordLeast:
		return ErrShortPassword
	case n > SecretMost:
		return ErrLong
	}
	bare := letters(password)
	if login := letters(login); len(login) >= 3 && strings.Contains(bare, login) && len(bare) < len(login)+6 {
		return ErrLikeName
	}
	switch {
	case isRow(password):
		return ErrRow
	case isRepeated(password):
		return ErrRepeated
	case fewer(password, PasswordDifferent):
		return ErrFew
	case len(bare) < PasswordLetters:
		return ErrFewLetters
	case common(bare):
		return ErrCommon
	}
	return nil
}

// commonWords are what lists of stolen passwords and a town hall have most of;
// a password that is only these, with digits and signs between them, is guessed
// at once.
var commonWords = []string{
	"password", "passwort", "geslo", "parola", "segreto", "qwertyuiop", "qwerty", "qwertz", "asdfghjkl", "asdf", "zxcvbnm", "abc",
	"admin", "administrator", "amministratore", "administrador", "utente", "user", "guest", "root", "test", "prova", "login", "accesso",
	"benvenuto", "welcome", "willkommen", "ciao", "iloveyou", "tiamo", "amore", "letmein", "monkey", "dragon", "master",
	"eliminacode", "sportello", "comune", "municipio", "anagrafe", "ufficio", "cruscotto", "tabellone", "operatore", "responsabile",
	"italia", "roma", "milano", "juventus", "inter", "milan", "napoli", "primavera", "estate", "autunno", "inverno",
	"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
}

// common tells whether nothing is left of a text's letters without common words.
func common(bare string) bool {
	words := slices.Clone(commonWords)
	// The longest first, so that none is broken by one within it.
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	for _, w := range words {
		bare = strings.ReplaceAll(bare, w, "")
	}
	return len(bare) < PasswordLetters
}

// lookalikes are the letters that digits and signs are written for.
var lookalikes = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// letters is what a text is to a guesser: small letters without accents, where
// digits within words are the letters that they look like.
func letters(text string) string {
	text = strings.TrimFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '@' && r != '$' })
	var b strings.Builder
	for _, r := range norm.NFD.String(lookalikes.Replace(text)) {
		if unicode.IsLetter(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// rows are what fingers find without thinking; each is also refused backwards
// and from any place on.
var rows = []string{"01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm"}

func isRow(text string) bool {
	text = strings.ToLower(text)
	back := []rune(text)
	slices.Reverse(back)
	return slices.ContainsFunc(rows, func(row string) bool {
		return strings.Contains(row, text) || strings.Contains(row, string(back))
	})
}

// isRepeated tells whether a text is one part of it again and again.
func isRepeated(text string) bool {
	for n := 1; n <= len(text)/2; n++ {
		if len(text)%n == 0 && strings.Repeat(text[:n], len(text)/n) == text {
			return true
		}
	}
	return false
}

// fewer tells whether a text has fewer different characters than least.
func fewer(text string, least int) bool {
	seen := map[rune]bool{}
	for _, r := range text {
		seen[r] = true
	}
	return len(seen) < least
}

// isDate tells whether a PIN reads as somebody's birthday: day, month and year,
// in either order.
func isDate(pin string) bool {
	two := func(at int) int { return int(pin[at]-'0')*10 + int(pin[at+1]-'0') }
	isDay := func(day, month int) bool { return day >= 1 && day <= 31 && month >= 1 && month <= 12 }
	century := func(at int) bool { return two(at) == 19 || two(at) == 20 }
	switch len(pin) {
	case 6:
		return isDay(two(0), two(2)) || isDay(two(4), two(2))
	case 8:
		return isDay(two(0), two(2)) && century(4) || isDay(two(6), two(4)) && century(0)
	}
	return false
}
