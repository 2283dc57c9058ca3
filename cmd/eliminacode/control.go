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
	"eliminacode/display"
	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/journal"
	"eliminacode/queue/procedure"
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
	if errors.Is(err, os.ErrPermission) {
		return nil, fmt.Errorf("opening the control socket in %s: %w; the user that the program runs as must be allowed to write in that folder", data, os.ErrPermission)
	}
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
	serveJSON(mux, "GET /report", func(r *http.Request) (waiting.Report, error) {
		q := r.URL.Query()
		return a.Report(r.Context(), waiting.Query{
			From: q.Get("from"), To: q.Get("to"), By: waiting.Grouping(q.Get("by")),
			LeaveOutInferred: q.Get("observed") != "", Told: q.Get("told") != "", Contacts: q.Get("contacts") != "",
		})
	})
	serveJSON(mux, "GET /verify", func(r *http.Request) (journal.Verification, error) { return a.Verify(r.Context(), &progress{}) })
	serveJSON(mux, "GET /today", func(*http.Request) (string, error) { return o.today() })
	serveJSON(mux, "GET /office", func(r *http.Request) (queue.Setup, error) { return a.Office(r.Context()) })
	serveJSON(mux, "PUT /office", func(r *http.Request) (officeEffect, error) {
		text, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxOfficeBytes))
		if err != nil {
			return officeEffect{}, err
		}
		if r.URL.Query().Has("try") {
			return o.tryOffice(text)
		}
		return o.changeOffice(r.Context(), text, r.URL.Query().Get("why"), r.URL.Query().Has("sure"))
	})
	serveJSON(mux, "GET /procedures", func(*http.Request) ([]byte, error) {
		c, err := o.procedures.Catalogue()
		if err != nil {
			return nil, err
		}
		return c.Format(), nil
	})
	serveJSON(mux, "PUT /procedures", func(r *http.Request) ([]string, error) {
		file, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, procedure.MaxFileBytes+1))
		if err != nil {
			return nil, err
		}
		c, err := o.procedures.Replace(file)
		if err != nil {
			return nil, err
		}
		o.note("procedures.replace", "eliminacode procedure import")
		setup, _ := o.Watch()
		told := astray(c, setup.Setup())
		if gone := goneOf(c, o.procedures.Earlier()); gone != "" {
			told = append(told, gone)
		}
		return told, nil
	})
	serveJSON(mux, "GET /clock", func(*http.Request) (clockReading, error) { return o.clock() })
	serveJSON(mux, "POST /clock", func(r *http.Request) (clockReading, error) {
		q := r.URL.Query()
		return o.setClock(r.Context(), q.Get("time"), q.Get("sure") == "true")
	})
	serveJSON(mux, "POST /live", func(r *http.Request) (string, error) { return o.live(r.Context(), r.URL.Query()) })
	serveJSON(mux, "GET /accounts", func(*http.Request) (foundAccounts, error) { return o.foundAccounts(), nil })
	serveTokens(mux, o)
	serveJSON(mux, "GET /address", func(*http.Request) (string, error) { return o.address, nil })
	serveJSON(mux, "GET /awaited", func(*http.Request) (awaitedPorts, error) { return o.awaits(), nil })
	serveJSON(mux, "GET /devices", func(*http.Request) ([]health, error) { return o.devices(), nil })
	serveJSON(mux, "GET /boards", func(*http.Request) ([]display.HungBoard, error) { return o.boards(), nil })
	serveJSON(mux, "POST /trial", func(r *http.Request) (trial, error) {
		return tryPrinter(r.Context(), hardware, queue.OutletID(r.URL.Query().Get("outlet"))), nil
	})
	serveJSON(mux, "POST /copied", func(r *http.Request) (view.CopyMade, error) {
		made := view.CopyMade{AtMs: time.Now().UnixMilli(), Folder: r.URL.Query().Get("folder")}
		o.note("copy.make", "eliminacode journal backup")
		return made, noteCopy(o.data, made)
	})
	mux.HandleFunc("GET /copy", func(w http.ResponseWriter, r *http.Request) {
		stream(w, func(out io.Writer) error { return a.WriteCopy(r.Context(), out) })
	})
	mux.HandleFunc("GET /dump", func(w http.ResponseWriter, r *http.Request) {
		stream(w, func(out io.Writer) error {
			from, err := strconv.ParseUint(r.URL.Query().Get("from"), 10, 64)
			if err != nil {
				return fmt.Errorf("%q is not a sequence number", r.URL.Query().Get("from"))
			}
			return a.Dump(r.Context(), out, from)
		})
	})
	return mux
}

// serveJSON answers requests with what answer gives, or with why it failed.
func serveJSON[T any](mux *http.ServeMux, pattern string, answer func(*http.Request) (T, error)) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		given, err := answer(r)
		if err != nil {
			w.WriteHeader(http.StatusUnprocessableEntity)
			json.NewEncoder(w).Encode(controlFailure{err.Error(), errors.Is(err, queue.ErrNoSetup)})
			return
		}
		json.NewEncoder(w).Encode(given)
	})
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

// controlFailure is why a question was not answered.
type controlFailure struct {
	Error string `json:"error"`
	// NoSetup is queue.ErrNoSetup, which who asks tells from all else: an office is not
	// there yet, and nothing is wrong.
	NoSetup bool `json:"no_setup,omitempty"`
}

func (f controlFailure) err() error {
	if f.NoSetup {
		return fmt.Errorf("%w (said by the running daemon)", queue.ErrNoSetup)
	}
	return errors.New(f.Error)
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

// daemonOf finds the daemon that runs on a data folder, or nil.
func daemonOf(ctx context.Context, data string) (*daemon, error) {
	d, err := dialDaemon(ctx, data)
	if errors.Is(err, errNoDaemon) {
		return nil, nil
	}
	return d, err
}

// withDaemon asks the daemon of the box something; without one it says why there
// must be one.
func (p program) withDaemon(ctx context.Context, flags boxFlags, why string, ask func(*daemon) error) error {
	data, err := p.folder(flags)
	if err != nil {
		return err
	}
	d, err := daemonOf(ctx, data)
	if err != nil {
		return err
	}
	if d == nil {
		return fmt.Errorf("no daemon runs on %s; start it, %s", data, why)
	}
	return errors.Join(ask(d), d.Close())
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
	return nil, f.err()
}

// askJSON asks what serveJSON answers.
func askJSON[T any](ctx context.Context, d *daemon, method, path string, q url.Values, body io.Reader) (answer T, err error) {
	resp, err := d.ask(ctx, method, path, q, body)
	if err != nil {
		return answer, err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return answer, fmt.Errorf("reading the daemon's answer: %w", err)
	}
	return answer, nil
}

func (d *daemon) Report(ctx context.Context, q waiting.Query) (waiting.Report, error) {
	values := url.Values{"from": {q.From}, "to": {q.To}, "by": {string(q.By)}}
	if q.LeaveOutInferred {
		values.Set("observed", "1")
	}
	if q.Told {
		values.Set("told", "1")
	}
	if q.Contacts {
		values.Set("contacts", "1")
	}
	return askJSON[waiting.Report](ctx, d, http.MethodGet, "/report", values, nil)
}

func (d *daemon) Verify(ctx context.Context, _ *progress) (journal.Verification, error) {
	return askJSON[journal.Verification](ctx, d, http.MethodGet, "/verify", nil, nil)
}

func (d *daemon) Today(ctx context.Context) (date string, err error) {
	return askJSON[string](ctx, d, http.MethodGet, "/today", nil, nil)
}

func (d *daemon) Clock(ctx context.Context) (time.Time, error) {
	r, err := askJSON[clockReading](ctx, d, http.MethodGet, "/clock", nil, nil)
	if err != nil {
		return time.Time{}, err
	}
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("finding the office's zone: %w", err)
	}
	at, err := time.ParseInLocation(time.DateTime, r.Office, zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("reading the office's time: %w", err)
	}
	return at, nil
}

func (d *daemon) Office(ctx context.Context) (queue.Setup, error) {
	return askJSON[queue.Setup](ctx, d, http.MethodGet, "/office", nil, nil)
}

// Address is where the daemon's pages answer.
func (d *daemon) Address(ctx context.Context) (string, error) {
	return askJSON[string](ctx, d, http.MethodGet, "/address", nil, nil)
}

// Awaited are the addresses of the pages that another program has.
func (d *daemon) Awaited(ctx context.Context) (awaitedPorts, error) {
	return askJSON[awaitedPorts](ctx, d, http.MethodGet, "/awaited", nil, nil)
}

// Devices are the health of the devices that the daemon drives.
func (d *daemon) Devices(ctx context.Context) ([]health, error) {
	return askJSON[[]health](ctx, d, http.MethodGet, "/devices", nil, nil)
}

// Boards are the hall displays that are connected.
func (d *daemon) Boards(ctx context.Context) ([]display.HungBoard, error) {
	return askJSON[[]display.HungBoard](ctx, d, http.MethodGet, "/boards", nil, nil)
}

// Trial prints a PROVA at an outlet.
func (d *daemon) Trial(ctx context.Context, outlet queue.OutletID) (trial, error) {
	return askJSON[trial](ctx, d, http.MethodPost, "/trial", url.Values{"outlet": {string(outlet)}}, nil)
}

// ChangeOffice puts the office of a TOML file in force, or only tries it, and
// tells what that means. Who is sure leaves people without an open desk.
func (d *daemon) ChangeOffice(ctx context.Context, text []byte, why string, try, sure bool) (officeEffect, error) {
	q := url.Values{"why": {why}}
	if sure {
		q.Set("sure", "1")
	}
	if try {
		q.Set("try", "1")
	}
	return askJSON[officeEffect](ctx, d, http.MethodPut, "/office", q, bytes.NewReader(text))
}

// Procedures is the catalogue of procedures in force, as a CSV file.
func (d *daemon) Procedures(ctx context.Context) (file []byte, err error) {
	return askJSON[[]byte](ctx, d, http.MethodGet, "/procedures", nil, nil)
}

// ReplaceProcedures puts the catalogue of a CSV file in force, and tells what of it
// does not fit the office.
func (d *daemon) ReplaceProcedures(ctx context.Context, file []byte) (astray []string, err error) {
	return askJSON[[]string](ctx, d, http.MethodPut, "/procedures", nil, bytes.NewReader(file))
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
