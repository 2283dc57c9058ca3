// Package change says what it means to put another office in force: what
// differs from the one that is, what changes for whom waits now, how long the
// week is before and after, and what stands against it. Merge brings the work of
// two people on one office together; a Step is a change that waits for its day,
// while the office goes on.
//
// It decides nothing and changes nothing: what the core would answer is asked of
// the core itself, on a state of its own. All functions are pure and may be
// called from any goroutine.
package change
