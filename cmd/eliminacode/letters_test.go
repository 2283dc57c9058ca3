package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"eliminacode/display/access"
	config "eliminacode/firmware-config"
)

// letters are the tokens with which a test speaks to the daemons that it has
// started: by the data folder and the role, since a folder keeps them over
// restarts. A daemon is known by its address.
var letters = struct {
	sync.Mutex
	folders map[string]string // by host and port
	tokens  map[[2]string]string
}{folders: map[string]string{}, tokens: map[[2]string]string{}}

// folderOf is the data folder of a command line of serve; empty for others, which
// ask nobody who it is.
func folderOf(t testing.TB, args []string) string {
	t.Helper()
	flags := map[string]string{}
	serve := false
	for i, arg := range args {
		serve = serve || arg == "serve"
		if i+1 < len(args) && strings.HasPrefix(arg, "--") {
			flags[arg] = args[i+1]
		}
	}
	if !serve || flags["--simulate"] != "" {
		return ""
	}
	if flags["--data"] != "" || flags["--config"] == "" {
		return flags["--data"]
	}
	s, err := config.Load(flags["--config"])
	if errors.Is(err, config.ErrRefused) {
		return "" // such a daemon knows no token
	} else if err != nil {
		t.Fatal(err)
	}
	return s.Data.Dir
}

// knows tells which data folder a daemon has.
func knows(d *served, folder string) {
	letters.Lock()
	defer letters.Unlock()
	letters.folders[strings.TrimPrefix(d.address, "http://")] = folder
}

// lettered adds to a request the token of the role that its address is for.
func lettered(r *http.Request) error {
	letters.Lock()
	defer letters.Unlock()
	folder := letters.folders[r.URL.Host]
	if folder == "" {
		return nil
	}
	role := roleOf(r.URL.Path, r.URL.Query().Get("page"))
	key := [2]string{folder, string(role)}
	if letters.tokens[key] == "" {
		text, err := makeLetter(r.Context(), folder, role)
		if err != nil {
			return fmt.Errorf("making a token for a test: %w", err)
		}
		letters.tokens[key] = text
	}
	r.Header.Set("Authorization", "Bearer "+letters.tokens[key])
	return nil
}

func makeLetter(ctx context.Context, folder string, role access.Role) (string, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	d, err := dialDaemon(ctx, folder)
	if err != nil {
		return "", err
	}
	defer d.Close()
	made, err := d.MakeToken(ctx, access.Token{Name: "test " + string(role), Role: role, Expires: time.Now().Add(24 * time.Hour), PerMinute: 60_000})
	return made.Text, err
}

// roleOf is a role that may use an address.
func roleOf(path, page string) access.Role {
	page = cmp.Or(page, strings.TrimPrefix(path, "/api/v1/state/"))
	switch {
	case strings.HasPrefix(path, "/api/v1/reception/"), strings.HasPrefix(path, "/accoglienza"), page == "reception":
		return access.Reception
	case strings.HasPrefix(path, "/api/v1/desks/"), strings.HasPrefix(path, "/cruscotto"), page == "console", page == "desks":
		return access.Clerk
	case strings.HasPrefix(path, "/api/v1/technician"), path == "/responsabile/tecnico":
		return access.Technician
	}
	return access.Manager
}
