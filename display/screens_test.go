package display

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access"

	"github.com/gorilla/websocket"
)

// TestABoardIsPairedWithHowItHangs pairs a board with its diagonal and distance, and
// changes what it shows; what is not possible is told at its field, as it was typed.
func TestABoardIsPairedWithHowItHangs(t *testing.T) {
	s, store := withAccounts(t)
	p, err := store.BeginPairing(time.Now(), "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	status, _, body := send(t, s, "/schermi", "codice", p.Code, "nome", "Atrio", "ruolo", "board",
		"pollici", "cinquanta", "metri", "50", "volume", "0", "servizio", "nessuno")
	for _, want := range []string{"da 10 a 120.", "Scriva i metri, da 1 a 30.", "Scriva il volume", `value="cinquanta"`, `value="50"`} {
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, want) {
			t.Errorf("a board that cannot be: %d without %q", status, want)
		}
	}
	if status, _, body = send(t, s, "/schermi", "codice", p.Code, "nome", "Atrio", "ruolo", "board", "servizio", "nessuno"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Scelga servizi che ci sono.") {
		t.Errorf("a service that is not there: %d", status)
	}
	u := surfer{t: t, s: s}
	u.post("/schermi", "codice", p.Code, "nome", "Atrio", "ruolo", "board", "pollici", "55", "metri", "10,5", "sala", "Sala B",
		"aspetto", "chiaro", "volume", "60", "muto", "si", "senza-attese", "si", "servizio", "anagrafe", "servizio", "cie")
	u.sees("Schermo collegato", `name="pollici" value="55"`, `name="metri" value="10.5"`, `value="chiaro" selected`, `value="anagrafe" checked`)
	want := access.Display{Inches: 55, Metres: 10.5, Hall: "Sala B", Services: []string{"anagrafe", "cie"}, NoWaits: true, Look: "chiaro", Volume: 60, Silent: true}
	screen := store.Screens()[0]
	if got := screen.Display(); !reflect.DeepEqual(got, want) {
		t.Errorf("paired as %+v, want %+v", got, want)
	}
	u.post("/schermi/"+screen.ID, "versione", "1", "nome", "Atrio", "ruolo", "board", "pollici", "43", "metri", "8", "aspetto", "scuro", "volume", "80", "azione", "save")
	if got := store.Screens()[0]; got.Board != nil {
		t.Errorf("changed to what is usual: %+v", got.Board)
	}
}

// TestAChangedBoardLoadsItselfAnew changes how a board hangs while it is connected: it
// is told so; another name alone leaves it be.
func TestAChangedBoardLoadsItselfAnew(t *testing.T) {
	o, store := newTestOffice(t), testAccounts(t)
	cfg := o.config()
	cfg.Administration, cfg.Access, cfg.Open = store, store, false
	s := serve(t, cfg, "")
	p, err := store.BeginPairing(time.Now(), "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	screen, err := store.Pair(time.Now(), access.By{}, p.Code, access.Paired{Name: "Atrio", Role: access.Board})
	if err != nil {
		t.Fatal(err)
	}
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.url, "http")+"/ws?page=board", http.Header{"Cookie": {screenCookie + "=" + p.Secret}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	closed := make(chan error, 1)
	go func() {
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				closed <- err
				return
			}
		}
	}()
	screen.Name = "Ingresso"
	if screen, err = store.ChangeScreen(time.Now(), access.By{}, screen); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-closed:
		t.Fatalf("another name ends its line: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	screen.Board = &access.Display{Inches: 55}
	if _, err = store.ChangeScreen(time.Now(), access.By{}, screen); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-closed:
		if !websocket.IsCloseError(err, closeChanged) {
			t.Errorf("the board is told %v", err)
		}
	case <-time.After(time.Minute):
		t.Error("the board is not told")
	}
}

// TestATotemIsPairedWithItsDiagonal, by which it lays out its letters; it has nothing else
// of a board, and is told when it changes.
func TestATotemIsPairedWithItsDiagonal(t *testing.T) {
	o, store := newTestOffice(t), testAccounts(t)
	cfg := o.config()
	cfg.Administration, cfg.Access = store, store
	s := serve(t, cfg, "")
	p, err := store.BeginPairing(time.Now(), "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	for _, inches := range []string{"molti", "9,9", "121", "NaN"} {
		status, _, body := send(t, s, "/schermi", "codice", p.Code, "nome", "Ingresso", "ruolo", "totem", "posto", "outlet:totem", "pollici-totem", inches)
		if status != http.StatusUnprocessableEntity || strings.Count(body, "da 10 a 120.") != 1 || !strings.Contains(body, `name="pollici-totem" value="`+inches+`"`) {
			t.Errorf("a totem of %q inches: %d", inches, status)
		}
	}
	u := surfer{t: t, s: s}
	u.post("/schermi", "codice", p.Code, "nome", "Ingresso", "ruolo", "totem", "posto", "outlet:totem", "pollici-totem", "21,5", "pollici", "55", "metri", "3")
	u.sees("Schermo collegato", `name="pollici-totem" value="21.5"`)
	screen := store.Screens()[0]
	if screen.Board == nil || !reflect.DeepEqual(*screen.Board, access.Display{Inches: 21.5}) {
		t.Fatalf("paired as %+v", screen.Board)
	}
	u.post("/schermi/"+screen.ID, "versione", "1", "nome", "Ingresso", "ruolo", "totem", "posto", "outlet:totem", "pollici-totem", "10.1", "azione", "save")
	if got := store.Screens()[0]; got.Board != nil || got.Display().Inches != access.StandardTotemInches {
		t.Errorf("changed to what is usual: %+v", got.Board)
	}
	usual := access.StandardInches
	for role, wrong := range map[access.Role]access.Display{access.Totem: {Inches: 21.5, Metres: 3}, access.Voting: {Inches: 21.5}} {
		if err := (access.Paired{Name: "x", Place: "totem", Role: role, Board: &wrong}).Validate(); err == nil {
			t.Errorf("a %s is %+v", role, wrong)
		}
	}
	if (access.Display{Inches: usual}).Said(access.Totem) == nil || (access.Display{Inches: usual}).Said(access.Board) != nil {
		t.Error("what is usual of a board is so of a totem")
	}
	// What the totem itself is shown.
	cfg.Open = false
	closed := serve(t, cfg, "")
	screen = store.Screens()[0]
	screen.Board = &access.Display{Inches: 21.5}
	if screen, err = store.ChangeScreen(time.Now(), access.By{}, screen); err != nil {
		t.Fatal(err)
	}
	cookie := screenCookie + "=" + p.Secret
	_, _, body := ask(t, request(t, "GET", closed.url+"/totem?pollici=40", "", "Cookie", cookie))
	if !strings.Contains(body, `data-inches="21.5"`) {
		t.Errorf("the totem is shown %s", body)
	}
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(closed.url, "http")+"/ws?page=totem&outlet=totem", http.Header{"Cookie": {cookie}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	screen.Board = nil
	if _, err = store.ChangeScreen(time.Now(), access.By{}, screen); err != nil {
		t.Fatal(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	for err == nil {
		_, _, err = conn.ReadMessage()
	}
	if !websocket.IsCloseError(err, closeChanged) {
		t.Errorf("the totem is told %v", err)
	}
}
