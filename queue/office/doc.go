// Package office is an office as a file: a queue.Setup written in TOML, with
// hours such as "08:15", durations such as "15m" and shares such as "90%".
//
// Parse reads such a file strictly and complains about everything at once,
// each complaint with file, line and column: unknown keys, values of the wrong
// kind, and whatever queue.Setup.Validate and calendar.Validate find, placed
// where the value stands. Format writes a setup so that Parse reads the same
// one back. Reference is the office that tests and demonstrations use: a town
// hall of a city of 100,000, embedded with its comments.
//
// The package touches no disk: callers hand in bytes and a name for the
// complaints. All functions are pure and may be called from any goroutine.
package office
