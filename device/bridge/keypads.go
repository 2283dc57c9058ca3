package bridge

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"eliminacode/device"
	"eliminacode/queue"
)

const (
	// typedMost bounds the digits a clerk may have typed before a key that
	// uses them.
	typedMost = 6
	// typedFor is how long they are remembered.
	typedFor = 10 * time.Second
)

// errMistyped: the digits mean nothing here.
var errMistyped = errors.New("the digits mean nothing here")

// typed is what a clerk has typed so far.
type typed struct {
	digits   string
	transfer bool // TRANSFER was pressed: the digits name a service
	at       time.Time
}

// keypads turns keys into commands. It is used by one goroutine at a time, as
// the contract of device.Keypads says.
type keypads struct {
	*Bridge
	typed map[string]typed // by keypad
}

func (k *keypads) key(ctx context.Context, key device.Key) {
	desk, ok := k.cfg.Desks[key.Keypad]
	if !ok {
		k.cfg.Log.Warn("a keypad is bound to no desk", "keypad", key.Keypad)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, commandMost)
	defer cancel()
	c, err := k.command(key, desk)
	if c != nil {
		_, _, err = k.cfg.Engine.Do(ctx, c)
	}
	if err != nil {
		k.cfg.Log.Info("a key was refused", "keypad", key.Keypad, "desk", desk, "key", key.Code, "err", err)
		k.show(key.Keypad, device.LightError)
	} else {
		// Digits too: the clerk learns that the key came through.
		k.show(key.Keypad, device.LightBeep)
	}
}

// command is what a key asks for, or nil while digits gather.
func (k *keypads) command(key device.Key, desk queue.DeskID) (queue.Command, error) {
	so := k.typed[key.Keypad]
	if key.At.Sub(so.at) > typedFor {
		so = typed{}
	}
	if len(key.Code) == 1 && key.Code[0] >= '0' && key.Code[0] <= '9' {
		if len(so.digits) == typedMost {
			delete(k.typed, key.Keypad)
			return nil, errMistyped
		}
		so.digits += string(key.Code)
		so.at = key.At
		k.typed[key.Keypad] = so
		return nil, nil
	}
	delete(k.typed, key.Keypad)

	state, _ := k.cfg.Engine.Watch()
	_, now, ok := state.Desk(desk)
	if !ok {
		return nil, fmt.Errorf("%w: %q", queue.ErrUnknownDesk, desk)
	}
	by := queue.Cause{Kind: queue.ByKeypad, Device: key.Keypad}
	switch key.Code {
	case device.KeyClear:
		return nil, nil
	case device.KeyTransfer:
		k.typed[key.Keypad] = typed{transfer: true, at: key.At}
		return nil, nil
	case device.KeyNext, device.KeyEnter:
		switch {
		case so.transfer:
			return transfer(state, by, desk, now.Ticket, so.digits)
		case so.digits != "":
			return callNumber(state, by, desk, now.Ticket, so.digits)
		default:
			return queue.CallNext{By: by, Desk: desk, Finishing: now.Ticket}, nil
		}
	case device.KeyRecall:
		return queue.RecallTicket{By: by, Desk: desk, Ticket: now.Ticket}, nil
	case device.KeyNoShow:
		return queue.MarkNoShow{By: by, Desk: desk, Ticket: now.Ticket}, nil
	case device.KeyStart:
		return queue.StartService{By: by, Desk: desk, Ticket: now.Ticket}, nil
	case device.KeyFinish:
		return queue.FinishTicket{By: by, Desk: desk, Ticket: now.Ticket}, nil
	case device.KeyPause:
		if now.Open && !now.Paused {
			return queue.PauseDesk{By: by, Desk: desk}, nil
		}
		return queue.OpenDesk{By: by, Desk: desk, Account: now.Account}, nil
	default:
		return nil, fmt.Errorf("%w: key %q", errMistyped, key.Code)
	}
}

// transfer sends the desk's ticket to the n-th service of the setup.
func transfer(state *queue.State, by queue.Cause, desk queue.DeskID, ticket queue.TicketID, digits string) (queue.Command, error) {
	n, err := strconv.Atoi(digits)
	services := state.Setup().Services
	if err != nil || n < 1 || n > len(services) {
		return nil, fmt.Errorf("%w: there is no service %q", errMistyped, digits)
	}
	return queue.TransferTicket{By: by, From: desk, Ticket: ticket, Service: services[n-1].ID}, nil
}

// callNumber calls the waiting ticket with that number. A number that several
// series show is no answer to which one.
func callNumber(state *queue.State, by queue.Cause, desk queue.DeskID, finishing queue.TicketID, digits string) (queue.Command, error) {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return nil, errMistyped
	}
	var found []queue.TicketID
	d, _, _ := state.Desk(desk)
	for _, ids := range [][]queue.ServiceID{d.Profile.First, d.Profile.Help} {
		for _, id := range ids {
			for t := range state.Waiting(id) {
				if t.Number.Value == n {
					found = append(found, t.ID)
				}
			}
		}
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("%w: %d waiting tickets have the number %d", errMistyped, len(found), n)
	}
	return queue.CallTicket{By: by, Desk: desk, Finishing: finishing, Ticket: found[0]}, nil
}
