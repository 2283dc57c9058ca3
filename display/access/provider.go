package access

import (
	"strings"
	"unicode/utf8"

	"eliminacode/queue"
)

// A SignIn is somebody's way to the body's own sign-in and back. It belongs to one
// browser, and to nobody else.
type SignIn struct {
	State    string // what comes back must bear it
	Nonce    string // the token that comes back must bear it
	Verifier string // shows that who asked is who fetches the token (PKCE)
}

// longestSubject bounds what the body's sign-in calls a person, in characters.
const longestSubject = 255

// IsSubject tells whether a text can be what the body's sign-in calls somebody.
func IsSubject(text string) bool {
	return text != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= longestSubject &&
		strings.TrimSpace(text) == text && !strings.ContainsFunc(text, queue.Unseen)
}
