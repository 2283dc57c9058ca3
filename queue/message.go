package queue

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A MessageID names a message for the boards; who posts one chooses it.
type MessageID string

// A Message is a short text for the people in the hall. The manager writes it: it
// names nobody.
type Message struct {
	ID    MessageID           `json:"id"`
	Texts map[Language]string `json:"texts"`
	// From and Until are office times between which it is shown; 0 is from now on,
	// or until somebody withdraws it.
	From  int64 `json:"from,omitempty"`
	Until int64 `json:"until,omitempty"`
	// Boards are those that show it, by name; none is all of them.
	Boards []string `json:"boards,omitempty"`
}

const (
	mostMessages     = 4 // a board shows numbers, and little else
	longestMessage   = 160
	mostMessageTexts = 8
	mostBoards       = 32
	// mostGone is how many messages that are there no more are known by name.
	mostGone = 64
)

// Shown tells whether a board shows the message at an office time.
func (m Message) Shown(board string, officeTime int64) bool {
	return m.From <= officeTime && !m.over(officeTime) &&
		(len(m.Boards) == 0 || slices.Contains(m.Boards, board))
}

func (m Message) over(officeTime int64) bool { return m.Until != 0 && officeTime >= m.Until }

// Messages are those that were posted and not withdrawn, in the order of posting,
// also those whose time has not come or is over. The slice must not be changed.
func (s *State) Messages() []Message { return s.messages }

func (c PostMessage) decide(d *decision) error {
	m := c.Message
	if err := m.valid(); err != nil {
		return err
	}
	officeTime := d.s.OfficeTime(d.now)
	if m.Until != 0 && m.Until <= max(m.From, officeTime) {
		return ValueError{Field: "until", Rule: RuleLater, Value: fmt.Sprint(m.Until)}
	}
	there := 0
	for _, other := range d.s.messages {
		switch {
		case other.ID == m.ID && sameJSON(other, m):
			return nil
		case other.ID == m.ID:
			return ErrMessageTaken
		case !other.over(officeTime):
			there++
		}
	}
	if there >= mostMessages {
		return ErrTooManyMessages
	}
	d.emit(MessagePosted{Message: m.copied()})
	return nil
}

func (m Message) copied() Message {
	texts := make(map[Language]string, len(m.Texts))
	for l, text := range m.Texts {
		texts[l] = text
	}
	m.Texts, m.Boards = texts, append([]string(nil), m.Boards...)
	return m
}

// valid refuses a message that no board could show.
func (m Message) valid() error {
	switch {
	case !idPattern.MatchString(string(m.ID)):
		return ValueError{Field: "request", Rule: RuleCode, Most: 64, Value: string(m.ID)}
	case len(m.Texts) == 0 || len(m.Texts) > mostMessageTexts:
		return between("text", int64(len(m.Texts)), 1, mostMessageTexts)
	case len(m.Boards) > mostBoards:
		return between("boards", int64(len(m.Boards)), 0, mostBoards)
	case m.From < 0 || m.Until < 0 || max(m.From, m.Until) > latestOfficeTime:
		return fmt.Errorf("%w: a message at no time", ErrBadCommand)
	}
	for l, text := range m.Texts {
		if !l.isCode() || strings.TrimSpace(text) == "" ||
			!utf8.ValidString(text) || utf8.RuneCountInString(text) > longestMessage || strings.ContainsFunc(text, Unseen) {
			return ValueError{Field: "text." + string(l), Rule: RuleLine, Most: longestMessage, Value: text}
		}
	}
	for _, b := range m.Boards {
		if err := short("board", b); err != nil {
			return err
		}
	}
	return nil
}

// decide takes a message away. One that is gone already, since somebody withdrew it,
// today or on an earlier day, or its time was over, needs no second event.
func (c WithdrawMessage) decide(d *decision) error {
	if !slices.ContainsFunc(d.s.messages, func(m Message) bool { return m.ID == c.Message }) {
		if slices.Contains(d.s.gone, c.Message) {
			return nil
		}
		return fmt.Errorf("%w: %q", ErrUnknownMessage, c.Message)
	}
	d.emit(MessageWithdrawn{Message: c.Message})
	return nil
}

// post adds a message, and drops those whose time was over.
func (n *draft) post(m Message) {
	officeTime := n.OfficeTime(n.now)
	kept := []Message{}
	for _, other := range n.messages {
		switch {
		case other.ID == m.ID:
		case other.over(officeTime):
			n.forget(other.ID)
		default:
			kept = append(kept, other)
		}
	}
	n.messages = append(kept, m)
}

// forget keeps of a message no more than that it was there.
func (n *draft) forget(id MessageID) {
	gone := append(slices.Clone(n.gone), id)
	n.gone = gone[max(0, len(gone)-mostGone):]
}

// messagesGone are the messages that the next day does not have any more, the last ones.
func (s *State) messagesGone(officeTime int64) []MessageID {
	gone := slices.Clone(s.gone)
	for _, m := range s.messages {
		if m.over(officeTime) {
			gone = append(gone, m.ID)
		}
	}
	return gone[max(0, len(gone)-mostGone):]
}

func (n *draft) withdraw(id MessageID) {
	n.messages = slices.DeleteFunc(slices.Clone(n.messages), func(m Message) bool { return m.ID == id })
	n.forget(id)
}
