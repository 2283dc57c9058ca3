package gpio

import (
	"slices"
	"testing"
)

func TestLineNames(t *testing.T) {
	for line, want := range map[string][]string{
		"GPIO17": {"GPIO17"},
		"GPIO4":  {"GPIO4", "GPIO_GCLK"},
		"GPIO14": {"GPIO14", "TXD1", "TXD0"},
		"TASTO":  {"TASTO"},
	} {
		if got := LineNames(line); !slices.Equal(got, want) {
			t.Errorf("%s may be called %v, want %v", line, got, want)
		}
	}
}

// A chip's names are asked for one after the other, so that a kernel on which
// TXD0 is another line is not misread.
func TestFirstNameIsMeant(t *testing.T) {
	for name, test := range map[string]struct {
		lines []string
		line  string
		want  int
	}{
		"by number":        {[]string{"SDA1", "GPIO4", "GPIO_GCLK"}, "GPIO4", 1},
		"by function":      {[]string{"SDA1", "GPIO_GCLK"}, "GPIO4", 1},
		"UART of a Pi 4":   {[]string{"TXD0", "TXD1"}, "GPIO14", 1},
		"UART of a Zero 2": {[]string{"GPIO13", "TXD0"}, "GPIO14", 1},
		"driver's prefix":  {[]string{"gpiochip0-GPIO17"}, "GPIO17", 0},
		"none":             {[]string{"GPIO17", ""}, "GPIO27", -1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := indexOf(test.lines, "gpiochip0", test.line); got != test.want {
				t.Errorf("line %s of %v is %d, want %d", test.line, test.lines, got, test.want)
			}
		})
	}
}

// A line is called what its chip calls it, whatever the driver puts before it.
func TestOwnName(t *testing.T) {
	for given, want := range map[string]string{"gpiochip0-GPIO17": "GPIO17", "GPIO17": "GPIO17", "gpiochip1-GPIO17": "gpiochip1-GPIO17", "": ""} {
		if got := ownName("gpiochip0", given); got != want {
			t.Errorf("%q is %q, want %q", given, got, want)
		}
	}
}
