package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"eliminacode/display/access"
)

// errNoAccounts: the daemon asks nobody who it is, or cannot read its accounts.
var errNoAccounts = errors.New("this daemon has no accounts; look at its log, or ask that of the office")

// onTheBox is who acts by the command line, as the audit list names it.
var onTheBox = access.By{Name: "eliminacode", Role: access.Technician}

// A newToken is a token as it is made: Text is what the program shows.
type newToken struct {
	access.Token
	Text string `json:"text"`
}

func (p program) tokenCommand() *cobra.Command {
	return commandGroup("token", "Let programs use the API of this box", "", p.tokenCreate())
}

func (p program) tokenCreate() *cobra.Command {
	var role, expires string
	t := access.Token{PerMinute: access.StandardPerMinute}
	c := boxCommand(&cobra.Command{
		Use:   "create",
		Short: "Make a token with which a program may do what a role may",
		Long: "Make a token with which a program may do what a role may, and print it. It is printed once: the box keeps\n" +
			"its hash alone. The program sends it with each request: Authorization: Bearer TOKEN.",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		life, err := readLife(expires)
		if err != nil {
			return usageError{err}
		}
		t.Role, t.Expires = access.Role(role), time.Now().Add(life)
		if !t.Role.OfProgram() {
			return usageError{fmt.Errorf("--role %q is no role of a program; use one of %v", role, access.ProgramRoles())}
		}
		var made newToken
		if err := p.withDaemon(c.Context(), flags, "since it keeps the tokens", func(d *daemon) error {
			made, err = d.MakeToken(c.Context(), t)
			return err
		}); err != nil {
			return err
		}
		fmt.Fprintln(p.out, made.Text)
		fmt.Fprintf(p.errs, "It is %q, for what the role %s may, until %s. It is not shown again.\n", made.Name, made.Role, made.Expires.Local().Format(time.DateOnly))
		return nil
	})
	c.Flags().StringVar(&role, "role", "", fmt.Sprintf("what the program may do: one of %v", access.ProgramRoles()))
	c.Flags().StringVar(&t.Name, "name", "", "what people call the program")
	c.Flags().StringVar(&expires, "expires", "90d", "how long it is good: days or hours, such as 90d or 12h")
	c.Flags().StringSliceVar(&t.Scopes, "scope", nil, "narrow what the role may do; may be given several times")
	c.Flags().IntVar(&t.PerMinute, "per-minute", t.PerMinute, "how many requests a minute it may send")
	for _, name := range []string{"role", "name"} {
		_ = c.MarkFlagRequired(name) // fails for a flag that is not there
	}
	return c
}

var lifePattern = regexp.MustCompile(`^([0-9]{1,5})([dh])$`)

// readLife reads a number of days or hours.
func readLife(text string) (time.Duration, error) {
	m := lifePattern.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("--expires %q is no length of time; write days or hours, such as 90d or 12h", text)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0, err
	}
	if m[2] == "d" {
		n *= 24
	}
	return time.Duration(n) * time.Hour, nil
}

// makeToken makes a token for who asks on the control socket.
func (o *office) makeToken(r *http.Request) (newToken, error) {
	if o.access == nil {
		return newToken{}, errNoAccounts
	}
	var t access.Token
	if err := json.NewDecoder(io.LimitReader(r.Body, 64<<10)).Decode(&t); err != nil {
		return newToken{}, fmt.Errorf("reading the token to make: %w", err)
	}
	made, text, err := o.access.MakeToken(time.Now(), onTheBox, t)
	if err != nil {
		return newToken{}, fmt.Errorf("making a token: %w", err)
	}
	return newToken{made, text}, nil
}

// MakeToken makes a token.
func (d *daemon) MakeToken(ctx context.Context, t access.Token) (newToken, error) {
	b, err := json.Marshal(t)
	if err != nil {
		return newToken{}, err
	}
	return askJSON[newToken](ctx, d, http.MethodPost, "/tokens", nil, bytes.NewReader(b))
}
