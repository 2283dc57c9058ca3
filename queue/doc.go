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
// series and lap, and one that is reserved to nobody but who was handed it; two desks never hold the same ticket; a desk holds at most
// one; a ticket is in exactly one of the states waiting, called, serving,
// parked, ended; a slip goes to the spare printer at most once, and only when
// it is known to have failed; no event contradicts an earlier one.
//
// Each noun has one file (desk.go, call.go, paper.go, day.go and so on): what a
// State says of it, how the commands about it are decided, and what their events
// then do to a draft. The commands stand together in command.go, the events in
// event.go, and which method each event leads to in draft.effect.
//
// # Words
//
// A word means the same everywhere in the house.
//
//   - office: the town hall's, whose people queue. Setup is its data, setupIndex
//     the same by index, Engine what carries its commands out.
//   - service: what people come for. Desk: where a clerk serves. Outlet: where
//     tickets come out. Profile: the services of a desk, first and as help.
//   - profile in force: what of it the operator at the desk may serve.
//   - outcome: what came of a service. Category: who a citizen came for. Both are
//     told or not, and choose nobody.
//   - block: numbers that were reserved to be handed out on paper; reserved, until
//     each is called in.
//   - message: a line for the boards, from the manager.
//   - series and number: the letters, and what is printed. Ticket: a
//     citizen's visit.
//   - slip: a ticket on paper. Paper: what is known of its printing.
//   - leg: the part of a visit for one service. Period: a stretch of it in one
//     state. Call: a number shown for a desk.
//   - queue: tickets in the order of a key; a service has four of them. Mark:
//     what stands beside the key. Turn: whom the calls so far put first.
//   - plan: one business day in instants. Band: hours in it when tickets are given.
//   - now: the clocks as read. Office time: the wall clock and its correction.
//     Steady time: office time that moves with elapsed time alone.
//   - draft: the State that an event makes, until it is done.
//   - line, in device: a wire, GPIO or serial; in a file or on paper, of text.
//     Panel: a desk's LED panel. Press: of a hall button. Key: of a keypad.
//     Rung: how sure a printer's "printed" is.
//   - record and month, in queue/journal: an event on disk, and a file of them.
//   - sheet, in queue/waiting: the day sheet, one row a leg.
//
// A State may be read by any number of goroutines at once, since nothing in it
// ever changes.
package queue
