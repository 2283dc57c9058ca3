package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"sort"
	"strings"
	"testing"
)

// allowed is the import policy: each folder, and which of our folders it may
// import. What is not written here is forbidden. A name with /... stands for
// the folder and all below it. After Go's own go/build/deps_test.go.
const allowed = `
	queue                 :
	queue/journal         : queue
	queue/engine          : queue
	queue/calendar        : queue
	queue/office          : queue queue/calendar queue/words firmware-config/tomlfile
	queue/words           : queue
	queue/change          : queue queue/calendar queue/office
	queue/bar             :
	queue/cell            :
	queue/procedure       : queue queue/cell
	queue/waiting         : queue queue/calendar queue/cell queue/words
	queue/oracle          : queue
	queue/simulate        : queue queue/calendar queue/office queue/oracle

	device                :
	device/clock          :
	device/setting        :
	device/escpos         : device device/escpos/profile device/keep
	device/escpos/profile : device device/setting
	device/keep           : device
	device/serial         : device/keep device/setting
	device/lamp           : device
	device/contact        :
	device/gpio           : device device/keep device/lamp device/contact
	device/frame          : device/setting
	device/panel          : device device/frame device/keep device/serial
	device/keypad/keys    : device device/frame device/setting
	device/keypad         : device device/frame device/keep device/keypad/keys device/lamp device/serial
	device/sim            : device
	device/sim/printer    : device device/escpos/profile
	device/devicetest     : device
	device/bridge         : device device/keep queue queue/words

	display/web           :
	display/view          : display/access queue queue/procedure queue/words
	display/access        : queue queue/cell
	display/access/private : queue display/access
	display/access/openid : display/access
	display/access/openid/openidtest :
	display/voice         : queue queue/words
	display/notify        : queue display/view
	display               : queue queue/cell queue/change queue/office queue/waiting queue/calendar queue/procedure queue/words display/access display/view display/voice display/web display/notify

	firmware-config/tomlfile :
	firmware-config       : device device/escpos/profile device/frame device/keypad/keys device/setting firmware-config/tomlfile
	cmd/eliminacode/counters : device cmd/eliminacode/replace
	cmd/eliminacode/certificate : cmd/eliminacode/replace
	cmd/eliminacode/replace : queue
	cmd/eliminacode/setups : cmd/eliminacode/replace display display/access queue queue/change queue/office queue/words
	cmd/eliminacode       : cmd/eliminacode/... queue/... device/... display/... firmware-config firmware-config/tomlfile

	deploy/virtual-board/wire  :
	deploy/virtual-board/rig   :
	deploy/virtual-board/guest : device/sim/printer deploy/virtual-board/wire
	deploy/virtual-board/proof : device/sim/printer queue deploy/virtual-board/rig deploy/virtual-board/wire
`

// forbidden are libraries that a folder must not reach, even through others.
const forbidden = `
	queue                 : time os net sync math/rand math/rand/v2
	queue/engine          : go.etcd.io/bbolt net/http
	queue/waiting         : go.etcd.io/bbolt net/http
	queue/procedure       : os net net/http
	queue/simulate        : os net
	display               : go.etcd.io/bbolt go.bug.st/serial github.com/coreos/go-oidc/v3/oidc
	display/view          : net/http github.com/gorilla/websocket
	display/voice         : net net/http
	display/access        : os net net/http go.etcd.io/bbolt
	device/escpos         : go.bug.st/serial
	device/sim            : net/http
	device/sim/printer    : net/http
`

const module = "eliminacode/"

type listed struct {
	ImportPath    string
	Imports, Deps []string
}

// TestImportPolicy holds the house to its plan: who may import whom.
func TestImportPolicy(t *testing.T) {
	policy := readPolicy(t, allowed)
	for _, p := range listPackages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		may, known := policy[name]
		if !known {
			t.Errorf("%s is not in the import policy; add it, with what it may import", name)
			continue
		}
		for _, imported := range p.Imports {
			if of, ours := strings.CutPrefix(imported, module); ours && !matches(may, of) {
				t.Errorf("%s imports %s, which the policy does not allow", name, of)
			}
		}
		delete(policy, name)
	}
	for name := range policy {
		t.Errorf("%s is in the import policy but not in the house; delete its line", name)
	}
}

// TestForbiddenLibraries keeps technology out of where it does not belong.
func TestForbiddenLibraries(t *testing.T) {
	policy := readPolicy(t, forbidden)
	for _, p := range listPackages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		// The standard library's own packages use sync and the like; what
		// counts there is what the folder names itself.
		direct := map[string]bool{}
		for _, i := range p.Imports {
			direct[i] = true
		}
		reached := map[string]bool{}
		for _, d := range p.Deps {
			reached[d] = true
		}
		for _, lib := range policy[name] {
			if direct[lib] || strings.Contains(lib, ".") && reached[lib] {
				t.Errorf("%s reaches %s", name, lib)
			}
		}
	}
}

func readPolicy(t *testing.T, text string) map[string][]string {
	t.Helper()
	policy := map[string][]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		name, list, ok := strings.Cut(line, ":")
		if !ok {
			t.Fatalf("policy line %q has no colon", line)
		}
		policy[strings.TrimSpace(name)] = strings.Fields(list)
	}
	return policy
}

func matches(may []string, name string) bool {
	for _, m := range may {
		root, below := strings.CutSuffix(m, "/...")
		if name == m || below && (name == root || strings.HasPrefix(name, root+"/")) {
			return true
		}
	}
	return false
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,Deps", "../../...").Output()
	if err != nil {
		t.Fatalf("listing packages: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("reading go list: %v", err)
		}
		all = append(all, p)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].ImportPath < all[j].ImportPath })
	if len(all) < 10 {
		t.Fatalf("go list found only %d packages in %s", len(all), path.Dir("../.."))
	}
	return all
}
