package display

import (
	"fmt"
	"slices"
	"strconv"

	"eliminacode/queue"
)

// allDesks says in a form that a panel which was found shows the calls of all desks. It is
// no id of a desk; a form that says nothing has chosen nothing yet.
const allDesks = "*"

// namingOf is what a form says of a device. The speed and the address of one of the
// settings stay as they are where it does not say them.
func (s *Server) namingOf(f fields) (n Naming, err error) {
	n = Naming{
		Thing: Thing{ThingKind(f["kind"]), f["name"]}, Service: queue.ServiceID(f["service"]), Class: queue.Class(f["class"]),
		Outlet: queue.OutletID(f["outlet"]), Desk: queue.DeskID(f["desk"]), Model: f["model"],
	}
	if n.Kind == PanelThing && n.Desk == allDesks {
		n.Desk = ""
	}
	was, unwired := s.wiredOf(n.Kind, n.Name)
	switch {
	case unwired == nil && n.Kind == PanelThing && f["address"] == "":
		n.Address = was.Address
	case n.Kind == PanelThing:
		n.Address, err = addressIn(f)
	case unwired == nil && n.Kind == PrinterThing && f["baud"] == "":
		n.Baud = was.Baud
	case n.Kind == PrinterThing && f["baud"] != "":
		n.Baud, err = strconv.Atoi(f["baud"])
		if err != nil || n.Baud != 0 && n.Baud != was.Baud && !slices.Contains(printerSpeeds, n.Baud) {
			var all []string
			for _, baud := range printerSpeeds {
				all = append(all, strconv.Itoa(baud))
			}
			err = wrongValue("baud", f["baud"], queue.RuleOneOf, all...)
		}
	}
	return n, err
}

// ofAKind sees that a device is said to be of a kind that there is. One that was found is
// said to be all that it does not work without: a button of a service, a keypad of a desk,
// a printer and a panel of a kind, since what is printed or shown with another one's signs
// comes out as noise.
func (s *Server) ofAKind(n Naming) error {
	found := slices.ContainsFunc(s.cfg.Walk.Found(), func(w Wired) bool { return w.Thing == n.Thing })
	switch {
	case found && n.Kind == ButtonThing && n.Service == "":
		return wrongValue("service", "", ruleMissing)
	case found && n.Kind == KeypadThing && n.Desk == "":
		return wrongValue("desk", "", ruleMissing)
	case n.Kind == ChipThing, n.Kind == StepThing, n.Kind == ButtonThing:
		return nil
	case n.Model == "" && (!found || n.Kind != PrinterThing && n.Kind != PanelThing):
		return nil
	}
	if all := s.cfg.Walk.Models(n.Kind); !slices.Contains(all, n.Model) {
		return wrongValue("model", n.Model, queue.RuleOneOf, all...)
	}
	return nil
}

// printerSpeeds are those that printers are set to, in bit/s.
var printerSpeeds = []int{1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200}

// usualAddress is that of most panels as they are delivered, mostAddress the last one.
const usualAddress, mostAddress = 1, 255

// addressIn is the address in a form; the usual one where it has none.
func addressIn(f fields) (int, error) {
	if f["address"] == "" {
		return usualAddress, nil
	}
	n, err := strconv.Atoi(f["address"])
	if err != nil || n < 0 || n > mostAddress {
		return 0, fmt.Errorf("%w: %w", errBadBody, queue.ValueError{Field: "address", Rule: queue.RuleBetween, Most: mostAddress, Value: f["address"]})
	}
	return n, nil
}
