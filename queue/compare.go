package queue

import (
	"cmp"
	"strings"
)

// CompareNames orders names as people do: a number in a name counts as a number,
// so that "Piano 2" comes before "Piano 10". Names that differ only in leading
// zeros are in the order of their characters.
func CompareNames(a, b string) int {
	restA, restB := a, b
	for restA != "" && restB != "" {
		var partA, partB string
		partA, restA = namePart(restA)
		partB, restB = namePart(restB)
		c := strings.Compare(partA, partB)
		if isDigit(partA[0]) && isDigit(partB[0]) {
			x, y := strings.TrimLeft(partA, "0"), strings.TrimLeft(partB, "0")
			c = cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y))
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(len(restA), len(restB)), strings.Compare(a, b))
}

// namePart cuts the digits, or the other characters, that a name begins with.
func namePart(name string) (part, rest string) {
	n := 1
	for n < len(name) && isDigit(name[n]) == isDigit(name[0]) {
		n++
	}
	return name[:n], name[n:]
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
