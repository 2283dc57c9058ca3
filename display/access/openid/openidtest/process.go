// Package openidtest runs a real provider of OpenID Connect beside a test, which we
// did not write, and does what a person does there. It is for tests only.
package openidtest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The client that the provider knows.
const (
	Client = "eliminacode"
	Secret = "a secret of the test"
)

// A Process is a provider that runs.
type Process struct {
	Port   int
	Issuer string
	Stop   func() // it is stopped at the end of the test anyway
}

// longestStart bounds the wait for a provider that does not start.
const longestStart = time.Minute

// Start starts a provider at a port of this machine, or at a free one for 0, and
// waits until it answers. People come back to redirect.
func Start(t testing.TB, port int, redirect string) Process {
	t.Helper()
	root := houseRoot(t)
	if _, err := os.Stat(filepath.Join(root, "node_modules", "oidc-provider")); err != nil {
		t.Fatalf("the provider of the tests is missing; install the packages of the lock file first (%v)", err)
	}
	if port == 0 {
		port = FreePort(t)
	}
	ctx, cancel := context.WithCancel(context.Background())
	script := filepath.Join(root, "display", "access", "openid", "openidtest", "provider.mjs")
	c := exec.CommandContext(ctx, "node", script, strconv.Itoa(port), redirect, Client, Secret)
	// The provider ends when its input does, even where the test itself is killed.
	_, err := c.StdinPipe()
	var out io.Reader
	if err == nil {
		out, err = c.StdoutPipe()
	}
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	stop := sync.OnceFunc(func() {
		cancel()
		_ = c.Wait() // it was killed
	})
	t.Cleanup(stop)
	late := time.AfterFunc(longestStart, cancel)
	defer late.Stop()
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "answers" {
	}
	if lines.Text() != "answers" {
		t.Fatal("the provider does not start")
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return Process{port, fmt.Sprintf("http://127.0.0.1:%d", port), stop}
}

// FreePort is a port of this machine that nobody has.
func FreePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// houseRoot is the folder of go.mod, above that of the test.
func houseRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("the test does not run in the house")
		}
	}
}

var (
	formAction = regexp.MustCompile(`<form[^>]* action="([^"]+)"`)
	formPrompt = regexp.MustCompile(`name="prompt" value="([^"]+)"`)
)

// SignIn is what a person does whose browser opens an address: at the provider it
// writes a name and agrees, until it is sent to an address that begins with back,
// which it does not open.
func SignIn(t testing.TB, browser *http.Client, address, back, name string) *url.URL {
	t.Helper()
	if browser.Jar == nil {
		browser.Jar, _ = cookiejar.New(nil) // never fails
	}
	var end *url.URL
	browser.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), back) {
			end = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}
	defer func() { browser.CheckRedirect = nil }()
	defer browser.CloseIdleConnections()
	resp, err := browser.Get(address)
	for range 4 {
		if err != nil {
			t.Fatal(err)
		}
		page, err2 := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err2 != nil {
			t.Fatal(err2)
		}
		if end != nil {
			return end
		}
		action, prompt := formAction.FindSubmatch(page), formPrompt.FindSubmatch(page)
		if action == nil || prompt == nil {
			t.Fatalf("the provider answers %d: %s", resp.StatusCode, page)
		}
		resp, err = browser.PostForm(string(action[1]), url.Values{"prompt": {string(prompt[1])}, "login": {name}, "password": {"x"}})
	}
	t.Fatal("the provider asks without end")
	return nil
}
