// Package contact says what the contacts of push buttons do: a Debouncer turns
// looks at one bouncing contact into presses, and a Grip recognises the
// technician's grip, two buttons held down together for ten seconds.
//
// It owns the meaning of levels over time and nothing else. Both are pure state
// machines: time comes in as a value, no clock is read, nothing is started, and
// each belongs to one goroutine. What a press or a grip asks for is not decided
// here.
package contact
