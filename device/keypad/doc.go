// Package keypad reads clerks' numeric keypads: USB keyboards to the kernel, or
// terminals on a serial line, one or more to an office, each bound to a name by
// the port it hangs on and, where several share a line, by its address.
//
// It owns the way from the kernel's input events (evdev), or from the frames of
// a line, to keys by meaning: presses only, no autorepeat, no releases, nothing
// twice that was sent twice, through a keymap that is data. And it shows lights
// and texts back where a keypad can. It does not know what a desk is, and several
// digits are not a number to it.
//
// # The kernel's side
//
//   - A keypad is a keyboard: unless it is grabbed, what a clerk types also
//     goes to the console or the desktop, as the password prompt of somebody
//     else. It is grabbed only once all its keys are up, or the console would
//     miss a release and see a key that never comes up.
//   - An event is struct input_event of linux/input.h: a struct timeval of two
//     C longs, then type and code of 16 bits and a value of 32. That is 24
//     bytes on 64-bit machines and 16 on 32-bit ones.
//   - A queue that overflows says SYN_DROPPED; what follows up to the next
//     SYN_REPORT is half a truth and is dropped.
//   - Key codes do not depend on NumLock.
//   - A keypad that is pulled out answers ENODEV and its node goes; it comes
//     back under the same by-path name in the same port only.
//   - A keyboard's lights are switched by writing events to the same file; all
//     that it has show the same, since few keypads have more than NumLock's.
//
// The file is opened non-blocking and every read has a deadline, so that
// nothing is ever stuck in the kernel.
//
// # On a line
//
// Makers do not publish their protocols, so that a protocol is data: templates
// of package frame. Keypads either speak by themselves or are asked one after
// the other; on a line of those, a frame to a keypad takes the place of a
// question, so that nobody is interrupted. A keypad that leaves five questions
// unanswered is silent. A key whose acknowledgement is lost is sent again, and
// counts once where the protocol tells the two apart.
//
// # Goroutines
//
// Keypads.Run blocks and starts one goroutine for each keypad on USB and for each
// line. Status, Show, ShowText and Strangers may be called from anywhere and never
// block. A Decoder and a Finder belong to one goroutine.
package keypad
