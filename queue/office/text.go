package office

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"eliminacode/firmware-config/tomlfile"
	"eliminacode/queue"
)

// wrongForm is the answer to a text that has not the form of its kind, which Form
// says.
func wrongForm(text []byte) error { return fmt.Errorf("is %q", text) }

// forms are the names of these texts in the tags of a setup.
var forms = tomlfile.Forms{"duration": new(duration), "date": new(date), "numbers": new(numbers), "share": new(share), "hour": new(hour)}

// A duration is milliseconds, written "15m".
type duration int64

func (duration) Form() string { return `a duration in quotes, such as "90s", "15m" or "1h30m"` }

func (d *duration) UnmarshalText(text []byte) error {
	t, err := time.ParseDuration(string(text))
	if err != nil || t%time.Millisecond != 0 {
		return wrongForm(text)
	}
	*d = duration(t.Milliseconds())
	return nil
}

// MarshalText is the shortest of the forms that are read, such as "15m".
func (d duration) MarshalText() ([]byte, error) {
	s := (time.Duration(d) * time.Millisecond).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return []byte(s), nil
}

// A date is written "2026-06-02", with quotes or without.
type date string

func (date) Form() string                       { return `a date such as "2026-06-02"` }
func (d *date) UnmarshalText(text []byte) error { *d = date(text); return nil }
func (d date) MarshalText() ([]byte, error)     { return []byte(d), nil }

// An hour is written "08:30"; "8" and "8.30" are read as well. What is none is kept, to be
// told at its place among the faults.
type hour string

func (hour) Form() string                       { return `an hour in quotes, such as "08:30"` }
func (h *hour) UnmarshalText(text []byte) error { *h = hour(queue.TidyHour(string(text))); return nil }
func (h hour) MarshalText() ([]byte, error)     { return []byte(h), nil }

// A numbers is a stretch of numbers, written "1-499".
type numbers queue.Range

func (numbers) Form() string { return `a range of numbers in quotes, such as "1-499"` }

func (n *numbers) UnmarshalText(text []byte) error {
	from, to, _ := strings.Cut(string(text), "-")
	first, errFirst := strconv.Atoi(strings.TrimSpace(from))
	last, errLast := strconv.Atoi(strings.TrimSpace(to))
	if errFirst != nil || errLast != nil {
		return wrongForm(text)
	}
	*n = numbers{First: first, Last: last}
	return nil
}

func (n numbers) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%d-%d", n.First, n.Last), nil
}

// A share is a part from 0 to 1, written "90%".
type share float64

func (share) Form() string { return `a share in quotes, such as "90%"` }

// UnmarshalText reads "90%"; the point may be a comma. The point is moved in the
// text, so that a share survives being written and read to the last bit.
func (s *share) UnmarshalText(text []byte) error {
	digits, found := strings.CutSuffix(strings.ReplaceAll(strings.TrimSpace(string(text)), ",", "."), "%")
	if !found || strings.Trim(digits, "0123456789.") != "" {
		return wrongForm(text)
	}
	if _, err := strconv.ParseFloat(digits, 64); err != nil {
		return wrongForm(text)
	}
	part, err := strconv.ParseFloat(digits+"e-2", 64)
	if err != nil {
		return wrongForm(text)
	}
	*s = share(part)
	return nil
}

// MarshalText is the inverse of UnmarshalText.
func (s share) MarshalText() ([]byte, error) {
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(float64(s), 'f', -1, 64), ".")
	for len(fraction) < 2 {
		fraction += "0"
	}
	whole = strings.TrimLeft(whole+fraction[:2], "0")
	if whole == "" {
		whole = "0"
	}
	if rest := fraction[2:]; rest != "" {
		whole += "." + rest
	}
	return []byte(whole + "%"), nil
}
