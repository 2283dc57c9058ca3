package config

import (
	"errors"

	"eliminacode/firmware-config/tomlfile"
)

// Why settings were not accepted.
var (
	// ErrRefused: the file could be read, but something in it is wrong. The
	// chain holds a tomlfile.Complaints with every fault.
	ErrRefused = tomlfile.ErrRefused
	// ErrUnreadable: the file could not be read at all: it is missing, may not
	// be read by this user, or is larger than any settings file can be.
	ErrUnreadable = errors.New("settings cannot be read")
	// ErrNoText: the file does not set the value that is to be another one, or not
	// as a text in quotes on one line or a number in figures. A person changes it in an editor.
	ErrNoText = errors.New("the settings have no such text")
)
