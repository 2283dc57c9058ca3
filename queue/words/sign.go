package words

import (
	"regexp"
	"strings"

	"eliminacode/queue"
)

// quotes are the signs of each language for those that Italian has.
var quotes = map[queue.Language]*strings.Replacer{
	"de": strings.NewReplacer("«", "„", "»", "“"),
	"en": strings.NewReplacer("«", "“", "»", "”"),
	"sl": strings.NewReplacer("«", "»", "»", "«"),
	"fr": strings.NewReplacer("« ", "«\u00a0", " »", "\u00a0»"),
}

// beforeSign is the space of French before a sign, where no line may break.
var beforeSign = regexp.MustCompile(` ([:;?!])`)

// signed is a text with the signs of its language, so that a file is written with
// what a keyboard has: the quotation marks of Italian, and plain spaces. What has
// the right ones stays.
func signed(l queue.Language, text string) string {
	if l == "fr" {
		text = beforeSign.ReplaceAllString(text, "\u00a0$1")
	}
	if own, ok := quotes[l]; ok && strings.Contains(text, "«") && (l != "sl" || strings.Index(text, "«") < strings.Index(text, "»")) {
		text = own.Replace(text)
	}
	return text
}
