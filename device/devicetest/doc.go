// Package devicetest holds the contracts that every driver and every simulator
// of a device passes, one function for each interface of package device.
//
// A contract gets a bench: the device under test, and the hands that can hurt it
// as a person in the hall could. It imports no driver, so that all of them can
// import it.
package devicetest
