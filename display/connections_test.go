package display

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

// held are connections of one address that stay open, the oldest first.
type held []net.Conn

// hold opens connections from an address, each of which sends what there is to say.
func hold(t *testing.T, s running, from string, n int, say string) (all held) {
	t.Helper()
	for range n {
		conn, err := dialer(from).Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		if _, err := io.WriteString(conn, say); err != nil {
			t.Fatal(err)
		}
		all = append(all, conn)
	}
	return all
}

// open tells whether a connection is still there, after what was sent to it.
func isOpen(t *testing.T, conn net.Conn) bool {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	_, err := io.Copy(io.Discard, conn)
	return errors.Is(err, os.ErrDeadlineExceeded)
}

// Hundreds of connections of one address on which nothing comes, or half a request,
// keep no honest reader of that address out, nor one of another: the oldest of them
// makes room.
func TestHalfOpenConnectionsMakeRoom(t *testing.T) {
	for what, say := range map[string]string{
		"silent": "", "half a head": "GET /tabellone HTTP/1.1\r\nHost: loc", "idle": "GET /static/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
	} {
		t.Run(what, func(t *testing.T) {
			cfg := newTestOffice(t).config()
			cfg.Bounds.Connections = 60
			s := serve(t, cfg, "")
			all := hold(t, s, "127.0.0.2", 35, say)
			for _, from := range []string{"127.0.0.2", "127.0.0.3"} {
				client := http.Client{Transport: &http.Transport{DialContext: dialer(from).DialContext}}
				defer client.CloseIdleConnections()
				resp, err := client.Get(s.url + "/tabellone")
				if err != nil {
					t.Fatalf("a reader at %s: %v", from, err)
				}
				_ = resp.Body.Close()
				if resp.StatusCode != http.StatusOK {
					t.Errorf("a reader at %s hears %d", from, resp.StatusCode)
				}
			}
			// What is left is within the bound, and is what came last; of those that were
			// answered, what was answered last.
			left := 0
			for i, conn := range all {
				open := isOpen(t, conn)
				if stays := i >= len(all)-9; what != "idle" && open != stays {
					t.Errorf("connection %d of %d is open: %v", i+1, len(all), open)
				}
				if open {
					left++
				}
			}
			if left != 9 {
				t.Errorf("%d connections are left beside that of the reader, want 9", left)
			}
		})
	}
}

// A connection with a request under way makes room for no other: one more of its
// address is closed as it comes, and one of another address is let in.
func TestConnectionsUnderWayAreKept(t *testing.T) {
	cfg := newTestOffice(t).config()
	cfg.Bounds.Connections = 60
	s := serve(t, cfg, "")
	const begun = "POST /api/v1/manager/capacity HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 15\r\nExpect: 100-continue\r\n\r\n"
	all := hold(t, s, "127.0.0.2", 10, begun)
	for _, conn := range all {
		// The body is asked for: somebody works at it.
		_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
		if said, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(said, "100 Continue") {
			t.Fatalf("%q, %v", said, err)
		}
	}
	conn, err := dialer("127.0.0.2").Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err == nil {
		_, _ = io.WriteString(conn, "GET /tabellone HTTP/1.1\r\nHost: localhost\r\n\r\n")
		_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
		if n, err := conn.Read(make([]byte, 1)); n != 0 || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("one more connection is let in: %v", err)
		}
		_ = conn.Close()
	}
	if status, _, _ := ask(t, request(t, "GET", s.url+"/tabellone", "")); status != http.StatusOK {
		t.Errorf("another address hears %d", status)
	}
	for _, conn := range all {
		_, _ = io.WriteString(conn, `{"people":"60"}`)
		_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		for err == nil && resp.StatusCode == http.StatusContinue {
			resp, err = http.ReadResponse(bufio.NewReader(conn), nil)
		}
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("a request that was under way ends with %v, %v", resp, err)
		}
	}
}

// Where addresses together hold all that there is, the connection that has waited
// longest makes room, whosever it is.
func TestConnectionsOfManyAddressesMakeRoom(t *testing.T) {
	cfg := newTestOffice(t).config()
	cfg.Bounds.Connections = 60
	s := serve(t, cfg, "")
	var all held
	for i := range 6 {
		all = append(all, hold(t, s, fmt.Sprint("127.0.0.", 10+i), 10, "")...)
	}
	if status, _, _ := ask(t, request(t, "GET", s.url+"/tabellone", "")); status != http.StatusOK {
		t.Errorf("one more address hears %d", status)
	}
	for i, conn := range []net.Conn{all[0], all[1]} {
		if isOpen(t, conn) != (i > 0) {
			t.Errorf("connection %d is open: %v", i+1, i == 0)
		}
	}
}

// Under TLS too a request that is under way is known.
func TestConnectionsUnderTLSAreKept(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	begun, end := make(chan struct{}), make(chan struct{})
	web := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		begun <- struct{}{}
		<-end
	}))
	_ = web.Listener.Close()
	web.Listener, web.Config.ConnState = newBoundedListener(inner, 6), keepBusy
	web.StartTLS()
	defer web.Close()
	ended := make(chan error, 1)
	go func() {
		resp, err := web.Client().Get(web.URL)
		if err == nil {
			_ = resp.Body.Close()
		}
		ended <- err
	}()
	<-begun
	if conn, err := tls.Dial("tcp", inner.Addr().String(), &tls.Config{InsecureSkipVerify: true}); err == nil {
		_ = conn.Close()
		t.Error("one more connection is let in")
	}
	close(end)
	if err := <-ended; err != nil {
		t.Errorf("the request that was under way: %v", err)
	}
}
