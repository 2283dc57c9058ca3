package access

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
)

// CodeAlphabet are the characters of codes that people read and type: none
// looks like another one on thermal paper or a television.
const CodeAlphabet = "ACDEFGHJKMNPQRTUVWXY34679"

// The lengths of codes, in characters.
const (
	OneTimeCodeChars = 8 // 37 bits, for half an hour
	PairingCodeChars = 6 // 27 bits, typed by somebody who has logged in
)

// errCode: a text is not a code.
var errCode = errors.New("not a code")

// NewCode makes a code of so many characters.
func NewCode(chars int) string {
	code := make([]byte, 0, chars)
	// Bytes from most on would make some characters likelier than others.
	const most = 256 / len(CodeAlphabet) * len(CodeAlphabet)
	for one := []byte{0}; len(code) < chars; {
		rand.Read(one) // never fails
		if int(one[0]) < most {
			code = append(code, CodeAlphabet[int(one[0])%len(CodeAlphabet)])
		}
	}
	return string(code)
}

// CodeOf is the code of so many characters, at most 32, that a text always gets. It tells
// nothing of the text.
func CodeOf(text string, chars int) string {
	sum := sha256.Sum256([]byte(text))
	code := make([]byte, chars)
	for i := range code {
		code[i] = CodeAlphabet[int(sum[i])%len(CodeAlphabet)]
	}
	return string(code)
}

// ParseCode reads a code as a person types it: small letters, spaces and hyphens
// do not matter.
func ParseCode(typed string, chars int) (code string, err error) {
	if len(typed) > 4*chars {
		return "", errCode
	}
	code = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(typed))
	if len(code) != chars || strings.Trim(code, CodeAlphabet) != "" {
		return "", errCode
	}
	return code, nil
}

// SpellCode is a code in two halves, as it is shown and printed.
func SpellCode(code string) string { return code[:len(code)/2] + "-" + code[len(code)/2:] }

// A token of a program is "elc_", its name and its secret:
// "elc_9f86d081_<43 characters>".
const (
	tokenMark    = "elc_"
	tokenIDBytes = 4
	secretBytes  = 32
)

// errToken: a text is not a token.
var errToken = errors.New("not a token")

// NewSecret makes a secret that a machine keeps, of 43 characters.
func NewSecret() string {
	secret := make([]byte, secretBytes)
	rand.Read(secret) // never fails
	return base64.RawURLEncoding.EncodeToString(secret)
}

// NewID makes the name of a person, screen or token: 8 characters that say
// nothing.
func NewID() string {
	id := make([]byte, tokenIDBytes)
	rand.Read(id) // never fails
	return hex.EncodeToString(id)
}

// SpellToken is the token that a program shows.
func SpellToken(id, secret string) string { return tokenMark + id + "_" + secret }

// ParseToken reads a token into its name and its secret.
func ParseToken(token string) (id, secret string, err error) {
	rest, ok := strings.CutPrefix(token, tokenMark)
	id, secret, both := strings.Cut(rest, "_")
	if !ok || !both || !isID(id) || !IsSecret(secret) {
		return "", "", errToken
	}
	return id, secret, nil
}

func isID(text string) bool {
	return len(text) == 2*tokenIDBytes && strings.Trim(text, "0123456789abcdef") == ""
}

// IsSecret tells whether a text looks like one of NewSecret.
func IsSecret(text string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return err == nil && len(b) == secretBytes
}

// HashMachine is what is kept of a secret of NewSecret. It needs no slow hash,
// since nobody guesses 256 bits.
func HashMachine(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// CheckMachine tells whether a secret is the one that a hash was made of.
func CheckMachine(secret, kept string) bool {
	return subtle.ConstantTimeCompare([]byte(HashMachine(secret)), []byte(kept)) == 1
}
