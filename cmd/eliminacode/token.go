package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
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
	return commandGroup("token", "Let programs use the API of this box", "", p.tokenCreate(), p.tokenList(), p.tokenRevoke())
}

func (p program) tokenCreate() *cobra.Command {
	var role, expires string
	t := access.Token{PerMinute: access.StandardPerMinute}
	c := boxCommand(&cobra.Command{
		Use:   "create",
		Short: "Make a token with which a program may do what a role may",
		Long: "Make a token with which a program may do what a role may, and print it. It is printed once: the box keeps\n" +
			"its hash alone. The program sends it with each request: Authorization: Bearer TOKEN. Who reads events is told\n" +
			"while the day is open which desk does what, and of days that are over neither the desk nor the ticket nor the\n" +
			"minute: a program that writes them down watches who works there, which the law asks an agreement for\n" +
			"(art. 4 L. 300/1970).",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		life, err := readLife(expires)
		if err != nil {
			return usageError{err}
		}
		t.Role, t.Expires = access.Role(role), time.Now().Add(life)
		if !t.Role.OfProgram() {
			return usageError{fmt.Errorf("--role %q is no role of a program; use one of %v", role, access.ProgramRoles())}
		}
		if err := t.KnownScopes(); err != nil {
			return usageError{fmt.Errorf("--scope: %w", err)}
		}
		var made newToken
		if err := p.withDaemon(c.Context(), flags, "since it keeps the tokens", func(d *daemon) error {
			made, err = d.MakeToken(c.Context(), t)
			return err
		}); err != nil {
			return err
		}
		fmt.Fprintln(p.out, made.Text)
		fmt.Fprintf(p.errs, "It is %q, for what the role %s may, until %s. It is not shown again; to take it back: eliminacode token revoke %s\n",
			made.Name, made.Role, made.Expires.Format(time.DateOnly), made.ID)
		return nil
	})
	c.Flags().StringVar(&role, "role", "", fmt.Sprintf("what the program may do: one of %v", access.ProgramRoles()))
	c.Flags().StringVar(&t.Name, "name", "", "what people call the program")
	c.Flags().StringVar(&expires, "expires", "90d", "how long it is good: days, weeks or hours, such as 90d, 12w or 8h; at most five years")
	c.Flags().StringSliceVar(&t.Scopes, "scope", nil, "narrow it to a part of the API, such as reception of /api/v1/reception/; may be given several times: "+strings.Join(access.Scopes(), ", "))
	c.Flags().IntVar(&t.PerMinute, "per-minute", t.PerMinute, "how many requests a minute it may send")
	for _, name := range []string{"role", "name"} {
		_ = c.MarkFlagRequired(name) // fails for a flag that is not there
	}
	return c
}

func (p program) tokenList() *cobra.Command {
	var asJSON bool
	c := boxCommand(&cobra.Command{
		Use:   "list",
		Short: "List the tokens of programs",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		var tokens []listedToken
		if err := p.withDaemon(c.Context(), flags, "since it keeps the tokens", func(d *daemon) (err error) {
			tokens, err = askJSON[[]listedToken](c.Context(), d, http.MethodGet, "/tokens", nil, nil)
			return err
		}); err != nil {
			return err
		}
		if asJSON {
			out := json.NewEncoder(p.out)
			out.SetIndent("", "  ")
			return out.Encode(tokens)
		}
		if len(tokens) == 0 {
			fmt.Fprintln(p.out, "No program has a token. To make one: eliminacode token create --role ROLE --name NAME")
			return nil
		}
		w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tNAME\tROLE\tSCOPES\tENDS\tA MINUTE\tLAST USED")
		for _, t := range tokens {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\n", t.ID, t.Name, t.Role, t.scopes(), t.ends(), t.PerMinute, t.lastUsed())
		}
		return w.Flush()
	})
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (p program) tokenRevoke() *cobra.Command {
	return boxCommand(&cobra.Command{
		Use:   "revoke ID",
		Short: "Take a token back: its program is refused from now on",
		Args:  cobra.ExactArgs(1),
	}, func(c *cobra.Command, flags boxFlags, args []string) error {
		var gone access.Token
		if err := p.withDaemon(c.Context(), flags, "since it keeps the tokens", func(d *daemon) (err error) {
			gone, err = askJSON[access.Token](c.Context(), d, http.MethodDelete, "/tokens/"+url.PathEscape(args[0]), nil, nil)
			return err
		}); err != nil {
			return err
		}
		if gone.ID == "" {
			fmt.Fprintf(p.out, "The token %s was taken back before.\n", args[0])
			return nil
		}
		fmt.Fprintf(p.out, "The token of %s is taken back.\n", gone.Name)
		return nil
	})
}

// A listedToken is a token with when it was last used since the daemon started.
type listedToken struct {
	access.Token
	Used *time.Time `json:"used,omitempty"`
}

func (t listedToken) scopes() string {
	if len(t.Scopes) == 0 {
		return "all of the role"
	}
	return strings.Join(t.Scopes, " ")
}

func (t listedToken) ends() string {
	text := t.Expires.Format(time.DateOnly)
	switch t.Over {
	case "":
		return text
	case access.OverByClock:
		return text + " (over by a clock that the network does not confirm: connect it if the clock is wrong, or make another token)"
	default:
		return text + " (over)"
	}
}

func (t listedToken) lastUsed() string {
	if t.Used == nil {
		return "not since the start"
	}
	return t.Used.Format(time.DateTime)
}

// longestLife bounds what readLife takes; the store has a tighter bound.
const longestLife = 10 * 366 * 24 * time.Hour

// readLife reads how long something is good: "90d", "12w" or "8h".
func readLife(text string) (time.Duration, error) {
	units := map[byte]time.Duration{'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	wrong := fmt.Errorf("--expires %q is no length of time; write a whole number of days, weeks or hours, such as 90d, 12w or 8h", text)
	if len(text) < 2 || len(text) > 6 {
		return 0, wrong
	}
	unit, known := units[text[len(text)-1]]
	n, err := strconv.ParseUint(text[:len(text)-1], 10, 32)
	if !known || err != nil || n == 0 {
		return 0, wrong
	}
	if n <= uint64(longestLife/unit) { // compared before the product can overflow
		return time.Duration(n) * unit, nil
	}
	return 0, fmt.Errorf("--expires %q is too long; at most five years", text)
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
	switch {
	case errors.Is(err, access.ErrTaken):
		return newToken{}, fmt.Errorf("there is a token named %q already; choose another name, or revoke that one first", t.Name)
	case errors.Is(err, access.ErrFull):
		return newToken{}, fmt.Errorf("making a token: %w; revoke those that nobody needs: eliminacode token list", err)
	case errors.Is(err, access.ErrBadValue):
		return newToken{}, fmt.Errorf("making a token: %w; correct it, see eliminacode token create --help", err)
	case err != nil:
		return newToken{}, fmt.Errorf("making a token: %w", err)
	}
	made.Expires = o.onTheWall(made.Expires)
	return newToken{made, text}, nil
}

// serveTokens answers the commands about tokens on the control socket.
func serveTokens(mux *http.ServeMux, o *office) {
	serveJSON(mux, "POST /tokens", o.makeToken)
	serveJSON(mux, "GET /tokens", func(*http.Request) ([]listedToken, error) { return o.tokens() })
	serveJSON(mux, "DELETE /tokens/{id}", func(r *http.Request) (access.Token, error) { return o.revokeToken(r.PathValue("id")) })
}

// MakeToken makes a token.
func (d *daemon) MakeToken(ctx context.Context, t access.Token) (newToken, error) {
	b, err := json.Marshal(t)
	if err != nil {
		return newToken{}, err
	}
	return askJSON[newToken](ctx, d, http.MethodPost, "/tokens", nil, bytes.NewReader(b))
}

func (o *office) tokens() ([]listedToken, error) {
	if o.access == nil {
		return nil, errNoAccounts
	}
	list := []listedToken{}
	for _, t := range o.access.Tokens() {
		one := listedToken{Token: t}
		one.Expires = o.onTheWall(t.Expires)
		if !t.Used.IsZero() {
			used := o.onTheWall(t.Used)
			one.Used = &used
		}
		list = append(list, one)
	}
	return list, nil
}

func (o *office) revokeToken(id string) (access.Token, error) {
	if o.access == nil {
		return access.Token{}, errNoAccounts
	}
	all := o.access.Tokens()
	i := slices.IndexFunc(all, func(t access.Token) bool { return t.ID == id })
	err := o.access.RevokeToken(time.Now(), onTheBox, id)
	switch {
	case errors.Is(err, access.ErrUnknown):
		return access.Token{}, fmt.Errorf("there is no token %q; see eliminacode token list", id)
	case i < 0:
		return access.Token{}, err // it was revoked before
	}
	return all[i], err
}
