package words

// A FaultText says what is wrong with a device and what to do about it.
type FaultText struct {
	What string // such as "Carta esaurita"
	Do   string // such as "Metta un rotolo nuovo e chiuda il coperchio."
}

// Fault is the text for a fault's code, which is one that devices and outlets
// report. An unknown code gets a general text, since a person must always learn
// what to do.
func (t *Tongue) Fault(code string) FaultText { return t.fault("fault", code, "any") }

// fault is the text of a family by a code, with what to do at "-do".
func (t *Tongue) fault(family, code, otherwise string) FaultText {
	if !t.has(family, code) {
		code = otherwise
	}
	return FaultText{What: t.Say(family + "." + code), Do: t.Say(family + "." + code + "-do")}
}

// OutletSign is what an outlet that cannot print tells the citizen, by the
// code of its fault. screen tells that numbers can be given without paper.
func (t *Tongue) OutletSign(code string, screen bool) string {
	what := t.Fault(code).What
	if screen {
		return t.Say("outlet.on-screen", "what", what)
	}
	return t.Say("outlet.at-reception", "what", what)
}

// PaperAt says where a slip comes out, when that is not where its number was
// asked for.
func (t *Tongue) PaperAt(outlet string) string { return t.Say("outlet.paper-at", "outlet", outlet) }

// MovedSign is what the outlet where a number was asked for says of a slip that
// comes out elsewhere.
func (t *Tongue) MovedSign(number, outlet string) string {
	return t.Say("outlet.moved", "number", number, "outlet", outlet)
}

// SpareSign tells the staff what helps out while a printer cannot print.
func (t *Tongue) SpareSign(outlet string) string { return t.Say("outlet.spare", "outlet", outlet) }
