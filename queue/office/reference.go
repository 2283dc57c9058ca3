package office

import (
	_ "embed"

	"eliminacode/queue"
)

//go:embed reference.toml
var referenceFile []byte

// Reference is the reference office: twelve desks for everything but identity
// cards, two for those, about seventy procedures in eight queues, open 40
// hours and 45 minutes a week. Each call makes a setup of its own.
func Reference() queue.Setup {
	setup, err := Parse("reference.toml", referenceFile)
	if err != nil {
		// The file is part of the program, and a test reads it.
		panic("office: the reference office is not valid: " + err.Error())
	}
	return setup
}

// ReferenceFile is the reference office as documented TOML, to start an
// office's own file from.
func ReferenceFile() []byte { return append([]byte(nil), referenceFile...) }
