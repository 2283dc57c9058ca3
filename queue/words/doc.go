// Package words says what the office does, in every language: why something was
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
// # A new text
//
// What the staff read, and what the hall reads on a screen, stands in the folder
// staff, one file a page and language: console.it.toml. A text is a line in all
// five: next = "AVANTI". Its id is the file and the key, "console.next". A
// template says it by {{say "console.next"}}, Go by Tongue.Say. Placeholders are
// names in braces, the same in every language: {{say "desk.name" "label" .Label}}
// fills "Sportello {label}". A text that counts has the forms of the CLDR (it,
// de, fr, en: one, other; sl: one, two, few, other) in a table { one = "…", other
// = "…" }, and {{say "x.y" "count" .N}} chooses. No key is called as a form is. A
// refusal is a line in the table of refusal.go, and its text in
// refusal.*.toml; a good answer's in done.*.toml. In display,
// Server.lookFor(r) is the office in the language of who asks.
//
// A text that a language lacks is said in Italian, but the tests of this package
// fail then. They also find a text that nothing says, one that stands in a
// template, and one that calls a thing otherwise than glossary_test.go. Quotation
// marks are written «so» in every file, and get the language's own; so does the
// space of French before a colon.
//
// What stands on a ticket has a file a language in the folder catalogue, and what
// a voice says of numbers one in the folder spoken; another language is another
// file there, and it.toml says how.
//
// All functions are pure and may be called from any goroutine.
package words
