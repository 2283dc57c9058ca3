// Package gpio reads push buttons and drives lamps on the lines of a small
// board, over the kernel's GPIO character device.
//
// It owns the honest meaning of "pressed": a contact bounces, is held, is
// leant on by a bag, gets stuck; a press is reported once, when the contact
// has rested closed, and the next one only after it has rested open. How often
// a person may press is not decided here, and nothing here knows of tickets.
//
// A button sits between its line and ground: the line is pulled up and low
// means closed. On long cables the board's own pull-up of about 50 kOhm is
// weak; 1 to 4.7 kOhm to 3.3 V helps.
//
// Two buttons that are down together for ten seconds are a technician's grip:
// see device/contact.
//
// # The kernel's side
//
// Of periph.io only the gpioioctl driver is used, never its host package,
// which maps the board's registers as root. What is known of the driver
// (v3.8.5) and worked around here:
//
//   - its initialisation closes descriptor 0 when two /dev/gpiochip* names are
//     one chip, as on Raspberry Pi OS: Init guards descriptors 0 to 2 and must
//     be called before anything else is opened;
//   - waiting for an edge with -1 returns at once and with 0 waits for ever, so
//     the wait is finite and in a loop; false may mean time, or any error;
//   - at most 16 unread edges are kept and none has a direction or a time: an
//     edge is only a hint to read the level again;
//   - its debounce ignores its arguments, so contact.Debouncer is our own;
//   - a request that fails leaves the line bound to descriptor 0, so that the
//     line is closed after every failure;
//   - a chip that vanishes reads low, which looks like a pressed button: the
//     chip's node is looked for before a low level is believed;
//   - it looks for chips once in the life of a program. A chip that came
//     later, or went away and came back, is opened by the kernel's own
//     interface (kernel.go), without a restart.
//
// Chips are found by label and lines by name, because their numbers change
// between boards and kernels; a second name of a chip, as Raspberry Pi OS makes
// one, is passed over.
//
// # Goroutines
//
// Buttons.Run and Lamps.Run block and start what they need; a button has a
// goroutine of its own that waits for edges, and one more glances at all lines
// once a second. Status and Show may be called from anywhere.
package gpio
