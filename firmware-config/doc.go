// Package config holds the settings of one box: how it is wired, and nothing
// of how the office works.
//
// It owns the keys of the box's TOML file, their defaults and what may stand in
// them, and carries as embedded data what the file's words refer to:
// boards (GPIO chip, lines, serial port, lines of config.txt), printer
// profiles, keymaps and their legend, protocols of serial keypads, frames of LED
// panels, the udev rules and an example that shows every key. The settings of
// the office itself (services, desks, hours, texts) live in the journal; only the
// file they are first imported from is named here.
//
// Invariants: an unknown key is refused; a key is either in this file or in
// the office's settings, never in both; a file is either accepted as a whole
// or refused with every fault in it, each with file, line and column of the
// offending word and with what to do about it.
//
// The package reads one file when asked to, opens no device, starts no
// goroutine and imports nothing of ours but tomlfile, which reads the file and
// knows where each value stands, and the descriptions of devices, which are data
// that the drivers use too and that judge themselves: device/escpos/profile,
// device/keypad/keys, device/frame and device/setting. Only cmd and tools of the
// technician call it; its functions may be called from any goroutine, a
// Settings value is not to be changed while another goroutine reads it.
package config
