package queue

// Now is an instant as the box read it. It is a value and not a time.Time,
// since a box without a battery wakes with a wrong clock: the wall reading is
// kept as read, and the monotonic one makes durations true all the same.
type Now struct {
	Wall   int64  `json:"wall"`   // milliseconds since 1970 UTC, as read
	Boot   string `json:"boot"`   // which boot of the box the monotonic reading belongs to
	Mono   int64  `json:"mono"`   // milliseconds since that boot
	Synced bool   `json:"synced"` // the wall clock was known to be right
}

// IsZero tells whether the instant was never set.
func (n Now) IsZero() bool { return n == Now{} }

// within tells whether n is less than ms milliseconds after earlier. Across
// boots it is not: a restart takes longer than any rest of a key, and a wall
// clock that woke in the past must not make a rest last for ever.
func (n Now) within(ms int64, earlier Now) bool {
	return n.Boot == earlier.Boot && n.Mono-earlier.Mono < ms && !earlier.IsZero()
}

// A Cause says who or what made an event happen.
type Cause struct {
	Kind CauseKind `json:"kind"`
	// Device is the button, outlet, desk or printer by its name in the
	// settings. It is never a person's name.
	Device string `json:"device,omitempty"`
	// Inferred marks a moment that nobody saw but that must have been: the
	// end of a service, say, known only from the next call.
	Inferred bool `json:"inferred,omitempty"`
}

// A CauseKind is a kind of device or the role of a person.
type CauseKind string

// The causes.
const (
	ByButton     CauseKind = "button"
	ByTotem      CauseKind = "totem"
	ByPhone      CauseKind = "phone" // the page behind the ticket's QR code
	ByReception  CauseKind = "reception"
	ByKeypad     CauseKind = "keypad"
	ByConsole    CauseKind = "console"
	ByManager    CauseKind = "manager"
	ByTechnician CauseKind = "technician"
	ByPrinter    CauseKind = "printer"
	ByAutomatic  CauseKind = "automatic"
)

// Inference is the same cause, marked as inferred.
func (c Cause) Inference() Cause {
	c.Inferred = true
	return c
}
