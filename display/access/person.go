package access

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"eliminacode/queue"
)

// A Member is one of the people of the office with an account.
type Member struct {
	ID    string `json:"id" doc:"The person, as other calls name it"`
	Login string `json:"login" doc:"The name to sign in with"` // small letters, digits, ". _ -"
	// Name is how colleagues call the person.
	Name           string         `json:"name" doc:"How colleagues call the person"`
	Roles          []Role         `json:"roles" doc:"What the person is in the office"`
	Rights         []Right        `json:"rights,omitempty" doc:"What the person may do beside the roles"`
	Qualifications []string       `json:"qualifications,omitempty" doc:"The services that the person may serve; left out for all that a desk serves"`
	Language       queue.Language `json:"language,omitempty" doc:"The language of the person's pages until the person chooses another, which is not told; left out for the office's"`
	// Subject is what the body's own sign-in calls the person; empty ties the
	// account to nobody there.
	Subject  string `json:"subject,omitempty" doc:"What the body's own sign-in calls the person; left out for none"`
	Disabled bool   `json:"disabled,omitempty" doc:"The account is switched off: the person is let in no more until it is switched on"`
	// Version is the number of changes by who administers; a change names the one it rests
	// on. What the person alone does, such as choosing a PIN or a language, moves neither
	// it nor Changed: they would tell when the person was there.
	Version uint64    `json:"version" doc:"A change names the version that it rests on"`
	Made    time.Time `json:"made" doc:"When the account was made"`
	Changed time.Time `json:"changed" doc:"When who administers last changed it"`
	// HasPIN and HasPassword tell what the person can log in with. They are
	// not stored: the hashes say it.
	HasPIN      bool `json:"-"`
	HasPassword bool `json:"-"`
	// Came tells that somebody has signed in with the account at least once. When, and
	// how often, nothing keeps.
	Came bool `json:"-"`
}

// Serves tells whether the member is one of the clerks at work: somebody has signed in
// with the account, and may still. Provider tells whether the body has a sign-in of its
// own. An account that was only made is nobody among whom a clerk could be hidden.
func (m Member) Serves(provider bool) bool {
	opens := m.HasPIN || m.HasPassword || provider && m.Subject != ""
	return m.Came && opens && !m.Disabled && slices.Contains(m.Roles, Clerk)
}

// A How is what somebody logs in with.
type How string

// What one logs in with.
const (
	ByPIN      How = "pin"      // at a desk of the office
	ByPassword How = "password" // elsewhere
	ByProvider How = "provider" // at the body's own sign-in
)

// pinRoles are the roles that a PIN opens, which is short and is typed where
// others see it.
var pinRoles = []Role{Clerk, Reception, Attendant}

// RolesBy are the roles of the member when logged in so.
func (m Member) RolesBy(how How) []Role {
	if how != ByPIN {
		return slices.Clone(m.Roles)
	}
	return slices.DeleteFunc(slices.Clone(m.Roles), func(r Role) bool { return !slices.Contains(pinRoles, r) })
}

// A FieldError tells which field of a form holds what it cannot. It Is the error
// within, ErrBadValue where nothing more exact is known.
type FieldError struct {
	Field string
	Err   error
}

func (e FieldError) Error() string { return fmt.Sprintf("%s: %v", e.Field, e.Err) }
func (e FieldError) Unwrap() error { return e.Err }

var (
	loginPattern    = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,31}$`)
	languagePattern = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$`)
	scopePattern    = regexp.MustCompile(`^[a-z][a-z0-9:._-]{0,31}$`)
)

// The bounds of a member.
const (
	longestName        = 80 // characters
	mostQualifications = 30
	mostScopes         = 30
)

// isName tells whether a text is a name that people read: one line.
func isName(text string) bool {
	return text != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= longestName &&
		strings.TrimSpace(text) == text && !strings.ContainsFunc(text, queue.Unseen)
}

// ReadLogin is a login as somebody types it.
func ReadLogin(typed string) string { return strings.ToLower(strings.TrimSpace(plain(typed))) }

// Validate tells every field that holds what it cannot.
func (m Member) Validate() error {
	return errors.Join(
		field("login", loginPattern.MatchString(m.Login)),
		field("name", isName(m.Name)),
		field("roles", len(m.Roles) > 0 && each(m.Roles, Role.OfPerson)),
		field("rights", each(m.Rights, Right.Known)),
		field("qualifications", len(m.Qualifications) <= mostQualifications && each(m.Qualifications, isName)),
		field("subject", m.Subject == "" || IsSubject(m.Subject)),
		field("language", m.Language == "" || languagePattern.MatchString(string(m.Language))),
	)
}

func field(name string, good bool) error {
	if good {
		return nil
	}
	return FieldError{name, ErrBadValue}
}

// each tells whether all of a list are good, and none stands there twice.
func each[T comparable](list []T, good func(T) bool) bool {
	for i, x := range list {
		if !good(x) || slices.Contains(list[:i], x) {
			return false
		}
	}
	return true
}

// An Attempt is somebody's try to come in.
type Attempt struct {
	Address string // where it comes from, without the port
	Login   string
	Secret  string // PIN, password or one-time code
	How     How    // what Secret is, or what a one-time code is to set
	Known   string // cookie of a browser in which people have signed in before
}

// A WaitError tells how long the next try must wait. It Is ErrWait.
type WaitError struct{ For time.Duration }

func (e WaitError) Error() string {
	return fmt.Sprintf("%v %s", ErrWait, e.For.Round(time.Second))
}
func (e WaitError) Unwrap() error { return ErrWait }

// A Purpose is what a one-time code is for.
type Purpose string

// The purposes of one-time codes.
const (
	// MakesFirst makes the first administrator.
	MakesFirst Purpose = "first"
	// SetsAdministrator lets an administrator choose a new password: it was
	// printed for the technician who stands before the box.
	SetsAdministrator Purpose = "administrator"
	// SetsMember lets one member choose a PIN or a password.
	SetsMember Purpose = "member"
)

// A OneTimeCode is a code when it is made; afterwards only its hash is kept.
type OneTimeCode struct {
	Code    string
	Purpose Purpose
	Until   time.Time
}

// A By is who does something that the audit list keeps.
type By struct {
	ID   string `json:"id,omitempty" doc:"The person, screen or program; left out for the box itself"`
	Name string `json:"name" doc:"What it was called then"`
	Role Role   `json:"role,omitempty" doc:"The role by which it was done"`
}

// FromAPage is who acts where the visitor is a person who does not administer: a page of
// the office, and nobody by name.
var FromAPage = By{Name: "page"}

// By is the visitor as the audit list names it, for an act of a role.
func (v Visitor) By(role Role) By {
	if v.Kind == Person && !Administer(v.Roles) {
		return FromAPage
	}
	return v.named(role)
}

func (v Visitor) named(role Role) By { return By{ID: v.ID, Name: v.Name, Role: role} }
