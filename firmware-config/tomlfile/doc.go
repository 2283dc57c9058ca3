// Package tomlfile reads and writes the files that people write: the settings of
// a box and the office as a file, in TOML.
//
// It owns how a key finds its field, and every complaint about a file: each has
// the file, line and column of the offending word, what is wrong with it and
// what to do. A file is read to its end, so that one reading shows all faults;
// only what is no TOML at all, or not in UTF-8, ends the reading, for what
// follows cannot be trusted. A byte order mark is passed over, and a file in
// another encoding is refused by the encoding's name.
//
// What the keys mean it does not know: whoever judges the values adds what is
// wrong with them by path (File.Complain), and the place is found here. It
// touches no disk. All functions are pure and may be called from any goroutine;
// a File belongs to one of them.
package tomlfile
