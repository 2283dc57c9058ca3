package display

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"
)

// atReception is the cause of what the reception does.
var atReception = queue.Cause{Kind: queue.ByReception}

// cancelReasons are why the staff or a program cancels a ticket; each has a sentence.
var cancelReasons = []string{"citizen", "not-printed", "burst", "mistake", "technician", "gone"}

// receptionAct carries out an action of the reception.
func (s *Server) receptionAct(ctx context.Context, from address, action string, f fields) (outcome, error) {
	by := atReception
	ticket, err := f.ticket("ticket")
	if err != nil {
		return outcome{}, err
	}
	var c queue.Command
	code := "done"
	switch action {
	case "issue":
		class := queue.Class(f["class"])
		if class != queue.Ordinary && class != queue.Priority {
			return outcome{}, wrongValue("class", string(class), queue.RuleOneOf, string(queue.Priority))
		}
		language, err := chosenLanguage(f)
		if err != nil {
			return outcome{}, err
		}
		return s.issue(ctx, from, queue.IssueTicket{
			By: by, Service: queue.ServiceID(f["service"]), Class: class, Category: queue.Category(f["category"]),
			Outlet: s.receptionOutlet(f), Request: f["request"], Then: servicesOf(f["then"]), Language: language,
		})
	case "contact":
		c, code = queue.RecordContact{By: by, Contact: queue.Contact(f["contact"]), Request: f["request"]}, "contact"
	case "book":
		return s.book(ctx, f)
	case "unbook":
		c, code = queue.CancelAppointment{By: by, Appointment: queue.AppointmentID(f["appointment"])}, "unbooked"
	case "check-in":
		return s.checkIn(ctx, from, f)
	case "grant":
		c, code = queue.GrantPriority{By: by, Ticket: ticket}, "granted"
	case "withdraw":
		c, code = queue.WithdrawPriority{By: by, Ticket: ticket}, "withdrawn"
	case "category":
		c, code = queue.SetCategory{By: by, Ticket: ticket, Category: queue.Category(f["category"])}, "category-set"
	case "cancel":
		why := cmp.Or(f["why"], "mistake")
		if _, err := oneOf(why, cancelReasons); err != nil {
			return outcome{}, err
		}
		c, code = queue.CancelTicket{By: by, Ticket: ticket, Why: why}, "cancelled"
	case "return":
		c, code = queue.ReturnTicket{By: by, Ticket: ticket}, "returned"
	case "reinstate":
		c, code = queue.Reinstate{By: by, Ticket: ticket}, "reinstated"
	case "reprint":
		job, err := f.whole("job")
		if err != nil {
			return outcome{}, err
		}
		if err := s.askers.ticket(from, time.Now()); err != nil {
			return outcome{}, err
		}
		c, code = queue.Reprint{By: by, Ticket: ticket, Job: job, Outlet: queue.OutletID(f["outlet"])}, "reprinted"
	case "burst":
		return s.cancelBurst(ctx, queue.OutletID(f["outlet"]), f)
	default:
		return outcome{}, fmt.Errorf("%w: no action %q of the reception", errNoPage, action)
	}
	done, err := s.do(ctx, c)
	done.code, done.ticket = code, about(c)
	return done, err
}

// receptionOutlet is where a ticket of the reception comes out: where the clerk says,
// else at the reception's own outlet.
func (s *Server) receptionOutlet(f fields) queue.OutletID {
	if f["outlet"] != "" {
		return queue.OutletID(f["outlet"])
	}
	state, _ := s.cfg.Engine.Watch()
	return state.Setup().ReceptionOutlet()
}

// cancelBurst takes a burst of an outlet back, in one command: the tickets that
// the clerk has seen and not marked as real, but for those that were called in
// between. "tickets" are those of the list, "older" the first of those that no
// longer fitted it.
func (s *Server) cancelBurst(ctx context.Context, outlet queue.OutletID, f fields) (outcome, error) {
	listed := strings.FieldsFunc(f["tickets"], func(r rune) bool { return r == ',' })
	older, err := f.ticket("older")
	if err != nil {
		return outcome{}, err
	}
	state, _ := s.cfg.Engine.Watch()
	if _, _, ok := state.Outlet(outlet); outlet != "" && !ok {
		return outcome{}, fmt.Errorf("%w: %q", queue.ErrUnknownOutlet, outlet)
	}
	for _, id := range append(slices.Clone(listed), f["older"]) {
		ticket, err := fields{"ticket": id}.ticket("ticket")
		if err != nil || ticket != 0 && state.Ticket(ticket) == nil {
			return outcome{}, fmt.Errorf("%w: %q", queue.ErrUnknownTicket, id)
		}
	}
	cancel := queue.CancelTickets{By: atReception, Why: "burst"}
	for _, o := range s.look().Reception("").Outlets {
		if o.ID != string(outlet) {
			continue
		}
		for i, id := range o.Burst {
			ticket, err := queue.ParseTicketID(id)
			if err != nil {
				return outcome{}, err
			}
			if slices.Contains(listed, id) || older != 0 && ticket >= older && i < o.Unlisted() {
				cancel.Tickets = append(cancel.Tickets, ticket)
			}
		}
	}
	done, err := s.do(ctx, cancel)
	if done.code = "burst"; len(done.events) == 0 {
		done.code = "burst-none" // such as a copy that comes late
	}
	return done, err
}

// bookingCode is the code of an appointment that a request asks for: the same for
// a repetition of the request.
func bookingCode(request string) queue.AppointmentID {
	return queue.AppointmentID(access.CodeOf(request, 6))
}

// book adds an appointment of today, at an hour of the office's clock.
func (s *Server) book(ctx context.Context, f fields) (outcome, error) {
	request := f["request"]
	if request == "" {
		request = rand.Text()
	}
	hour, err := f.hour("hour")
	if err != nil {
		return outcome{}, err
	}
	l := s.look()
	today := timeOf(l, l.State.OfficeTime(l.Now))
	if plan := l.State.Plan(); plan != nil {
		if date, err := time.ParseInLocation(time.DateOnly, plan.Date, today.Location()); err == nil {
			today = date
		}
	}
	due := time.Date(today.Year(), today.Month(), today.Day(), 0, hour, 0, 0, today.Location())
	booking := queue.Booking{
		ID: bookingCode(request), Service: queue.ServiceID(f["service"]), Desk: queue.DeskID(f["desk"]), DueAt: due.UnixMilli(),
	}
	done, err := s.do(ctx, queue.BookAppointment{By: atReception, Appointment: booking})
	if errors.Is(err, queue.ErrTooLate) {
		err = wrongValue("hour", f["hour"], queue.RuleToCome)
	}
	done.code, done.appointment = "booked", booking.ID
	if done.state != nil && !done.state.Receives(booking.Service, booking.DueAt) {
		done.code = "booked-closed"
	}
	return done, err
}

// checkIn gives the holder of an appointment a ticket. The appointment is named by
// a button of the list, or by what the holder shows.
func (s *Server) checkIn(ctx context.Context, from address, f fields) (outcome, error) {
	state, _ := s.cfg.Engine.Watch()
	id := queue.AppointmentID(f["appointment"])
	if id == "" {
		found, err := appointmentShown(state.Attendances(), f["code"])
		if err != nil {
			return outcome{}, err
		}
		id = found
	}
	if held, ok := state.Attendance(id); ok && held.Ticket == 0 {
		if err := s.askers.ticket(from, time.Now()); err != nil {
			return outcome{}, err
		}
	}
	done, err := s.do(ctx, queue.CheckIn{By: atReception, Appointment: id, Outlet: s.receptionOutlet(f), Token: s.cfg.Token()})
	done.code = "checked-in"
	if held, ok := done.state.Attendance(id); ok {
		done.ticket = held.Ticket
	}
	if err == nil && len(done.events) == 0 {
		done.code = "checked-in-before"
	}
	return done, err
}

// maxShownBytes bounds what the holder of an appointment shows.
const maxShownBytes = 300

// appointmentShown finds an appointment by its code, with or without the zeros
// before its figure, by the address in a QR code that ends with it, or by a number
// that no other appointment's code ends with.
func appointmentShown(all []queue.Attendance, shown string) (queue.AppointmentID, error) {
	if len(shown) > maxShownBytes {
		return "", fmt.Errorf("%w: %w", errBadBody, queue.ValueError{Field: "code", Rule: queue.RuleLine, Most: maxShownBytes, Value: shown})
	}
	shown = strings.Trim(strings.TrimSpace(shown), "/")
	shown = plainCode(shown[strings.LastIndexAny(shown, "/=#")+1:])
	var ends []queue.AppointmentID
	for _, a := range all {
		switch code := plainCode(string(a.ID)); {
		case shown == "":
		case code == shown:
			return a.ID, nil
		case strings.HasSuffix(code, shown) && strings.Trim(shown, "0123456789") == "", queue.Number{Text: code}.Shows(shown):
			ends = append(ends, a.ID)
		}
	}
	if len(ends) != 1 {
		return "", fmt.Errorf("%w: shown as %q", queue.ErrUnknownAppointment, shown)
	}
	return ends[0], nil
}

// plainCode is a code without what people put between its letters.
func plainCode(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '.' {
			return -1
		}
		return r
	}, strings.ToUpper(s))
}
