package office

import (
	_ "embed"

	"eliminacode/queue"
)

//go:embed reference.toml
var referenceFile []byte

//go:embed before.toml
var beforeFile []byte

// Reference is the reference office: twelve desks for everything but identity
// cards, two for those, about seventy procedures in eight queues, open 40
// hours and 45 minutes a week. Each call makes a setup of its own.
func Reference() queue.Setup { return own("reference.toml", referenceFile) }

// Before is the reference office as it was before: the same services, people
// and hours, and every desk bound to one subject. What the change was worth is
// seen by simulating both with the same seed.
func Before() queue.Setup { return own("before.toml", beforeFile) }

// own reads a file that is part of the program.
func own(name string, file []byte) queue.Setup {
	setup, err := Parse(name, file)
	if err != nil {
		// A test reads it.
		panic("office: " + name + " is not valid: " + err.Error())
	}
	return setup
}

// ReferenceFile is the reference office as documented TOML, to start an
// office's own file from.
func ReferenceFile() []byte { return append([]byte(nil), referenceFile...) }
