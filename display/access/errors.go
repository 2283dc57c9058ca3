package access

import (
	"errors"
	"fmt"
)

// Answers to who wants to come in. None of them tells an unknown login from a
// wrong password.
var (
	// ErrWrong: the login, or what proves it, is not right; so is a code that
	// was used, is too old, or was never given.
	ErrWrong = errors.New("login or secret is not right")
	// ErrWait: after wrong ones the next try must wait. A WaitError says until
	// when.
	ErrWait = errors.New("too many wrong tries: wait")
	// ErrBusy: as many secrets are being checked as the box checks.
	ErrBusy = errors.New("too many are logging in at once")
	// ErrDisabled: the account, pairing or token was switched off.
	ErrDisabled = errors.New("account is disabled")
	// ErrExpired: the session, pairing code, token or one-time code is too old.
	ErrExpired = errors.New("expired")
	// ErrNotAllowed: the visitor has not the role for it.
	ErrNotAllowed = errors.New("role does not allow it")
	// ErrAway: the body's own sign-in does not answer.
	ErrAway = errors.New("the body's sign-in does not answer")
	// ErrNotProven: what came back from there proves nobody.
	ErrNotProven = errors.New("the body's sign-in does not vouch for it")
	// ErrNotTied: it vouches for somebody who has no account here.
	ErrNotTied = errors.New("no account is tied to this person")
	// ErrTooMany: a token has asked more than its requests a minute.
	ErrTooMany = errors.New("too many requests for this token")
)

// Refusals of a PIN or a password that somebody has chosen.
var (
	// ErrShortPIN: fewer digits than PINLeast.
	ErrShortPIN = errors.New("a PIN is too short")
	// ErrShortPassword: fewer characters than PasswordLeast.
	ErrShortPassword = errors.New("a password is too short")
	// ErrDigitsOnly: digits alone make a PIN, which opens a desk and nothing else.
	ErrDigitsOnly = errors.New("a password has more than digits")
	// ErrLong: more characters than SecretMost.
	ErrLong = errors.New("too long")
	// ErrWeak is what is too easy to guess: one of those below.
	ErrWeak = errors.New("too easy to guess")
	// ErrRow: keys or letters in a row.
	ErrRow = fmt.Errorf("%w: a row", ErrWeak)
	// ErrRepeated: one part again and again.
	ErrRepeated = fmt.Errorf("%w: a repetition", ErrWeak)
	// ErrDate: a PIN that reads as a date.
	ErrDate = fmt.Errorf("%w: a date", ErrWeak)
	// ErrFew: fewer different characters than PINDifferent or PasswordDifferent.
	ErrFew = fmt.Errorf("%w: few different characters", ErrWeak)
	// ErrFewLetters: a password of fewer letters than PasswordLetters.
	ErrFewLetters = fmt.Errorf("%w: few letters", ErrWeak)
	// ErrCommon: a password of common words alone.
	ErrCommon = fmt.Errorf("%w: common words", ErrWeak)
	// ErrUnreadable: a password that is no text.
	ErrUnreadable = errors.New("a password that is no text")
	// ErrNotPIN: something else than digits is in it.
	ErrNotPIN = errors.New("a PIN has digits only")
	// ErrLikeName: it contains the login.
	ErrLikeName = errors.New("too much like the login")
)

// Answers to who administers.
var (
	// ErrChanged: somebody else has changed it since it was read.
	ErrChanged = errors.New("somebody else has changed it")
	// ErrTaken: the login or the name belongs to another one.
	ErrTaken = errors.New("name is taken")
	// ErrUnknown: there is no such person, screen, token or day key.
	ErrUnknown = errors.New("no such entry")
	// ErrFull: as many are there as the box keeps.
	ErrFull = errors.New("too many entries")
	// ErrLast: the last administrator cannot be disabled or lose the role.
	ErrLast = errors.New("last administrator")
	// ErrBadValue: a field holds what it cannot; the message names it.
	ErrBadValue = errors.New("value is not valid")
)
