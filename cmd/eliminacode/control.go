package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"eliminacode/device/bridge"
	"eliminacode/queue"
	"eliminacode/queue/journal"
	"eliminacode/queue/waiting"
)

// The daemon answers the command line over a socket in its data folder, so
// that reports and backups work beside it. Whoever may write into the folder
// may ask.
const controlName = "control.sock"

// errNoDaemon: nobody listens on the data folder's socket.
var errNoDaemon = errors.New("no daemon runs on this folder")

// controlAddress is the socket's path in a form that fits the kernel's limit
// of 108 bytes however deep the folder lies: through a descriptor of it.
func controlAddress(data string) (path string, done func(), err error) {
	dir, err := os.Open(data)
	if err != nil {
		return "", nil, fmt.Errorf("opening the data folder: %w", err)
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), controlName), func() { dir.Close() }, nil
}

// listenControl opens the socket. A socket left by a killed daemon is taken
// over: the journal's lock has already shown that no other one runs.
func listenControl(data string) (net.Listener, error) {
	path, done, err := controlAddress(data)
	if err != nil {
		return nil, err
	}
	defer done()
	if err := os.Remove(filepath.Join(data, controlName)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("removing an old control socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("opening the control socket in %s: %w", data, err)
	}
	// The path goes through a descriptor that is closed now; the file is
	// removed by its real name when the daemon stops.
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	if err := os.Chmod(filepath.Join(data, controlName), 0o600); err != nil {
		l.Close()
		return nil, fmt.Errorf("guarding the control socket: %w", err)
	}
	return l, nil
}

// serveControl answers on the socket until ctx ends.
func serveControl(ctx context.Context, l net.Listener, o *office, hardware *bridge.Bridge) error {
	server := &http.Server{
		Handler:           controlHandler(o, hardware),
		ReadHeaderTimeout: 5 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		if server.Shutdown(bounded) != nil {
			server.Close()
		}
	})
	err := server.Serve(l)
	if !stop() {
		<-stopped
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func controlHandler(o *office, hardware *bridge.Bridge) http.Handler {
	a := o.archive
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any, err error) {
		w.Header().Set("Content-Type", "application/json")
		if err != nil {
			w.WriteHeader(http.StatusUnprocessableEntity)
			v = controlFailure{Error: err.Error()}
		}
		json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("GET /report", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		report, err := a.Report(r.Context(), waiting.Query{
			From: q.Get("from"), To: q.Get("to"), By: waiting.Grouping(q.Get("by")),
			LeaveOutInferred: q.Get("observed") != "",
		})
		answer(w, report, err)
	})
	mux.HandleFunc("GET /verify", func(w http.ResponseWriter, r *http.Request) {
		v, err := a.Verify(r.Context(), &progress{})
		answer(w, v, err)
	})
	mux.HandleFunc("GET /copy", func(w http.ResponseWriter, r *http.Request) {
		stream(w, func(out io.Writer) error { return a.WriteCopy(r.Context(), out) })
	})
	mux.HandleFunc("GET /today", func(w http.ResponseWriter, r *http.Request) {
		date, err := o.today()
		answer(w, date, err)
	})
	mux.HandleFunc("GET /office", func(w http.ResponseWriter, r *http.Request) {
		setup, err := a.Office(r.Context())
		answer(w, setup, err)
	})
	mux.HandleFunc("PUT /office", func(w http.ResponseWriter, r *http.Request) {
		var broken []string
		text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxOfficeBytes))
		if err == nil {
			broken, err = o.changeOffice(r.Context(), text)
		}
		answer(w, broken, err)
	})
	mux.HandleFunc("GET /clock", func(w http.ResponseWriter, _ *http.Request) {
		r, err := o.clock()
		answer(w, r, err)
	})
	mux.HandleFunc("POST /clock", func(w http.ResponseWriter, r *http.Request) {
		reading, err := o.setClock(r.Context(), r.URL.Query().Get("time"))
		answer(w, reading, err)
	})
	mux.HandleFunc("GET /devices", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, o.devices(), nil)
	})
	mux.HandleFunc("POST /trial", func(w http.ResponseWriter, r *http.Request) {
		answer(w, tryPrinter(r.Context(), hardware, queue.OutletID(r.URL.Query().Get("outlet"))), nil)
	})
	mux.HandleFunc("GET /dump", func(w http.ResponseWriter, r *http.Request) {
		from, err := strconv.ParseUint(r.URL.Query().Get("from"), 10, 64)
		if err != nil {
			answer(w, nil, fmt.Errorf("%q is not a sequence number", r.URL.Query().Get("from")))
			return
		}
		stream(w, func(out io.Writer) error { return a.Dump(r.Context(), out, from) })
	})
	return mux
}

// stream answers with what write writes, and in a trailer why it broke off. A
// reader who reads nothing for slowRead is left: a copy pins what it reads.
func stream(w http.ResponseWriter, write func(io.Writer) error) {
	w.Header().Set("Trailer", streamFailure)
	out := bufio.NewWriterSize(patient{w, http.NewResponseController(w)}, 64<<10)
	if err := errors.Join(write(out), out.Flush()); err != nil {
		w.Header().Set(streamFailure, strings.ReplaceAll(err.Error(), "\n", " "))
	}
}

// slowRead is how long a reader of a stream may take for a part of it: a stick
// may be slow.
const slowRead = 2 * time.Minute

// A patient writer gives its reader slowRead for each write.
type patient struct {
	w       io.Writer
	control *http.ResponseController
}

func (p patient) Write(b []byte) (int, error) {
	if err := p.control.SetWriteDeadline(time.Now().Add(slowRead)); err != nil {
		return 0, err
	}
	return p.w.Write(b)
}

// maxOfficeBytes bounds an office's file, comments included.
const maxOfficeBytes = 1 << 20

// streamFailure is the trailer that tells why a stream broke off.
const streamFailure = "Eliminacode-Failure"

type controlFailure struct {
	Error string `json:"error"`
}

// daemon is the archive of a daemon that runs.
type daemon struct{ client http.Client }

// dialDaemon finds out whether a daemon runs on the folder.
func dialDaemon(ctx context.Context, data string) (*daemon, error) {
	d := &daemon{}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		path, done, err := controlAddress(data)
		if err != nil {
			return nil, err
		}
		defer done()
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}
	conn, err := dial(ctx, "", "")
	switch {
	case err == nil:
		conn.Close()
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("asking the daemon of %s: %w; run this as the daemon's user or as root", data, err)
	default:
		return nil, fmt.Errorf("%w: %w", errNoDaemon, err)
	}
	d.client.Transport = &http.Transport{DialContext: dial, ResponseHeaderTimeout: 10 * time.Minute}
	return d, nil
}

func (d *daemon) Close() error {
	d.client.CloseIdleConnections()
	return nil
}

func (d *daemon) ask(ctx context.Context, method, path string, q url.Values, body io.Reader) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://daemon"+path+"?"+q.Encode(), body)
	if err != nil {
		return nil, err
	}
	resp, err := d.client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("asking the running daemon: %w", err)
	}
	if resp.StatusCode == http.StatusOK {
		return resp, nil
	}
	defer resp.Body.Close()
	var f controlFailure
	if json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&f) != nil || f.Error == "" {
		return nil, fmt.Errorf("the running daemon answers %s; is it of another version?", resp.Status)
	}
	return nil, errors.New(f.Error)
}

func (d *daemon) askJSON(ctx context.Context, method, path string, q url.Values, into any) error {
	resp, err := d.ask(ctx, method, path, q, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		return fmt.Errorf("reading the daemon's answer: %w", err)
	}
	return nil
}

func (d *daemon) Report(ctx context.Context, q waiting.Query) (r waiting.Report, err error) {
	values := url.Values{"from": {q.From}, "to": {q.To}, "by": {string(q.By)}}
	if q.LeaveOutInferred {
		values.Set("observed", "1")
	}
	err = d.askJSON(ctx, http.MethodGet, "/report", values, &r)
	return r, err
}

func (d *daemon) Verify(ctx context.Context, _ *progress) (v journal.Verification, err error) {
	err = d.askJSON(ctx, http.MethodGet, "/verify", nil, &v)
	return v, err
}

func (d *daemon) Today(ctx context.Context) (date string, err error) {
	err = d.askJSON(ctx, http.MethodGet, "/today", nil, &date)
	return date, err
}

func (d *daemon) Office(ctx context.Context) (setup queue.Setup, err error) {
	err = d.askJSON(ctx, http.MethodGet, "/office", nil, &setup)
	return setup, err
}

// Devices are the health of the devices that the daemon drives.
func (d *daemon) Devices(ctx context.Context) (all []health, err error) {
	err = d.askJSON(ctx, http.MethodGet, "/devices", nil, &all)
	return all, err
}

// Trial prints a PROVA at an outlet.
func (d *daemon) Trial(ctx context.Context, outlet queue.OutletID) (t trial, err error) {
	err = d.askJSON(ctx, http.MethodPost, "/trial", url.Values{"outlet": {string(outlet)}}, &t)
	return t, err
}

// ChangeOffice puts the office of a TOML file in force, and tells what it breaks.
func (d *daemon) ChangeOffice(ctx context.Context, text []byte) (broken []string, err error) {
	resp, err := d.ask(ctx, http.MethodPut, "/office", nil, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&broken); err != nil {
		return nil, fmt.Errorf("reading the daemon's answer: %w", err)
	}
	return broken, nil
}

func (d *daemon) Dump(ctx context.Context, w io.Writer, from uint64) error {
	return d.stream(ctx, "/dump", url.Values{"from": {strconv.FormatUint(from, 10)}}, w)
}

func (d *daemon) WriteCopy(ctx context.Context, w io.Writer) error {
	return d.stream(ctx, "/copy", nil, w)
}

// stream copies what the daemon streams.
func (d *daemon) stream(ctx context.Context, path string, q url.Values, w io.Writer) error {
	resp, err := d.ask(ctx, http.MethodGet, path, q, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(w, resp.Body); err != nil {
		return fmt.Errorf("reading what the daemon streams: %w", err)
	}
	if failure := resp.Trailer.Get(streamFailure); failure != "" {
		return errors.New(failure)
	}
	return nil
}
