package config

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// whole compares settings without the catalogue's own lists, which no test here has.
var whole = cmpopts.IgnoreFields(Settings{}, "Catalogue")

const small = `schema = 1 # the format
[board]
model = "pi4"
# The button beside the door.
[[button]]
name = "anagrafe"
line = 'GPIO17'	# green wire
service = "anagrafe" # è quello "vecchio"
`

func TestDevicesAreAddedAndAllElseStays(t *testing.T) {
	added := Additions{
		Printers: []NewPrinter{{Name: "atrio", Port: "/dev/serial/by-path/usb-0:1.2", Profile: "generic-58", Outlet: "main"}},
		Buttons:  []NewButton{{Name: "cie", Line: "GPIO27", Service: "cie", Class: "priority", Outlet: "main"}},
		Keypads: []NewKeypad{{Name: "sportello-1", Path: "/dev/input/by-path/usb-0:1.3-event-kbd", Desk: "s1", Keymap: "numeric"},
			{Name: "sportello-2", Port: "/dev/serial/by-path/usb-0:1.4", Protocol: "stx", Address: new(int), Desk: "s2", Keymap: "numeric"}},
		Panels: []NewPanel{{Name: "sopra-2", Port: "/dev/serial/by-path/usb-0:1.5", Frame: "digits-3", Address: 7, Desk: "s2"}},
	}
	for _, text := range []string{small, strings.TrimSuffix(small, "\n"), strings.ReplaceAll(small, "\n", "\r\n")} {
		data, err := Extend("box.toml", []byte(text), added)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(data, []byte(text)) {
			t.Errorf("what was there is another: %s", data)
		}
		got, err := Parse("box.toml", data)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := Parse("box.toml", []byte(text))
		want.Printers = []Printer{{Name: "atrio", Port: "/dev/serial/by-path/usb-0:1.2", Profile: "generic-58", Outlet: "main"}}
		want.Buttons = append(want.Buttons, Button{Name: "cie", Line: "GPIO27", Service: "cie", Class: "priority", Outlet: "main"})
		k := Keypad{Name: "sportello-1", Path: "/dev/input/by-path/usb-0:1.3-event-kbd", Desk: "s1"}
		k.SetDefaults()
		line := Keypad{Name: "sportello-2", Port: "/dev/serial/by-path/usb-0:1.4", Desk: "s2"}
		line.SetDefaults()
		line.Protocol, line.Address = "stx", 0
		want.Keypads = []Keypad{k, line}
		over := Panel{Name: "sopra-2", Port: "/dev/serial/by-path/usb-0:1.5", Desk: "s2"}
		over.SetDefaults()
		over.Frame, over.Address = "digits-3", 7
		want.Panels = []Panel{over}
		if diff := cmp.Diff(want, got, whole); diff != "" {
			t.Error(diff)
		}
	}
	if data, err := Extend("box.toml", nil, Additions{}); err != nil || !bytes.HasPrefix(data, []byte("schema = 1\n")) {
		t.Errorf("a file that is not there becomes %q, %v", data, err)
	}
	for what, text := range map[string]string{
		"a line that is taken": small + "[[lamp]]\nname = \"x\"\nline = \"GPIO27\"\n",
		"a list on one line":   "schema = 1\n" + `button = [{name = "a", line = "GPIO17", service = "b"}]` + "\n[board]\nmodel = \"pi4\"\n",
		"no TOML":              "schema = ",
	} {
		if _, err := Extend("box.toml", []byte(text), added); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAValueIsChangedAndAllElseStays(t *testing.T) {
	for _, key := range []string{"button[1].service", "button[1].line"} {
		data, err := Change("box.toml", []byte(small), Text{Key: key, Text: "GPIO22"})
		if err != nil {
			t.Fatal(err)
		}
		was := map[string]string{"button[1].service": `"anagrafe" #`, "button[1].line": `'GPIO17'	#`}[key]
		now := `"GPIO22"` + was[len(was)-2:]
		if want := strings.Replace(small, was, now, 1); string(data) != want {
			t.Errorf("%s: the file is %s", key, data)
		}
	}
	// What is wrong half way may be right at the end.
	two := "schema = 1\n[board]\nmodel = \"pi4\"\n[[printer]]\nname = \"p\"\nport = \"/dev/serial0\"\noutlet = \"a\"\n" +
		"[[button]]\nname = \"b\"\nline = \"GPIO17\"\nservice = \"s\"\noutlet = \"a\"\n"
	moved, err := Change("box.toml", []byte(two), Text{Key: "printer[1].outlet", Text: "hall"}, Text{Key: "button[1].outlet", Text: "hall"})
	if want := strings.ReplaceAll(two, `outlet = "a"`, `outlet = "hall"`); err != nil || string(moved) != want {
		t.Errorf("two values become %s, %v", moved, err)
	}
	if _, err := Change("box.toml", []byte(two), Text{Key: "printer[1].outlet", Text: "hall"}); !errors.Is(err, ErrRefused) {
		t.Errorf("a button without its printer: %v", err)
	}
	if _, err := Change("box.toml", []byte(small), Text{Key: "button[1].service", Text: "not a name"}); !errors.Is(err, ErrRefused) {
		t.Errorf("a name that is none: %v", err)
	}
	// What a device leaves out gets a line under its header, indented and ended as that is.
	left, err := Change("box.toml", []byte(small), Text{Key: "button[1].outlet", Text: "hall"})
	if want := strings.Replace(small, "[[button]]\n", "[[button]]\noutlet = \"hall\"\n", 1); err != nil || string(left) != want {
		t.Errorf("an outlet that was left out: %v\n%s", err, left)
	}
	windows := strings.ReplaceAll("schema = 1\n[board]\nmodel = \"pi4\"\n  [[printer]] # ours\n  name = \"p\"\n  port = \"/dev/serial0\"\n", "\n", "\r\n")
	if left, err = Change("box.toml", []byte(windows), Text{Key: "printer[1].outlet", Text: "hall"}); err != nil || string(left) != strings.Replace(windows, "# ours\r\n", "# ours\r\n  outlet = \"hall\"\r\n", 1) {
		t.Errorf("a printer's outlet that was left out: %v\n%q", err, left)
	}
	for _, key := range []string{"button[2].service", "button[0].outlet", "button[].outlet", "button.outlet", "schema", "board.here", ""} {
		if _, err := Change("box.toml", []byte(small), Text{Key: key, Text: "x"}); !errors.Is(err, ErrNoText) {
			t.Errorf("%q: %v", key, err)
		}
	}
	inline := "schema = 1\n" + `button = [{name = "a", line = "GPIO17", service = "b"}]` + "\n[board]\nmodel = \"pi4\"\n"
	if _, err := Change("box.toml", []byte(inline), Text{Key: "button[1].outlet", Text: "hall"}); !errors.Is(err, ErrNoText) {
		t.Errorf("a device on one line: %v", err)
	}
	// A number stands without quotes, and what is said behind it stays.
	fast := two + "baud = 9_600 # as it came\n[[panel]]\nname = \"x\"\nport = \"/dev/serial1\"\n"
	fast = strings.Replace(fast, "outlet = \"a\"\n[[button]]", "outlet = \"a\"\nbaud = 9_600 # as it came\n[[button]]", 1)
	fast = strings.Replace(fast, "baud = 9_600 # as it came\n[[panel]]", "[[panel]]", 1)
	faster, err := Change("box.toml", []byte(fast), Text{Key: "printer[1].baud", Text: "19200", Whole: true}, Text{Key: "panel[1].address", Text: "7", Whole: true})
	want := strings.NewReplacer("9_600 #", "19200 #", "[[panel]]\n", "[[panel]]\naddress = 7\n").Replace(fast)
	if err != nil || string(faster) != want {
		t.Errorf("a speed and an address become %s, %v", faster, err)
	}
	if _, err := Change("box.toml", []byte(fast), Text{Key: "printer[1].baud", Text: "12", Whole: true}); !errors.Is(err, ErrRefused) {
		t.Errorf("a speed that is none: %v", err)
	}
	long := strings.Replace(small, `"anagrafe" #`, `"""anagrafe""" #`, 1)
	if _, err := Change("box.toml", []byte(long), Text{Key: "button[1].service", Text: "cie"}); !errors.Is(err, ErrNoText) {
		t.Errorf("a text over several lines: %v", err)
	}
}

// FuzzChange gives files another service and one more button. What is accepted is
// that and nothing else.
func FuzzChange(f *testing.F) {
	f.Add([]byte(small), "cie")
	f.Add([]byte("schema=1\n[board]\nmodel='pi4'\n[[button]]\nname='a'\nline='GPIO17'\nservice='b'"), `a"b\`)
	f.Add([]byte(`schema=1`+"\n"+`button=[{name="a",line="GPIO17",service="\u0062"}]`+"\nboard.model=\"pi4\""), "x")
	f.Add(ExampleTOML, "Ä")
	f.Fuzz(func(t *testing.T, data []byte, service string) {
		was, err := Parse("fuzz.toml", data)
		if err != nil {
			return
		}
		if changed, err := Change("fuzz.toml", data, Text{Key: "button[1].service", Text: service}); err == nil {
			got, err := Parse("fuzz.toml", changed)
			if err != nil {
				t.Fatal(err)
			}
			want := was
			want.Buttons = append([]Button(nil), was.Buttons...)
			want.Buttons[0].Service = service
			if diff := cmp.Diff(want, got, whole); diff != "" {
				t.Error(diff)
			}
		}
		if changed, err := Change("fuzz.toml", data, Text{Key: "button[1].outlet", Text: service}); err == nil {
			got, err := Parse("fuzz.toml", changed)
			if err != nil {
				t.Fatal(err)
			}
			want := was
			want.Buttons = append([]Button(nil), was.Buttons...)
			want.Buttons[0].Outlet = service
			if diff := cmp.Diff(want, got, whole); diff != "" {
				t.Error(diff)
			}
		}
		if longer, err := Extend("fuzz.toml", data, Additions{Buttons: []NewButton{{Name: "new-one", Line: "GPIO26", Service: service, Outlet: "main"}}}); err == nil {
			got, err := Parse("fuzz.toml", longer)
			if err != nil {
				t.Fatal(err)
			}
			want := was
			want.Buttons = append(append([]Button(nil), was.Buttons...), Button{Name: "new-one", Line: "GPIO26", Service: service, Outlet: "main"})
			if diff := cmp.Diff(want, got, whole); diff != "" {
				t.Error(diff)
			}
		}
	})
}

// A device goes with its lines and nothing else goes: what stands before the next header
// is of what comes there.
func TestADeviceGoesAndAllElseStays(t *testing.T) {
	const head, a, b, rest = "# ours\nschema = 1\n\n", "[[button]] # left\nname = \"a\"\nline = \"GPIO17\" # under the window\nservice = \"x\"\n", "[[button]]\nname = \"b\"\nline = \"GPIO27\"\nservice = \"y\"\n", "\n# the board\n[board]\nmodel = \"pi4\"\n"
	for _, c := range []struct{ data, device, want string }{
		{head + a + "\n# right\n" + b + rest, "button[1]", head + "\n# right\n" + b + rest},
		{head + a + "\n# right\n" + b + rest, "button[2]", head + a + "\n# right\n" + rest},
		{head + a, "button[1]", head},
		{head + strings.TrimSuffix(a, "\n"), "button[1]", head},
	} {
		if got, err := Without("box.toml", []byte(c.data), c.device); err != nil || string(got) != c.want {
			t.Errorf("%v: %s", err, cmp.Diff(c.want, string(got)))
		}
	}
	for _, device := range []string{"button[2]", "button[0]", "printer[1]", "board", ""} {
		if _, err := Without("box.toml", []byte(head+a+rest), device); !errors.Is(err, ErrNoText) {
			t.Errorf("%q goes: %v", device, err)
		}
	}
}
