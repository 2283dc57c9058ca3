package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"eliminacode/display"
	"eliminacode/display/access"
	"eliminacode/display/access/openid/openidtest"
	"eliminacode/display/access/private"
	config "eliminacode/firmware-config"
)

// TestAPersonComesInByTheBodysSignIn: the whole program, a real provider, and
// somebody whose account an administrator tied.
func TestAPersonComesInByTheBodysSignIn(t *testing.T) {
	dir := t.TempDir()
	box, data, office := filepath.Join(dir, "box.toml"), filepath.Join(dir, "data"), alwaysOpen(t, dir)
	port := openidtest.FreePort(t)
	at := fmt.Sprintf("http://127.0.0.1:%d", port)
	provider := openidtest.Start(t, 0, at+display.ReturnPath)
	writeFile(t, filepath.Join(dir, "secret"), openidtest.Secret+"\n")
	if err := os.Chmod(filepath.Join(dir, "secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	writeFile(t, box, fmt.Sprintf("schema = 1\n[data]\ndir = %q\n[web]\nlisten = \"127.0.0.1:%d\"\n[web.oidc]\nissuer = %q\nclient = %q\nsecret-file = \"secret\"\naddress = %q\nname = \"Accesso del Comune\"\n",
		data, port, provider.Issuer, openidtest.Client, at))
	initBox(t, "--config", box, "--office", office)
	store, err := private.Open(filepath.Join(data, privateName, "access.db"), private.Options{})
	if err != nil {
		t.Fatal(err)
	}
	code, err := store.PrintCode(t.Context(), time.Now())
	if err == nil {
		_, err = store.MakeFirst(t.Context(), time.Now(), access.Attempt{Secret: code.Code}, access.Member{Login: "a.rossi", Name: "Anna Rossi", Subject: "anna"}, goodPassword)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	d := startProgram(t, programCommand(t.Context(), "serve", "--config", box, "--office", office))
	defer d.stop(t)

	client := newVisitor(t)
	says(t, "the sign-in page", browse(t, client, http.MethodGet, at+"/accesso", nil), "Accesso del Comune")
	back := openidtest.SignIn(t, client, at+"/accesso/ente?poi=/responsabile", at+display.ReturnPath, "anna")
	says(t, "the manager's page", browse(t, client, http.MethodGet, back.String(), nil), "Anna Rossi", "Situazione")

	stranger := &http.Client{}
	defer stranger.CloseIdleConnections()
	back = openidtest.SignIn(t, stranger, at+"/accesso/ente", at+display.ReturnPath, "nobody")
	resp, err := stranger.Get(back.String())
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("who is tied to no account is answered %d", resp.StatusCode)
	}

	provider.Stop()
	by := newVisitor(t)
	says(t, "the first page by password, without the provider", browse(t, by, http.MethodPost, at+"/accesso", url.Values{"nome": {"a.rossi"}, "segreto": {goodPassword}}), "Anna Rossi")
}

// TestTheSecretIsForTheBoxAlone: a file that others can read, an empty one and a
// missing one are told, with what to do.
func TestTheSecretIsForTheBoxAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	read := func() (string, error) { return readSecret(config.OIDC{SecretFile: path}) }
	if _, err := read(); err == nil || !strings.Contains(err.Error(), "write it into that file") {
		t.Errorf("a missing one: %v", err)
	}
	writeFile(t, path, " \n")
	for _, c := range []struct {
		mode os.FileMode
		want string
	}{{0o644, "chmod 600"}, {0o600, "is empty"}} {
		if err := os.Chmod(path, c.mode); err != nil {
			t.Fatal(err)
		}
		if _, err := read(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("mode %o: %v", c.mode, err)
		}
	}
	writeFile(t, path, "s3cret\n")
	if secret, err := read(); err != nil || secret != "s3cret" {
		t.Errorf("%q, %v", secret, err)
	}
	writeFile(t, path, strings.Repeat("x", longestSecret+1))
	if _, err := read(); err == nil || !strings.Contains(err.Error(), "is no secret") {
		t.Errorf("a long one: %v", err)
	}
	if secret, err := readSecret(config.OIDC{}); err != nil || secret != "" {
		t.Errorf("none: %q, %v", secret, err)
	}
}
