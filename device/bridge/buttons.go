package bridge

import (
	"context"
	"sync"
	"time"

	"eliminacode/device"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// cancelledByGrip is the journal's reason for the tickets that the two presses
// of a technician's grip gave.
const cancelledByGrip = "technician"

// buttons turn presses into tickets, and a technician's grip into a slip. They
// are used by one goroutine at a time, as the contract of device.Buttons says.
type buttons struct {
	*Bridge
	// gave is the ticket of each button's last press. A button that is held has
	// not been pressed again since.
	gave map[string]queue.TicketID
	// slips are the status slips under way; printing is full while one is.
	slips    sync.WaitGroup
	printing chan struct{}
}

func newButtons(b *Bridge) *buttons {
	return &buttons{Bridge: b, gave: map[string]queue.TicketID{}, printing: make(chan struct{}, 1)}
}

// issue is what a press of the button asks for.
func (b Button) issue(name string) queue.IssueTicket {
	return queue.IssueTicket{
		By:      queue.Cause{Kind: queue.ByButton, Device: name},
		Service: b.Service, Class: b.Class, Outlet: b.Outlet,
	}
}

// press asks for a ticket.
func (s *buttons) press(ctx context.Context, pressed device.Press) {
	if pressed.Held != nil {
		s.grip(ctx, pressed.Held)
		return
	}
	delete(s.gave, pressed.Button)
	bound, ok := s.cfg.Bindings[pressed.Button]
	if !ok {
		s.cfg.Log.Warn("a button is bound to no service", "button", pressed.Button)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, commandMost)
	defer cancel()
	issue := bound.issue(pressed.Button)
	issue.Token = s.cfg.Token()
	_, events, err := s.cfg.Engine.Do(ctx, issue)
	if err != nil {
		s.cfg.Log.Info("a press gave no ticket", "button", pressed.Button, "service", bound.Service, "err", err)
		s.show(bound.Lamp, device.LightError)
		return
	}
	if issued := queue.IssuedIn(events); issued != 0 {
		s.gave[pressed.Button] = issued
		s.show(bound.Lamp, device.LightBeep)
	}
}

// grip cancels what the two presses gave, as far as nobody was called with it
// yet, and prints the state of the box where the first button's tickets come
// out.
func (s *buttons) grip(ctx context.Context, held []string) {
	s.cfg.Log.Info("a technician asks for the state of the box", "buttons", held)
	s.cancel(ctx, held)
	if s.cfg.Gripped != nil && s.cfg.Gripped() {
		for _, name := range held {
			s.show(s.cfg.Bindings[name].Lamp, device.LightBeep)
		}
		return
	}
	bound, ok := s.cfg.Bindings[held[0]]
	if !ok {
		s.cfg.Log.Warn("a button is bound to no outlet", "button", held[0])
		return
	}
	select {
	case s.printing <- struct{}{}:
	default:
		s.cfg.Log.Info("a status slip is under way already", "outlet", bound.Outlet)
		return
	}
	s.slips.Go(func() {
		defer func() { <-s.printing }()
		light := device.LightBeep
		// A slip under way when the program stops is given the time to end.
		if paper, err := s.StatusSlip(context.WithoutCancel(ctx), bound.Outlet); paper == queue.PaperFailed {
			s.cfg.Log.Warn("the state of the box was not printed", "outlet", bound.Outlet, "err", err)
			light = device.LightError
		}
		for _, name := range held {
			s.show(s.cfg.Bindings[name].Lamp, light)
		}
	})
}

// cancel takes back the tickets that the presses of held buttons gave.
func (s *buttons) cancel(ctx context.Context, held []string) {
	var tickets []queue.TicketID
	state, _ := s.cfg.Engine.Watch()
	for _, name := range held {
		if t := state.Ticket(s.gave[name]); t != nil && t.State == queue.Waiting {
			tickets = append(tickets, t.ID)
		}
		delete(s.gave, name)
	}
	if len(tickets) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, commandMost)
	defer cancel()
	by := queue.Cause{Kind: queue.ByTechnician, Device: held[0]}
	if _, _, err := s.cfg.Engine.Do(ctx, queue.CancelTickets{By: by, Tickets: tickets, Why: cancelledByGrip}); err != nil {
		s.cfg.Log.Warn("the tickets of a technician's grip still wait", "tickets", tickets, "err", err)
	}
}

// StatusSlip prints the state of the box at an outlet, and answers what became of
// its paper. It may be called from any goroutine while Run runs.
func (b *Bridge) StatusSlip(ctx context.Context, outlet queue.OutletID) (queue.PaperState, error) {
	var box words.BoxStatus
	if b.cfg.Box != nil {
		box = b.cfg.Box()
	}
	paper, _, err := b.printAside(ctx, outlet, func(setup queue.Setup, at time.Time) words.SlipText {
		return words.StatusSlip(setup, at, box)
	})
	return paper, err
}
