package queue

import (
	"fmt"
	"strings"
)

// A ValueRule is what a value of a command must keep.
type ValueRule string

// The rules.
const (
	RuleBetween ValueRule = "between" // at least Least and at most Most
	RuleOneOf   ValueRule = "one-of"  // one of OneOf
	RuleLine    ValueRule = "line"    // one line that can be read, of at most Most characters
	RuleCode    ValueRule = "code"    // a word of at most Most letters and digits
	RuleOnce    ValueRule = "once"    // nothing twice in a list
	RuleToday   ValueRule = "today"   // an hour of the day that is open
	RuleLater   ValueRule = "later"   // an hour that is not over, and after the beginning
	RuleToCome  ValueRule = "to-come" // an hour that is still to come
)

// A ValueError is a value of a command that the office cannot take. It Is
// ErrBadCommand; whoever shows it says it in the reader's language.
type ValueError struct {
	// Field is the value as calls and forms name it, such as "people".
	Field       string
	Rule        ValueRule
	Least, Most int64
	OneOf       []string // other values than the empty one
	Value       string   // what was given, for who reads the log
}

func (e ValueError) Error() string {
	asks := string(e.Rule)
	switch e.Rule {
	case RuleBetween:
		asks = fmt.Sprintf("from %d to %d", e.Least, e.Most)
	case RuleOneOf:
		asks = "one of " + strings.Join(e.OneOf, ", ")
	case RuleLine:
		asks = fmt.Sprintf("one line of at most %d characters, each of which is seen", e.Most)
	case RuleCode:
		asks = fmt.Sprintf("a word of at most %d letters and digits", e.Most)
	}
	return fmt.Sprintf("%v: %s %q; it must be %s", ErrBadCommand, e.Field, e.Value, asks)
}

func (e ValueError) Unwrap() error { return ErrBadCommand }

// between refuses a number beyond its bounds.
func between(field string, n, least, most int64) error {
	if n >= least && n <= most {
		return nil
	}
	return ValueError{Field: field, Rule: RuleBetween, Least: least, Most: most, Value: fmt.Sprint(n)}
}

// oneOf is a value that is none of those that there are.
func oneOf[T ~string](field string, value T, there ...T) error {
	e := ValueError{Field: field, Rule: RuleOneOf, Value: string(value)}
	for _, x := range there {
		e.OneOf = append(e.OneOf, string(x))
	}
	return e
}
