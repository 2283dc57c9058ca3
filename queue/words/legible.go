package words

// A Distance in mm is said in metres, such as "8,1 m", where it fills a text.
type Distance int

// A Legible is how far a hall display can be read, and how far it must be.
type Legible struct {
	Number, Desk Distance // of the last call
	Last         Distance // the calls before it, which are asked for from half the distance
	Asked        Distance
}

// Text is how far it can be read: "leggibile fino a 8,1 m (numero), ...".
func (l Legible) Text() Text {
	return Text{"device.legible", []any{"number", l.Number, "desk", l.Desk, "last", l.Last}}
}

// Short tells that it is read from less far than it must.
func (l Legible) Short() bool { return l.least() < l.Asked }

// least is the distance from which all of it is read as far as it must.
func (l Legible) least() Distance { return min(l.Number, l.Desk, 2*l.Last) }

// ShortText is that it is read from less far than it must.
func (l Legible) ShortText() Text {
	return Text{"fault.board-small", []any{"least", l.least(), "asked", l.Asked}}
}

// ConnectedLegible is what is said of a board that is there.
func (t *Tongue) ConnectedLegible(l Legible) string {
	return t.Say("device.connected-legible", "connected", t.Connected(), "legible", l.Text())
}
