package words

import (
	"strconv"
	"strings"
)

// Spoken is a number as a voice says it: the letters by name, leading zeros
// one by one, the rest as one number. "A042" is "A zero quarantadue".
func Spoken(number string) string {
	var said []string
	digits := strings.TrimLeftFunc(number, func(r rune) bool {
		if r >= '0' && r <= '9' {
			return false
		}
		said = append(said, string(r))
		return true
	})
	for len(digits) > 1 && digits[0] == '0' {
		said = append(said, "zero")
		digits = digits[1:]
	}
	if n, err := strconv.Atoi(digits); err == nil {
		said = append(said, cardinal(n))
	} else if digits != "" {
		said = append(said, digits)
	}
	return strings.Join(said, " ")
}

var units = []string{
	"zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove",
	"dieci", "undici", "dodici", "tredici", "quattordici", "quindici", "sedici",
	"diciassette", "diciotto", "diciannove",
}

var tens = []string{
	"", "", "venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta",
}

// cardinal is n in Italian words, for 0 to 999,999; beyond, in digits.
func cardinal(n int) string {
	switch {
	case n < 0 || n >= 1_000_000:
		return strconv.Itoa(n)
	case n == 0:
		return units[0]
	}
	said := ""
	if thousands := n / 1000; thousands == 1 {
		said = "mille"
	} else if thousands > 1 {
		said = below1000(thousands) + "mila"
	}
	said += below1000(n % 1000)
	// A compound that ends in three is stressed on its last letter.
	if strings.HasSuffix(said, "tre") && n > 3 {
		said = strings.TrimSuffix(said, "tre") + "tré"
	}
	return said
}

// below1000 is n in words, for 1 to 999; empty for 0.
func below1000(n int) string {
	said := ""
	if hundreds := n / 100; hundreds > 0 {
		if hundreds > 1 {
			said = units[hundreds]
		}
		said += "cento"
		// "centotto" and "centottanta": the two o's meet and become one.
		if rest := n % 100; rest == 8 || rest/10 == 8 {
			said = strings.TrimSuffix(said, "o")
		}
	}
	n %= 100
	switch {
	case n == 0:
		return said
	case n < 20:
		return said + units[n]
	}
	ten, unit := tens[n/10], n%10
	switch unit {
	case 0:
		return said + ten
	case 1, 8:
		// "ventuno" and "ventotto": the vowel before a vowel falls.
		ten = ten[:len(ten)-1]
	}
	return said + ten + units[unit]
}

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
