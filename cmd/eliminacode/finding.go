package main

import "eliminacode/queue/words"

// A finding is what check says of one part of the box, by the codes of its texts:
// it is told in a language later. The texts are those of queue/words/staff, the names
// of the parts in part.*.toml and what is said of them in check.*.toml.
type finding struct {
	part  words.Text
	state string // OK, WARN or FAIL
	found words.Text
	do    words.Text // none where there is nothing to do
}

const (
	stateOK   = "OK"
	stateWarn = "WARN"
	stateFail = "FAIL"
)

// A part is one part of the box.
type part words.Text

// partOf is the part of a code; args fill its name.
func partOf(code string, args ...any) part { return part{ID: "part." + code, Args: args} }

// text is the text of a code about a part; args fill it. What the system itself says
// of a fault, in English, is "detail".
func text(code string, args ...any) words.Text { return words.Text{ID: "check." + code, Args: args} }

// ok is that a part is well.
func (p part) ok(code string, args ...any) finding {
	return finding{part: words.Text(p), state: stateOK, found: text(code, args...)}
}

// warn is that somebody should look at a part, with the remedy of that code.
func (p part) warn(code string, args ...any) finding {
	return finding{words.Text(p), stateWarn, text(code, args...), text(code+"-do", args...)}
}

// fail is that a part does not work, with the remedy of that code.
func (p part) fail(code string, args ...any) finding {
	return finding{words.Text(p), stateFail, text(code, args...), text(code+"-do", args...)}
}

// advise is the finding with the remedy of another code, filled alike.
func (f finding) advise(code string) finding {
	f.do = text(code+"-do", f.found.Args...)
	return f
}

// ifNone is the finding with the remedy of another code, where its own is to choose one
// of the ports and there are none.
func (f finding) ifNone(code string) finding {
	for _, arg := range f.found.Args {
		if ports, are := arg.(words.Texts); are && len(ports.Of) == 0 {
			return f.advise(code)
		}
	}
	return f
}

// A told is a finding in a language.
type told struct {
	Part  string `json:"part"`
	State string `json:"state"` // OK, WARN or FAIL
	Found string `json:"found"`
	Do    string `json:"do,omitempty"`
}

func (f finding) in(t *words.Tongue) told {
	return told{t.Tell(f.part), f.state, t.Tell(f.found), t.Tell(f.do)}
}

// english is the language of the command line and of the log.
func english() *words.Tongue { return words.In("en") }

// inEnglish are findings for the command line and the log.
func inEnglish(all []finding) (said []told) {
	for _, f := range all {
		said = append(said, f.in(english()))
	}
	return said
}
