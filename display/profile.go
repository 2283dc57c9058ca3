package display

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"eliminacode/display/view"
	"eliminacode/queue"
)

// errProfileMoved: somebody else has changed the same service of a desk's profile;
// profileMoved says which.
var errProfileMoved = errors.New("the profile of the desk was changed meanwhile")

// A profileMoved is a service of a desk that somebody else has changed, within
// errProfileMoved, and how the desk serves it now.
type profileMoved struct {
	service queue.ServiceID
	how     string
}

func (e profileMoved) Error() string { return fmt.Sprintf("%s is %q now", e.service, e.how) }

// How a desk serves a service, in the field "serve-" and the service's id, and as it was
// shown in "was-" and the id.
const (
	serveFirst = "first"
	serveHelp  = "help"
)

// howServed is how a profile serves a service, as a form says it.
func howServed(p queue.Profile, id queue.ServiceID) string {
	switch {
	case slices.Contains(p.First, id):
		return serveFirst
	case slices.Contains(p.Help, id):
		return serveHelp
	}
	return ""
}

// profileOf is a profile as a form says it. What stays keeps its place, since the
// order may be that of service; what is new comes after it, as in the setup. Of a form
// that says what it was shown only the difference counts, so that what somebody else
// changed meanwhile stays; where both changed one service it is refused.
func profileOf(s *queue.State, desk queue.DeskID, f fields) (p queue.Profile, err error) {
	d, _, _ := s.Desk(desk)
	rests := false
	for name, how := range f {
		field, id, _ := strings.Cut(name, "-")
		switch {
		case field != "serve" && field != "was" || name == field:
			continue
		case !slices.ContainsFunc(s.Setup().Services, func(x queue.Service) bool { return x.ID == queue.ServiceID(id) }):
			return p, fmt.Errorf("%w: %q", queue.ErrUnknownService, id)
		case how != serveFirst && how != serveHelp && how != "":
			return p, wrongValue(field+"."+id, how, queue.RuleOneOf, serveFirst, serveHelp)
		}
		rests = rests || field == "was"
	}
	asked, moved := map[queue.ServiceID]string{}, []error(nil)
	for _, x := range s.Setup().Services {
		was, now, wanted := f["was-"+string(x.ID)], howServed(d.Profile, x.ID), f["serve-"+string(x.ID)]
		switch {
		case rests && wanted == was:
			wanted = now
		case rests && was != now && wanted != now:
			moved = append(moved, profileMoved{x.ID, now})
		}
		asked[x.ID] = wanted
	}
	if moved != nil {
		return p, fmt.Errorf("%w: %w", errProfileMoved, errors.Join(moved...))
	}
	pick := func(how string, now []queue.ServiceID) (list []queue.ServiceID) {
		for _, id := range now {
			if asked[id] == how {
				list = append(list, id)
			}
		}
		for _, x := range s.Setup().Services {
			if asked[x.ID] == how && !slices.Contains(list, x.ID) {
				list = append(list, x.ID)
			}
		}
		return list
	}
	return queue.Profile{First: pick(serveFirst, d.Profile.First), Help: pick(serveHelp, d.Profile.Help)}, nil
}

// sureOf tells whether a form says that its sender is sure.
func sureOf(f fields) (bool, error) {
	if f["sure"] != "" && f["sure"] != "yes" {
		return false, wrongValue("sure", f["sure"], queue.RuleOneOf, "yes")
	}
	return f["sure"] != "", nil
}

// leftSaid are the sentences on what a change would leave, which it is refused for until
// a person is sure.
func leftSaid(l view.Look, all []queue.Left) (said []string) {
	for _, left := range all {
		if left.Service == "" {
			d, _, _ := l.State.Desk(left.Desk)
			said = append(said, l.Tongue.Say("hands.serves-nothing", "desk", l.Tongue.DeskName(d.Label)))
		} else {
			x, _ := l.State.Service(left.Service)
			said = append(said, l.Tongue.Say("hands.unattended-left", "service", l.ServiceName(x), "count", left.Waiting))
		}
	}
	return said
}

// nameProfile tells in a problem what somebody else changed in a desk's profile, at its
// field, or what a profile would leave.
func (s *Server) nameProfile(r *http.Request, p *problem, err error) {
	l := s.lookFor(r)
	name := func(id queue.ServiceID) string {
		x, _ := l.State.Service(id)
		return l.ServiceName(x)
	}
	var said []string
	for _, moved := range within[profileMoved](err) {
		how := l.Tongue.Say("hands.serve-" + cmp.Or(moved.how, "none"))
		sentence := l.Tongue.Say("hands.profile-moved", "service", name(moved.service), "how", how)
		said = append(said, sentence) // of several each is told at its field
		p.Errors = append(p.Errors, problemField{Location: "body.serve." + string(moved.service), Code: p.Code, Message: sentence})
	}
	if len(said) == 1 {
		p.say(said[0])
	}
	if said != nil {
		return
	}
	var asks queue.UnattendedError
	if errors.As(err, &asks) {
		said = leftSaid(l, asks.Left)
		p.Detail = strings.Join(said, " ") + " " + p.Detail
	}
}
