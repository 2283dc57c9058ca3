// Package queue is the rules of the office: what may happen, and what the
// office looks like after it happened.
//
// It is a pure core. State is an immutable value: Decide looks at a State, an
// instant and a Command and answers with the Events that the command causes,
// or with a refusal; Apply makes the State after one Event and never refuses;
// Fold applies many. The same events always make the same state, so that
// whatever is computed can be thrown away and computed again.
//
// The package owns tickets, numbers, calls, desks, waits, papers and who is
// next. It never reads a clock, a disk or a network, starts no goroutine, uses
// no channel and no randomness, looks up no time zone by name, and never lets
// the order of a map reach a result. Everything from outside the core (tokens,
// promises, the plan of the day) is a field of the command and is copied into
// the event.
//
// Invariants, whatever the commands: a number is given once per business day,
// series and lap; two desks never hold the same ticket; a desk holds at most
// one; a ticket is in exactly one of the places waiting, called, serving,
// parked, ended; a slip goes to the spare printer at most once, and only when
// it is known to have failed; no event contradicts an earlier one.
//
// Each noun has one file (desk.go, call.go, paper.go, day.go and so on): what a
// State says of it, how the commands about it are decided, and what their events
// then do to a draft. The commands stand together in command.go, the events in
// event.go, and which method each event leads to in draft.effect.
//
// A State may be read by any number of goroutines at once, since nothing in it
// ever changes.
package queue
