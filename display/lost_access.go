package display

import (
	"context"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"
)

// LostAccess stands in for the accounts of an office that cannot be read: nobody
// of the staff comes in, and the boards that were paired go on showing who is
// called, which is no secret.
type LostAccess struct{}

// Visitor takes every screen that was paired once for a board. What else is shown may
// be good or not, which nobody can tell now: the error says so with every visitor.
func (LostAccess) Visitor(_ time.Time, shown access.Shown) (access.Visitor, error) {
	if shown.Screen == "" {
		return access.Visitor{}, errAccessLost
	}
	return access.Visitor{Kind: access.Screen, Roles: []access.Role{access.Board}}, errAccessLost
}

func (a LostAccess) Still(now time.Time, shown access.Shown) access.Visitor {
	v, _ := a.Visitor(now, shown)
	return v
}

func (LostAccess) Changed() <-chan struct{} { return nil }

func (LostAccess) Sessions() scs.Store { return memstore.NewWithCleanupInterval(0) }

func (LostAccess) Login(context.Context, time.Time, access.Attempt) (access.Member, error) {
	return access.Member{}, errAccessLost
}

func (LostAccess) Known(string, string, access.How) string { return "" }

func (LostAccess) UseCode(context.Context, time.Time, access.Attempt, string) (access.Member, error) {
	return access.Member{}, errAccessLost
}

func (LostAccess) ChangeSecret(context.Context, time.Time, string, access.Attempt, access.How, string, string) error {
	return errAccessLost
}

func (LostAccess) Tied(string) (access.Member, error) { return access.Member{}, errAccessLost }

func (LostAccess) NeedsFirst() bool { return false }

func (LostAccess) MakeFirst(context.Context, time.Time, access.Attempt, access.Member, string) (access.Member, error) {
	return access.Member{}, errAccessLost
}

func (LostAccess) BeginPairing(time.Time, string) (access.Pairing, error) {
	return access.Pairing{}, errAccessLost
}

func (LostAccess) Pairing(time.Time, string) (string, time.Time, bool) { return "", time.Time{}, false }

func (LostAccess) SetLanguage(string, queue.Language) error { return errAccessLost }

func (LostAccess) Account(int, string) (string, error) { return "", errAccessLost }
