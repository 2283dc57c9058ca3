package display

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"eliminacode/display/access"
	"eliminacode/display/view"
	"eliminacode/queue"
)

// blockAct reserves a block of numbers, or calls one of them in.
func (s *Server) blockAct(ctx context.Context, action string, f fields) (outcome, error) {
	c, code, err := blockCommand(action, f, s.look())
	if err != nil {
		return outcome{}, err
	}
	done, err := s.do(ctx, c)
	if done.code = code; err != nil {
		return done, err
	}
	if a, ok := c.(queue.AdmitReserved); ok {
		// Also of a number that had been called in before.
		if t := done.state.LatestByNumber(a.Number); t != nil {
			done.ticket = t.ID
		}
		if len(done.events) == 0 {
			done.code = "admitted-before"
		}
	}
	return done, nil
}

// blockCommand is the command of an action, and the code of its good answer.
func blockCommand(action string, f fields, l view.Look) (queue.Command, string, error) {
	by := queue.Cause{Kind: queue.ByReception}
	switch action {
	case "reserve":
		count, err := f.whole("count")
		if err != nil {
			return nil, "", err
		}
		return queue.ReserveBlock{
			By: by, Service: queue.ServiceID(f["service"]), Count: count, Code: cmp.Or(f["code"], newBlockCode()),
		}, "reserved", nil
	case "admit":
		c := queue.AdmitReserved{
			By: by, Number: f["number"],
			Service: queue.ServiceID(f["service"]), Class: queue.Class(f["class"]),
		}
		if f["handed"] != "" {
			at, err := f.hour("handed")
			if err != nil {
				return nil, "", err
			}
			c.HandedAt = l.TodayAt(at)
		}
		return c, "admitted", nil
	default:
		return nil, "", fmt.Errorf("%w: no action %q of a block", errNoPage, action)
	}
}

// blockCodeChars is the length of the code of a block, in characters.
const blockCodeChars = 6

// newBlockCode is a random code for the slips of a block, which people read and type.
func newBlockCode() string { return access.NewCode(blockCodeChars) }

func (s *Server) atBlock(r *http.Request, f fields) (outcome, error) {
	return s.blockAct(r.Context(), actionOf(r, f), f)
}

func (s *Server) getBlocks(w http.ResponseWriter, r *http.Request) {
	l := s.lookFor(r)
	p := s.pageAt(l, "blocks").flash(r).named(l, r)
	p.View, p.Request = l.Blocks(), newBlockCode()
	s.render(w, r, p)
}

// getBlock is the slips of a block, to be printed from any printer. What is for
// citizens is in the language of the office.
func (s *Server) getBlock(w http.ResponseWriter, r *http.Request) {
	v, ok := s.look().Block(r.PathValue("id"))
	if !ok {
		s.refuse(w, r, fmt.Errorf("%w: no block %q", errNoPage, r.PathValue("id")))
		return
	}
	p := s.page(r, "block")
	p.View = v
	s.render(w, r, p)
}
