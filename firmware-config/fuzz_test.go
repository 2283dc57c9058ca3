package config

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	toml "github.com/pelletier/go-toml/v2"

	"eliminacode/firmware-config/tomlfile"
)

// FuzzParse feeds anything to Parse. It never panics; it accepts nothing that
// the TOML library refuses; every complaint has a place inside the file and
// says what to do; and what is accepted is valid.
func FuzzParse(f *testing.F) {
	f.Add([]byte(ExampleTOML))
	inputs, err := filepath.Glob("testdata/complaints/*.toml")
	if err != nil {
		f.Fatal(err)
	}
	for _, input := range inputs {
		data, err := os.ReadFile(input)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, seed := range []string{
		"", "schema", "schema=1\n[a.b]\n[a]\nb.c=1", "schema=1\nweb={listen='127.0.0.1:1'}\nweb.x=2", "[[web]]\n[web.a]",
		"schema = 1\nprinter = [{name='a'},{name=[[1]]}]", "\xff", "a = \"\"\"\n", "[keymap.keys]\nx=1\n[[keymap]]", "a=[[],[{}],[#\n]]",
		"\"\"=1\n[\"a=b\".'c']\n'x=' = 1979-05-27T07:32:00Z", "schema=0x1", "schema=+1\nboard.model='desktop'", "button=[1,[2],{}]",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := Salvage("fuzz.toml", data).Validate(); err != nil {
			t.Fatalf("salvaged, but not valid: %v", err)
		}
		s, err := Parse("fuzz.toml", data)
		if err == nil {
			if err := s.Validate(); err != nil {
				t.Fatalf("accepted, but not valid: %v", err)
			}
			var any map[string]any
			if err := toml.Unmarshal(data, &any); err != nil {
				t.Fatalf("accepted, but not TOML: %v", err)
			}
			return
		}
		var complaints tomlfile.Complaints
		if !errors.As(err, &complaints) || len(complaints) == 0 {
			t.Fatalf("refused without complaints: %v", err)
		}
		for _, c := range complaints {
			if c.Line < 1 || c.Column < 1 || c.Line > len(data)+1 || c.Column > len(data)+1 || c.Problem == "" || c.Remedy == "" {
				t.Fatalf("incomplete complaint: %#v", c)
			}
		}
	})
}
