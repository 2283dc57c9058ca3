package setting

import (
	"slices"
	"strconv"
	"strings"
)

// A Flow is how the device on a serial line holds us back.
type Flow string

// The ways of flow control.
const (
	FlowNone    Flow = "none"
	FlowXonXoff Flow = "xonxoff"
	FlowRTSCTS  Flow = "rtscts"
	// FlowDTRDSR is a device whose DTR, on our DSR, goes off when it is busy. No tty driver of Linux does
	// this; device/serial does it itself.
	FlowDTRDSR Flow = "dtrdsr"
)

// Flow refuses what is no way of flow control.
func (j *Judge) Flow(key string, f Flow) {
	Word(j, key, f, FlowNone, FlowXonXoff, FlowRTSCTS, FlowDTRDSR)
}

// bauds are the usual speeds of serial lines, in bits a second.
var bauds = []int{1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400}

// Baud refuses what is no usual speed.
func (j *Judge) Baud(key string, baud int) {
	if !slices.Contains(bauds, baud) {
		words := make([]string, len(bauds))
		for i, b := range bauds {
			words[i] = strconv.Itoa(b)
		}
		j.Say(key, "use one of: "+strings.Join(words, ", "), "%d is not a usual speed", baud)
	}
}
