// Package view is what each page shows, as pure functions of the office's
// state.
//
// A Look is a state, an instant and a time zone; its methods make the views of
// the pages: Board, Totem, Console, Reception and Manager. Their JSON is the
// wire contract between the daemon and its pages: fields are added and never
// renamed, and golden files hold them still.
//
// A view carries instants as office time in milliseconds since 1970 UTC where
// the page counts on from them, and finished words or "HH:MM" where it does
// not. Of the present instant it depends only through what it changes (a
// service opens, a notice appears): the same state a second later gives the
// same bytes, so that nothing is sent to the pages for nothing.
//
// No view holds a name of a person. The class of a ticket is in the views of
// the staff only, never in Board or Totem.
//
// The package decides nothing, reads no clock and starts nothing; it may be
// called from any goroutine.
package view
