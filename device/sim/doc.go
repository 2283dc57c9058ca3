// Package sim is the hardware of the box without the hardware: a board whose
// buttons and keypads can be pressed, panels that can be read, and the lines that a
// simulated device stands behind: PTY, through the kernel's tty; TCP; and Cable,
// for tests in a bubble of time. The ticket printer is package printer below.
//
// All methods may be called from anywhere; subscribers must not block.
package sim
