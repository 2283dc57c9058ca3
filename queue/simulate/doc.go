// Package simulate is a seeded office: citizens who come by the hour of the
// day, and clerks who work in shifts.
//
// A World is the people and nothing else. It is driven from outside, step by
// step: Next says when somebody acts next, Act lets all act whose time has
// come. They act through a Do, so that the same world drives the bare core (a
// Core does that here), a real engine with its journal, or a demonstration on
// an accelerated clock in which people press buttons by hand at the same time.
// Whoever acts looks at the office first, as a person would, and takes every
// refusal for a normal answer.
//
// Counts say what happened. A Trial lives days of an office with all its
// people and mishaps before the judge of package oracle, and compares the office
// with the fold of its stored events once a day.
//
// All randomness comes from PCG generators seeded by Options.Seed and by what
// is being decided: the same seed gives the same events, and what happens to
// one ticket does not depend on what was asked about another before it. No
// order of a map reaches a result. The package reads no clock, disk or
// network and starts no goroutine.
//
// A World and a Core belong to one goroutine; the switches SetCitizens,
// SetClerks and SetByHand may be used from any other.
package simulate
