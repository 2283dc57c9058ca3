package display

// Bodies of what one does in a rehearsal.
type (
	pressBody struct {
		Button string `json:"button" example:"anagrafe" doc:"The push button, as the page of buttons names it"`
	}
	keyBody struct {
		Keypad string `json:"keypad" example:"s1" doc:"The keypad, as the page of buttons names it"`
		Key    string `json:"key" example:"next" doc:"The key, as the page of buttons names it"`
	}
	// Switched is whether something is on.
	Switched struct {
		On string `json:"on" enum:"0,1" example:"1" doc:"1 for on, 0 for off"`
	}
	peopleBody struct{ Switched }
	speedBody  struct {
		Times string `json:"times" pattern:"^[0-9.]+$" example:"10" doc:"How much faster than real the office's clock goes"`
	}
	faultBody struct {
		Fault string `json:"fault" example:"totem.paper-out" doc:"The switch, as the page of papers names it"`
		Switched
	}
)

// registerDemo are the calls of a rehearsal, which has no hardware.
func (o *operations) registerDemo() {
	const path, tag = "/api/v1/demo", "rehearsal"
	do, who := o.s.atDemo, o.s.rehearsers()
	if o.s.cfg.Papers != nil {
		carry[faultBody](o, who, path, "fault", do, tag, "Break a virtual printer, or mend it")
	}
	if o.s.cfg.Presses == nil {
		return
	}
	carry[pressBody](o, who, path, "press", do, tag, "Press a push button of the hall")
	carry[nothing](o, who, path, "hold", do, tag, "Hold the first two buttons, as a technician does")
	carry[keyBody](o, who, path, "key", do, tag, "Press a key of a keypad")
	if o.s.cfg.Demo == nil {
		return
	}
	carry[peopleBody](o, staff, path, "people", do, tag, "Let simulated citizens and clerks work, or rest")
	carry[speedBody](o, staff, path, "speed", do, tag, "Let the office's clock go faster")
}
