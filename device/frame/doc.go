// Package frame puts small frames on a serial line and finds them again, by
// templates that are data: for LED panels and serial keypads, whose makers each
// have their own bytes and publish none of them.
//
// It is pure: bytes in, bytes out, time as a value. It opens nothing and keeps no
// state but a Decoder's few unread bytes. A Panel is the one description of what
// a kind of LED panel is told, which the driver and the settings of a box use
// alike.
//
// # Templates
//
// A template is a row of words between spaces, each of a fixed number of bytes:
//
//	02              a byte, in hexadecimal
//	'OK'            characters as they are
//	{address}       a field: address, key or sequence, as one byte, or as
//	{address:dec2}  ASCII: digit, dec2, dec3 or hex2
//	{text:4}        so many characters of text
//	{any}           one byte that does not matter; sent as 00
//	( 01 02 )       what the checksum covers; without parentheses, all before it
//	{xor8}          a checksum: sum8, xor8, lrc, crc16-modbus or crc16-ccitt
//	{xor8:hex}      the same as ASCII digits
//
// sum8 is the sum of the bytes, lrc what makes that sum zero (Modbus over
// serial line, 2.5.2.2), crc16-modbus the one of Modbus RTU, low byte first
// (2.5.1.2), crc16-ccitt polynomial 1021 from FFFF, high byte first.
package frame
