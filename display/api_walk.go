package display

import (
	"context"
	"net/http"
)

// walkAPI is the address of the way to a first office, copiesAPI that of the copies,
// and sentCopyAPI that to which one is sent.
const (
	walkAPI     = "/api/v1/walk"
	copiesAPI   = "/api/v1/copies"
	sentCopyAPI = copiesAPI + "/sent"
)

// Bodies and answers of the calls of a box that has no office yet, and of its devices.
type (
	walkPrinterBody struct {
		Name string `json:"name" example:"atrio" doc:"The printer, as the settings name it"`
	}
	walkSeenBody struct {
		Kind ThingKind `json:"kind,omitempty" enum:"printer,panel," doc:"What it is; left out, a printer"`
		Name string    `json:"name" example:"atrio" doc:"The printer or panel, as the settings name it"`
	}
	walkPanelBody struct {
		Name string `json:"name" example:"sala" doc:"The panel, as the settings name it; or a serial port that they do not name"`
		OfAddress
	}
	// OfAddress is where a panel is on its line.
	OfAddress struct {
		Address string `json:"address,omitempty" pattern:"^[0-9]*$" maxLength:"3" doc:"The panel's address on its line, 0 to 255; left out, as the settings have it, and 1 on a port that they do not name"`
	}
	walkPortBody struct {
		Name string `json:"name" example:"/dev/serial/by-path/usb-0:1.2" doc:"A serial port that the settings do not name, as found has it"`
	}
	walkStepBody struct {
		Name string `json:"name" enum:"procedures,printers,buttons,keypads,panels,boards" doc:"The step"`
	}
	walkRemoveBody struct {
		Thing
	}
	namingBody struct {
		Thing
		Service string `json:"service,omitempty" example:"anagrafe" doc:"Of a button: the service that it gives numbers of"`
		Class   string `json:"class,omitempty" enum:"priority," doc:"Of a button: priority; left out or empty, for everybody"`
		Outlet  string `json:"outlet,omitempty" example:"totem" doc:"Of a button: where its number comes out; of a printer: its own outlet. One that was found takes the place of the printer that is there, which goes out of the settings"`
		Desk    string `json:"desk,omitempty" example:"s1" doc:"Of a keypad or panel: the desk that it stands at; of a panel, empty for the calls of all desks"`
		Model   string `json:"model,omitempty" example:"generic-80" doc:"The profile of a printer, the keymap of a keypad, the frame of a panel; of a device of the settings left out, as it is"`
		Baud    string `json:"baud,omitempty" pattern:"^[0-9]*$" maxLength:"6" doc:"Of a printer: its speed in bit/s, 0 for that of its profile; left out, as it is, of one that was found that of its profile"`
		OfAddress
	}

	copyID struct {
		ID      string `path:"id" doc:"The copy, as the list names it"`
		Another bool   `query:"another" doc:"A person agreed that the copy is of another office than the one that was there, which instead names"`
	}
	copiesAnswer struct {
		Copies []Copy `json:"copies" doc:"Those found on the box and on the sticks in it, in the order of their folders"`
		Failed string `json:"failed,omitempty" doc:"Why the last one was not put back, in English"`
	}
)

// registerFirst are the calls of a box that has no office yet: what hangs on it and
// was tried, and the copies of an office that there was. Once an office is in force
// those of the copies are refused, and those of the steps to a first office.
func (o *operations) registerFirst() {
	if o.s.cfg.Walk != nil {
		o.registerWalk()
	}
	if o.s.cfg.Copies != nil {
		o.registerCopies()
	}
}

func (o *operations) registerWalk() {
	describeState[walkPage](o, "walk", "What hangs on a box, what of it was tried, and what was found and pressed: with an office in force while search goes on, else always")
	walkCall[walkPrinterBody](o, "trial", "Print a slip that says PROVA; only who looks at the paper can say that it came out")
	walkCall[walkSeenBody](o, "came-out", "Say that the slip came out well, or that the panel shows its number")
	walkCall[walkSeenBody](o, "not-out", "Say that it did not, or not well")
	walkCall[walkPanelBody](o, "show", "Have a panel show a number: one of the settings its own, which is in signs of state/walk, until an office is in force; "+
		"on a port that no setting names a number for each kind of panel, which tells what hangs there")
	walkCall[nothing](o, "search", "With an office in force: look for five minutes for devices that no setting names, which show in state/walk once they are pressed; "+
		"those in use are not listened to")
	walkCall[walkPortBody](o, "seek", "Look for a printer on a serial port, at the usual speeds: sought of state/walk says how it goes")
	walkCall[walkStepBody](o, "leave", "Say that a step is not needed on this box")
	walkCall[nothing](o, "listen", "Let all free lines of a chip that the settings name by hand be listened to, as inputs: only where nothing but buttons hangs on them")
	walkCall[namingBody](o, "name", "Give a device a meaning in the settings of the box, which starts again with them: "+
		"what was found gets all that its kind asks for, a device of the settings another service, class, desk, outlet or kind. "+
		"Where the box may not write the file, code is walk-lines, and the lines for a person are in state/walk")
	walkCall[walkRemoveBody](o, "remove", "Take a device out of the settings of the box, which starts again without it. "+
		"A printer stays while numbers of buttons come out of it")
}

// walkCall makes a call out of an act of the page of the trials.
func walkCall[B any](o *operations, action, summary string) {
	s := o.s
	take(o, setters, call(http.MethodPost, walkAPI+"/"+action, officeTag, summary),
		func(r *http.Request, body B) (*reply[didAnswer], error) {
			posted, err := fieldsOf(body)
			if err != nil {
				return nil, err
			}
			code, err := s.walkAct(r, action, posted)
			if err == nil && code == "trial-failed" {
				err = errTrialFailed
			}
			if err == nil && (code == "walk-written" || code == "walk-removed") {
				s.cfg.Walk.Shown() // no page waits for it
			}
			return &reply[didAnswer]{s.did(r, code)}, err
		})
}

// inForce tells that an office is in force.
func (s *Server) inForce() bool {
	state, _ := s.cfg.Engine.Watch()
	return state.HasSetup()
}

func (o *operations) registerCopies() {
	s := o.s
	operate(o, setters, call(http.MethodGet, copiesAPI, officeTag, "The copies of an office that a box without one finds"),
		func(r *http.Request, _ *struct{}) (copiesAnswer, error) {
			if s.inForce() {
				return copiesAnswer{}, errOfficeThere
			}
			return s.copies(r.Context()), nil
		})
	operate(o, setters, call(http.MethodPost, copiesAPI+"/{id}/put-back", officeTag,
		"Put the office of a copy in force: the box starts again with it, or says in failed why not"),
		func(r *http.Request, in *copyID) (didAnswer, error) {
			if s.inForce() {
				return didAnswer{}, errOfficeThere
			}
			if err := s.putCopyBack(r, in.ID, in.Another); err != nil {
				return didAnswer{}, err
			}
			s.cfg.Copies.Shown() // no page waits for it
			return s.did(r, "copy-chosen"), nil
		})
	file := call(http.MethodPut, sentCopyAPI, officeTag,
		"Send a copy, as eliminacode journal backup --to FILE.tar writes it: it is read through before it is one of the copies. It may have 4 GiB")
	file.RequestBody = fileBody("application/x-tar")
	handle[copiesAnswer](o, setters, file, jsonMedia, s.putSentCopy)
}

// copies are those that the box finds.
func (s *Server) copies(ctx context.Context) copiesAnswer {
	a := copiesAnswer{Copies: s.cfg.Copies.Copies(ctx), Failed: s.cfg.Copies.Failed()}
	if a.Copies == nil {
		a.Copies = []Copy{}
	}
	return a
}

// putSentCopy takes a copy that a program sends, and answers with all of them.
func (s *Server) putSentCopy(w http.ResponseWriter, r *http.Request) {
	if s.inForce() {
		s.refuse(w, r, errOfficeThere)
		return
	}
	if err := s.takeCopy(w, r, r.Body); err != nil {
		s.refuse(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, s.copies(r.Context()))
}
