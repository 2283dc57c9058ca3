package access

import (
	"errors"
	"time"
)

// A Paired is a screen that somebody of the office has let in.
type Paired struct {
	ID   string `json:"id" doc:"The screen, as other calls name it"`
	Name string `json:"name" doc:"How people of the office call it"` // "Atrio"
	Role Role   `json:"role" doc:"What it shows"`                    // Board, Totem or Voting
	// Place is the outlet of a totem or the desk of a voting screen.
	Place string `json:"place,omitempty" doc:"The outlet of a totem or the desk of a voting screen"`
	// Board is how a board hangs and what it shows, or the diagonal of a totem; nil is
	// as usual, and so is every other screen.
	Board *Display  `json:"board,omitempty" doc:"How a board hangs and what it shows, or the diagonal of a totem; left out for what is usual"`
	Made  time.Time `json:"made" doc:"When it was paired"`
	// Seen is when it last asked for something, in memory only; zero is not
	// since the daemon runs.
	Seen    time.Time `json:"-"`
	Version uint64    `json:"version" doc:"A change names the version that it rests on"`
}

// Validate tells every field that holds what it cannot.
func (p Paired) Validate() error {
	return errors.Join(
		field("name", isName(p.Name)),
		field("role", p.Role.OfScreen()),
		field("place", len(p.Place) <= 64 && (p.Place == "" || isName(p.Place)) && (p.Role == Board || p.Place != "")),
		field("role", p.fits()),
		p.Display().Validate(),
	)
}

// A Pairing is what a screen shows, and keeps as a cookie, until somebody has
// typed its code. Secret opens nothing before.
type Pairing struct {
	Code   string
	Secret string
	Until  time.Time
}

// A Token lets a program in.
type Token struct {
	ID   string `json:"id" doc:"The token, as other calls name it"`
	Name string `json:"name" doc:"Which program it is for"`
	Role Role   `json:"role" doc:"The role that the program has"`
	// Scopes narrow what the role may; none is all of it.
	Scopes  []string  `json:"scopes,omitempty" doc:"The parts of the API that it may use; left out for all that its role may"`
	Expires time.Time `json:"expires" doc:"Until when it is good"`
	// PerMinute is how many requests it has a minute.
	PerMinute int       `json:"per_minute" doc:"How many requests it has a minute"`
	Made      time.Time `json:"made" doc:"When it was made"`
	// Over is why it opens nothing any more; empty while it is good.
	Over Over `json:"over,omitempty" enum:"for-good,by-clock" doc:"Why it opens nothing any more: for-good, or by-clock where nobody vouched for the clock that says so; left out while it is good"`
	// Used is when it was last shown, in memory only.
	Used time.Time `json:"-"`
}

// Over is why a token opens nothing any more.
type Over string

// The reasons.
const (
	OverForGood Over = "for-good" // its time has passed
	// OverByClock: its time has passed by a wall clock that nobody vouched for. A
	// synchronised one that shows an earlier time lets it go on.
	OverByClock Over = "by-clock"
)

// The bounds of a token.
const (
	StandardPerMinute = 600
	mostPerMinute     = 60_000
	longestToken      = 5 * 366 * 24 * time.Hour
)

// Validate tells every field that holds what it cannot.
func (t Token) Validate(now time.Time) error {
	life := t.Expires.Sub(now)
	return errors.Join(
		field("name", isName(t.Name)),
		field("role", t.Role.OfProgram()),
		field("scopes", len(t.Scopes) <= mostScopes && each(t.Scopes, scopePattern.MatchString)),
		field("expires", life > 0 && life <= longestToken),
		field("per_minute", t.PerMinute >= 1 && t.PerMinute <= mostPerMinute),
	)
}

// A TooManyError tells when a token has requests left again. It Is ErrTooMany.
type TooManyError struct {
	RetryAfter time.Duration
	Quota      Quota
}

func (e TooManyError) Error() string { return ErrTooMany.Error() }
func (e TooManyError) Unwrap() error { return ErrTooMany }

// Shown is what a request shows of who sends it; each part may be empty.
type Shown struct {
	Session string // cookie of a session
	Screen  string // cookie of a paired screen
	Bearer  string // token of a program
}

// The values of a session (scs) that say whose it is. Whoever begins one puts
// them there.
const (
	SessionMember = "member" // ID of a Member
	SessionHow    = "how"    // a How, as a string
	SessionDesk   = "desk"   // a queue.DeskID, as a string
)
