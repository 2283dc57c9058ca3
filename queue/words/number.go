package words

import (
	"strconv"
	"strings"
)

// Count is a whole number with the language's thousands, such as "23.037".
func (t *Tongue) Count(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + t.Say("format.thousands") + s[i:]
	}
	return sign + s
}

// Percent is a share of 0 to 1 with one decimal, such as "98,6 %".
func (t *Tongue) Percent(share float64) string {
	return t.Say("format.percent", "n", t.decimal(share*100))
}

// Metres is a length of paper, such as "12,4 m".
func (t *Tongue) Metres(mm int) string {
	return t.Say("format.metres", "n", t.decimal(float64(mm)/1000))
}

// decimal is a number with one decimal.
func (t *Tongue) decimal(n float64) string {
	return strings.Replace(strconv.FormatFloat(n, 'f', 1, 64), ".", t.Say("format.decimal"), 1)
}
