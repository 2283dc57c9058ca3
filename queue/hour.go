package queue

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// hourPattern is an hour as people write it.
var hourPattern = regexp.MustCompile(`^([0-9]{1,2})(?:[:.,]([0-9]{2}))?$`)

// ReadHour reads an hour of the clock as people write it, "8", "8.30", "8,30", "8:30" or
// "08:30", as minutes since midnight; "24" and "24:00" are the end of the day. ok is false
// where the text is none.
func ReadHour(text string) (minutes int, ok bool) {
	part := hourPattern.FindStringSubmatch(strings.TrimSpace(text))
	if part == nil {
		return 0, false
	}
	hour, _ := strconv.Atoi(part[1])
	minute, _ := strconv.Atoi(part[2]) // 0 where none stands
	minutes = hour*60 + minute
	return minutes, minute < 60 && minutes <= 24*60
}

// HourOf is the hour of so many minutes since midnight as a setup has it, "08:30".
func HourOf(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// TidyHour is an hour as a setup has it; a text that is no hour stays as it is.
func TidyHour(text string) string {
	if minutes, ok := ReadHour(text); ok {
		return HourOf(minutes)
	}
	return text
}

// isHour tells that a text is an hour as a setup has it.
func isHour(text string) bool {
	_, ok := ReadHour(text)
	return ok && TidyHour(text) == text
}
