package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestGeneratedClient makes a client out of the API's document with a generator
// of others, lets a compiler hold a program to its types, and works a ticket
// through a real daemon with it: issued, called, served, reported and read from
// the stream of events. Then it finds a procedure, and changes the office.
func TestGeneratedClient(t *testing.T) {
	dir := t.TempDir()
	settings := filepath.Join(dir, "box.toml")
	writeFile(t, settings, fmt.Sprintf("schema = 1\n[data]\ndir = %q\n[web]\nlisten = \"127.0.0.1:0\"\n[office]\nfile = %q\n",
		filepath.Join(dir, "data"), alwaysOpen(t, dir)))
	d := startProgram(t, programCommand(t.Context(), "serve", "--config", settings))
	defer d.kill()

	resp, err := http.Get(d.address + "/api/v1/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "openapi.json"), string(document))
	program, err := os.ReadFile("testdata/client.ts")
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "client.ts"), string(program))
	modules, err := filepath.Abs("../../node_modules")
	if err != nil {
		t.Fatal(err)
	}
	// The compiler looks for the types of Node's own names beside the program.
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	bin := func(name string) string { return filepath.Join(modules, ".bin", name) }
	if _, err := os.Stat(bin("openapi-ts")); err != nil {
		t.Fatalf("%v; make tools assets installs it", err)
	}
	runTool(t, dir, bin("openapi-ts"), "--input", "openapi.json", "--output", "office", "--client", "@hey-api/client-fetch", "--no-log-file", "--silent")
	runTool(t, dir, bin("tsc"), "--strict", "--skipLibCheck", "--target", "es2022", "--module", "commonjs", "--lib", "es2022,dom,dom.iterable",
		"--outDir", "made", "client.ts")
	args := []string{"made/client.js", d.address}
	for _, path := range []string{"/api/v1/reception/issue", "/api/v1/desks/s1/next", "/api/v1/events"} {
		r, err := http.NewRequest(http.MethodGet, d.address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := lettered(r); err != nil {
			t.Fatal(err)
		}
		args = append(args, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	}
	said := runTool(t, dir, "node", args...)
	const want = "issued A001\nagain A001\nopened\ncalled A001\nserved A001\nreported 1\n" +
		"ticket.issued A001\nticket.called A001\nticket.started A001\nticket.served A001\n" +
		"found true\ndrafted true 1\neffect 15 min 25 min\nsetup-saved\nin force 25m\nrefused unknown-desk\n"
	if said != want {
		t.Errorf("the client says\n%s\nand not\n%s", said, want)
	}
}

// runTool answers what a program prints; it ends within two minutes.
func runTool(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "NO_COLOR=1")
	var out, faults strings.Builder
	c.Stdout, c.Stderr = &out, &faults
	if err := c.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", filepath.Base(name), err, out.String(), faults.String())
	}
	return out.String()
}
