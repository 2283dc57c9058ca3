package escpos

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"eliminacode/device"
)

// qrCapacity is how many bytes fit a QR code of versions 1 to 10 at correction
// level M (ISO/IEC 18004, table 7, byte mode). A ticket needs no more: version
// 10 is 57 modules wide, 28 mm at four dots each.
var qrCapacity = [...]int{14, 26, 42, 62, 84, 106, 122, 152, 180, 213}

// qr prints the content as a code that the printer draws, sized to about 25 mm.
func (e *encoder) qr(slip device.Slip) error {
	content := slip.QR
	if content == "" {
		return nil
	}
	if !e.profile.NativeQR {
		if slices.ContainsFunc(slip.Facts, func(fact string) bool { return strings.Contains(fact, content) }) {
			return nil // it is there to be read already
		}
		e.feed(gapDots / 2)
		e.address(style{width: 1, height: 1, fontB: e.profile.ColumnsB > 0}, content)
		return nil
	}
	data := qrData(content)
	version := 0
	for i, capacity := range qrCapacity {
		if len(data) <= capacity {
			version = i + 1
			break
		}
	}
	if version == 0 {
		return fmt.Errorf("%w: QR content has %d bytes and %d are allowed; use a shorter address",
			device.ErrSlipTooLong, len(data), qrCapacity[len(qrCapacity)-1])
	}
	modules := 17 + 4*version
	dots := min(max(qrWantDots/modules, 4), 16)
	dots = max(1, min(dots, e.profile.HeadDots/(modules+8))) // quiet zone of four modules a side

	e.feed(4 * dots)
	n := len(data) + 3
	e.put(gs, '(', 'k', 4, 0, '1', 'A', '2', 0)             // model 2
	e.put(gs, '(', 'k', 3, 0, '1', 'C', byte(dots))         // dots a module
	e.put(gs, '(', 'k', 3, 0, '1', 'E', '1')                // correction level M
	e.put(gs, '(', 'k', byte(n), byte(n>>8), '1', 'P', '0') // store
	e.put(data...)
	e.put(gs, '(', 'k', 3, 0, '1', 'Q', '0') // print
	e.dots += modules * dots
	e.feed(4 * dots) // the quiet zone below, as the one above
	return nil
}

// qrData is the content with control characters percent-encoded: an address has
// none, and a raw one could be read as a command.
func qrData(content string) []byte {
	data := make([]byte, 0, len(content))
	for i := range len(content) {
		if b := content[i]; b < 0x20 || b == 0x7f {
			data = fmt.Appendf(data, "%%%02X", b)
		} else {
			data = append(data, b)
		}
	}
	return data
}

// address prints what somebody types: a line ends after a slash, so that the
// ticket's own name, the last part, stands whole.
func (e *encoder) address(s style, content string) {
	columns := e.columns(s)
	line := ""
	flush := func() {
		if line != "" {
			e.text(s, line)
		}
		line = ""
	}
	for part := range strings.SplitAfterSeq(content, "/") {
		if utf8.RuneCountInString(line+part) > columns && line != "http://" && line != "https://" {
			flush()
		}
		line += part
	}
	flush()
}
