package gpio

import "strings"

// functionNames are what some kernels call lines of a Raspberry Pi's header, by
// the name that all documents use: Debian's own kernel up to 6.1 and the older
// ones of Raspberry Pi OS name a line by its usual function. The device trees
// of Pi 3, Pi 4 and Zero 2 W were read in Debian's linux-image-6.1-arm64; the
// two that the UART has differ between them, and on a Pi 4 the second ones are
// other lines. The Pi 5 is named by number alone.
var functionNames = map[string][]string{
	"GPIO2": {"SDA1"}, "GPIO3": {"SCL1"}, "GPIO4": {"GPIO_GCLK"},
	"GPIO7": {"SPI_CE1_N"}, "GPIO8": {"SPI_CE0_N"},
	"GPIO9": {"SPI_MISO"}, "GPIO10": {"SPI_MOSI"}, "GPIO11": {"SPI_SCLK"},
	"GPIO14": {"TXD1", "TXD0"}, "GPIO15": {"RXD1", "RXD0"},
}

// LineNames are the names that a line may have on its chip, the settings' own
// first: the first that is there is meant.
func LineNames(line string) []string {
	return append([]string{line}, functionNames[line]...)
}

// ownName is a line's name without that of its chip, which the driver puts before a
// name that another chip has too.
func ownName(chip, name string) string { return strings.TrimPrefix(name, chip+"-") }

// indexOf finds a line among the names of a chip's lines; -1 when it is not
// there.
func indexOf(names []string, chip, line string) int {
	for _, may := range LineNames(line) {
		for i, name := range names {
			if name == may || ownName(chip, name) == may {
				return i
			}
		}
	}
	return -1
}
