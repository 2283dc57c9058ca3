// Package words says in Italian what the office does: why something was
// refused, why a number was called, what state a ticket, a desk, a paper or a
// device is in, and what stands on a ticket.
//
// It owns every sentence that a citizen, a clerk or a manager reads, and the
// ways in which numbers, times and dates are written, so that the same thing
// has the same name on paper, on a board and on a page. It never decides
// anything, keeps nothing and reads no clock: times come in as time.Time
// values that are already in the office's own zone.
//
// A sentence about something that went wrong always ends in what to do.
//
// All functions are pure and may be called from any goroutine.
package words
