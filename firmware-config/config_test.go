package config

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"eliminacode/firmware-config/tomlfile"
)

var update = flag.Bool("update", false, "rewrite the golden files of testdata")

func TestDefaultIsValid(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Fatal(err)
	}
}

func TestEmptyFileWithSchemaGivesDefaults(t *testing.T) {
	got, err := Parse("box.toml", []byte("schema = 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Default(), got, templates); diff != "" {
		t.Errorf("settings of an empty file differ from the defaults (-want +got):\n%s", diff)
	}
}

// TestComplaints compares what a technician reads with the golden text: every
// fault of the file, each with its place and what to do.
func TestComplaints(t *testing.T) {
	inputs, err := filepath.Glob("testdata/complaints/*.toml")
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no inputs: %v", err)
	}
	for _, input := range inputs {
		t.Run(filepath.Base(input), func(t *testing.T) {
			data, err := os.ReadFile(input)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Parse("box.toml", data)
			var complaints tomlfile.Complaints
			if !errors.Is(err, ErrRefused) || !errors.As(err, &complaints) {
				t.Fatalf("Parse gave %v, want complaints", err)
			}
			for _, c := range complaints {
				if c.Line < 1 || c.Column < 1 || c.Problem == "" || c.Remedy == "" {
					t.Errorf("incomplete complaint: %#v", c)
				}
			}
			golden := strings.TrimSuffix(input, ".toml") + ".golden"
			got := err.Error() + "\n"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("complaints differ (-want +got; rewrite with -update):\n%s", diff)
			}
		})
	}
}

// TestPlacesPointAtTheWord looks each complaint up in its file: the column is
// that of the offending value or key, not just somewhere in the line.
func TestPlacesPointAtTheWord(t *testing.T) {
	data := []byte("schema = 1\n[web]\npublic = \"\"\n  listen   =   \"8080\"\n[[keypad]]\nname=\"à\"; path = 1\n")
	data = bytes.ReplaceAll(data, []byte("; path"), []byte("\npath"))
	_, err := Parse("box.toml", data)
	var complaints tomlfile.Complaints
	if !errors.As(err, &complaints) {
		t.Fatalf("Parse gave %v", err)
	}
	want := map[string][2]int{
		"web.listen": {4, 16}, "keypad[1].name": {6, 6}, "keypad[1].path": {7, 8}, "keypad[1].desk": {5, 1},
	}
	for _, c := range complaints {
		if at, ok := want[c.Key]; !ok || at != [2]int{c.Line, c.Column} {
			t.Errorf("%s is at %d:%d, want %v", c.Key, c.Line, c.Column, at)
		}
		delete(want, c.Key)
	}
	if len(want) > 0 {
		t.Errorf("no complaint about %v", want)
	}
}

func TestValidateWithoutFile(t *testing.T) {
	s := Default()
	s.Web.Listen = "80"
	err := s.Validate()
	if !errors.Is(err, ErrRefused) || !strings.HasPrefix(err.Error(), "web.listen: ") {
		t.Errorf("Validate gave %v", err)
	}
}

// TestPublicAddress: what is printed on tickets leads to the box's pages.
func TestPublicAddress(t *testing.T) {
	for address, good := range map[string]bool{
		"": true, "https://coda.comune.it": true, "https://coda.comune.it/": true, "http://10.0.0.7:8080": true, "http://sala.local": true,
		"coda.comune.it": false, "ftp://coda.comune.it": false, "https://": false, "https://coda.comune.it?a": false, "https://a@coda.comune.it": false,
		"https://comune.it/coda": false, "https://comunità.it": false, "https://xn--comunit-fwa.it": true,
	} {
		s := Default()
		s.Web.Public = address
		if err := s.Validate(); (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	_, err := Load(filepath.Join(dir, "none.toml"))
	if !errors.Is(err, ErrUnreadable) || !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "config example") {
		t.Errorf("a missing file gave %v", err)
	}
	if _, err := Load(dir); !errors.Is(err, ErrUnreadable) {
		t.Errorf("a folder gave %v", err)
	}
	huge := filepath.Join(dir, "huge.toml")
	if err := os.WriteFile(huge, bytes.Repeat([]byte("# disk\n"), tomlfile.MaxBytes/7+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(huge); !errors.Is(err, ErrRefused) {
		t.Errorf("a huge file gave %v", err)
	}
	good := filepath.Join(dir, "box.toml")
	if err := os.WriteFile(good, ExampleTOML, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(good); err != nil {
		t.Errorf("the example gave %v", err)
	}
}

// templates compares frames part by part.
var templates = cmp.Exporter(func(reflect.Type) bool { return true })

// TestExample keeps example.toml complete and true: it shows every key, and
// what it shows as a default is the default.
func TestExample(t *testing.T) {
	got, err := Parse("example.toml", ExampleTOML)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range tags(reflect.TypeFor[Settings]()) {
		if !bytes.Contains(ExampleTOML, []byte("\n"+key+" = ")) && !bytes.Contains(ExampleTOML, []byte(key+"]")) {
			t.Errorf("example.toml does not show %q", key)
		}
	}
	plain := Default()
	plain.Board.Model = got.Board.Model
	if diff := cmp.Diff([]any{plain.Data, plain.Web, plain.Office, plain.Board}, []any{got.Data, got.Web, got.Office, got.Board}); diff != "" {
		t.Errorf("example.toml shows other values than the defaults (-default +example):\n%s", diff)
	}
	printer := got.Printers[0]
	printer.SetDefaults()
	printer.Outlet = got.Printers[0].Outlet // the example's is one of the reference office
	profile, _ := got.Profile("nostra-80")
	generic, _ := got.Profile("generic-80")
	profile.Name, profile.Note = generic.Name, generic.Note
	keypad, panel, protocol, panelFrame := got.Keypads[1], got.Panels[0], got.Protocols[0], got.Frames[0]
	keypad.SetDefaults()
	panel.SetDefaults()
	protocol.SetDefaults()
	panelFrame.SetDefaults()
	panelFrame.Name, panelFrame.Note, panelFrame.Show = got.Frames[0].Name, got.Frames[0].Note, got.Frames[0].Show
	if diff := cmp.Diff([]any{got.Keypads[1], got.Panels[0], got.Protocols[0], got.Frames[0]}, []any{keypad, panel, protocol, panelFrame}, templates); diff != "" {
		t.Errorf("example.toml shows other values than the defaults (-example +default):\n%s", diff)
	}
	if diff := cmp.Diff([]any{got.Printers[0], generic}, []any{printer, profile}); diff != "" {
		t.Errorf("example.toml shows other values than the defaults (-example +default):\n%s", diff)
	}
}

// tags are all key names of a struct and the structs in it.
func tags(of reflect.Type) []string {
	for of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct {
		return nil
	}
	var all []string
	for i := range of.NumField() {
		all = append(all, of.Field(i).Tag.Get("toml"))
		all = append(all, tags(of.Field(i).Type)...)
	}
	return all
}

// What is good of settings that are refused is known all the same, and only that:
// a box whose settings are wrong still says so where it is looked for.
func TestWhatIsGoodOfRefusedSettingsIsKnown(t *testing.T) {
	const good = "schema = 1\n[data]\ndir = \"/srv/queue\"\n[web]\nlisten = \"127.0.0.1:9090\"\nstaff = \":9443\"\n"
	usual := Default()
	for name, c := range map[string]struct {
		file, data, listen, staff string
	}{
		"a device is wrong":             {good + "[[printer]]\nname = \"atrio\"\n", "/srv/queue", "127.0.0.1:9090", ":9443"},
		"no TOML further down":          {good + "[[printer]\nname = \"atrio\"\n", "/srv/queue", "127.0.0.1:9090", ":9443"},
		"an unknown key among them":     {good + "colour = \"red\"\n", "/srv/queue", "127.0.0.1:9090", ":9443"},
		"no address":                    {strings.Replace(good, "127.0.0.1:9090", "nonsense", 1), "/srv/queue", usual.Web.Listen, ":9443"},
		"an address of the wrong kind":  {strings.Replace(good, `"127.0.0.1:9090"`, "9090", 1), "/srv/queue", usual.Web.Listen, ":9443"},
		"a folder that is not absolute": {strings.Replace(good, "/srv/queue", "queue", 1), usual.Data.Dir, "127.0.0.1:9090", ":9443"},
		"no TOML from the first line":   {"[[[\n" + good, usual.Data.Dir, usual.Web.Listen, ""},
		"nothing that is text":          {"\xff\xfe", usual.Data.Dir, usual.Web.Listen, ""},
		"empty":                         {"", usual.Data.Dir, usual.Web.Listen, ""},
	} {
		s := Salvage("box.toml", []byte(c.file))
		if s.Data.Dir != c.data || s.Web.Listen != c.listen || s.Web.Staff != c.staff {
			t.Errorf("%s: %q, %q, %q; want %q, %q, %q", name, s.Data.Dir, s.Web.Listen, s.Web.Staff, c.data, c.listen, c.staff)
		}
		if len(s.Printers) > 0 {
			t.Errorf("%s: it names a device", name)
		}
	}
}
