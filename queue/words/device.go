package words

// DeviceKind is the word for a kind of device.
func (t *Tongue) DeviceKind(kind string) string { return t.oneOf("device", "kind-"+kind, "kind-any") }

// DeviceState is the word for a device's health.
func (t *Tongue) DeviceState(state string) string {
	return t.oneOf("device", "state-"+state, "state-checking")
}

// Lamp is the word for what the lamp of a button says: "off", "ready", "busy",
// "fault", "beep" or "error"; empty for anything else.
func (t *Tongue) Lamp(light string) string { return t.ifAny("device", "lamp-"+light) }

// Rung says how a printer confirms tickets; empty while that is not known.
func (t *Tongue) Rung(rung string) string { return t.ifAny("device", "rung-"+rung) }

// DeviceSummary says how many of the devices work.
func (t *Tongue) DeviceSummary(all, working int) string {
	switch {
	case all == 0:
		return t.Say("device.none")
	case working == all:
		return t.Say("device.all-work", "all", all)
	default:
		return t.Say("device.to-see", "count", all-working, "all", all)
	}
}

// Boards are all boards together, as a device.
func (t *Tongue) Boards() string { return t.Say("device.boards") }

// Connected is what is said of a page of ours that is there.
func (t *Tongue) Connected() string { return t.Say("device.connected") }

// BoardName is a board by its name, or by its address when it has none.
func (t *Tongue) BoardName(name string) string { return t.Say("device.board-name", "name", name) }

// ScreenName is the screen of an outlet.
func (t *Tongue) ScreenName(outlet string) string {
	return t.Say("device.screen-name", "outlet", outlet)
}

// MoreBoards are the boards that a list has no room for, and that they are
// connected.
func (t *Tongue) MoreBoards(n int) (name, state string) {
	return t.Say("device.more-boards", "count", n), t.Say("device.more-connected")
}

// Key is what is written on a key of a clerk's keypad, or the code of one that
// has no writing.
func (t *Tongue) Key(code string) string {
	if text := t.ifAny("key", code); text != "" {
		return text
	}
	return code
}
