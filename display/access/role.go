package access

import "slices"

// A Role is what somebody, or a machine, is in the office. It says which pages
// there are; no role contains another, so that who has two jobs has two roles.
type Role string

// The roles of people and, except Administrator, of the programs that act for
// them.
const (
	Clerk         Role = "clerk"         // operatore, at a desk
	Reception     Role = "reception"     // punto accoglienza
	Attendant     Role = "attendant"     // commesso, in the hall
	Manager       Role = "manager"       // responsabile
	Quality       Role = "quality"       // ufficio qualità
	BackOffice    Role = "back-office"   // no public but by appointment
	Technician    Role = "technician"    // tecnico
	Administrator Role = "administrator" // people, pairings, tokens, audit
)

// The roles of machines that were paired.
const (
	Board  Role = "board"  // tabellone
	Totem  Role = "totem"  // touch screen of an outlet
	Voting Role = "voting" // three faces beside a desk
)

// A Right is what a person may do beside what the roles say.
type Right string

// The rights.
const (
	Messages Right = "messages" // of the boards
	Sound    Right = "sound"    // of the boards
)

var (
	peopleRoles = []Role{Clerk, Reception, Attendant, Manager, Quality, BackOffice, Technician, Administrator}
	screenRoles = []Role{Board, Totem, Voting}
	tokenRoles  = []Role{Clerk, Reception, Attendant, Manager, Quality, BackOffice, Technician}
	rights      = []Right{Messages, Sound}
)

// PeopleRoles are the roles that a person may have, in the order of lists.
func PeopleRoles() []Role { return slices.Clone(peopleRoles) }

// ScreenRoles are the roles that a paired screen may have.
func ScreenRoles() []Role { return slices.Clone(screenRoles) }

// ProgramRoles are the roles that a program's token may have: those of people
// but Administrator, since no program makes accounts.
func ProgramRoles() []Role { return slices.Clone(tokenRoles) }

// Rights are the rights that there are.
func Rights() []Right { return slices.Clone(rights) }

// OfPerson tells whether a person may have the role.
func (r Role) OfPerson() bool { return slices.Contains(peopleRoles, r) }

// OfScreen tells whether a paired screen may have the role.
func (r Role) OfScreen() bool { return slices.Contains(screenRoles, r) }

// OfProgram tells whether a program's token may have the role.
func (r Role) OfProgram() bool { return slices.Contains(tokenRoles, r) }

// administering are the roles of who runs the office: what they change has their name.
var administering = []Role{Manager, Technician, Administrator}

// Administer tells whether one of some roles runs the office. Of a person with none of
// them nothing is kept beside a time, since it would tell who was at work then.
func Administer(roles []Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(administering, r) })
}

// Known tells whether there is such a right.
func (r Right) Known() bool { return slices.Contains(rights, r) }
