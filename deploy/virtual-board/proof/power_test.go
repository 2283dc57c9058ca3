package proof

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"eliminacode/deploy/virtual-board/rig"
	"eliminacode/deploy/virtual-board/wire"
	"eliminacode/queue"
)

// losses are the power cuts, one after the other on the same disk.
var losses = []rig.Loss{rig.LoseAll, rig.LoseTail, rig.LoseSome, rig.LoseAll}

// A promise is a ticket that the office has acknowledged.
type promise struct{ number, request string }

// A witness remembers what the board has said to the world, while the board
// loses its power again and again: the tickets it acknowledged, and, through
// its printer, those that are on paper.
type witness struct {
	mu       sync.Mutex
	promised map[queue.TicketID]promise
	made     int // requests

	far     *farPrinter
	unknown int // tickets whose paper nobody can know of, all of which were called
}

// powerCuts cuts the power in the middle of issuing, at a write that is drawn,
// and looks after the next start whether all that was said still stands.
func powerCuts(t *testing.T, b *bench) string {
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d", seed)
	w := newWitness(t)
	for _, loss := range losses {
		board := w.boot(t, b)
		w.lookAround(t, board)
		w.issueUntilCut(t, b, board, loss, random)
	}
	w.lookAround(t, w.boot(t, b))
	if w.unknown == 0 {
		t.Error("no cut came while a slip was under way, so that nothing was shown of such tickets")
	}
	return fmt.Sprintf("%d cuts; %d tickets acknowledged, %d on paper, %d unknown and called", len(losses), len(w.promised), w.far.Cuts(), w.unknown)
}

// lyingDisk shows that the proof above could fail: a disk that only says that
// it has flushed loses tickets, and that is found.
func lyingDisk(t *testing.T, b *bench) string {
	w := newWitness(t)
	// A disk that lost the office too would let none begin on it again: that
	// would be found by its start, and not by what was acknowledged.
	w.boot(t, b).kill()
	b.disk.IgnoreFlush = true
	board := w.boot(t, b)
	w.lookAround(t, board)
	w.issueUntilCut(t, b, board, rig.LoseAll, rand.New(rand.NewPCG(1, 0)))
	err := w.check(w.boot(t, b))
	if err == nil {
		t.Fatal("a disk that lied about flushing lost nothing, so that the power cuts prove nothing")
	}
	return "found: " + err.Error()
}

func newWitness(t *testing.T) *witness {
	return &witness{promised: map[queue.TicketID]promise{}, far: newFarPrinter(t.Context())}
}

// boot starts a board and the office on it, with the witness's printer.
func (w *witness) boot(t *testing.T, b *bench) *board {
	t.Helper()
	board := b.boot(t)
	t.Cleanup(board.kill)
	board.far = w.far
	board.plugFar()
	board.serve()
	return board
}

// lookAround checks the office after a cut.
func (w *witness) lookAround(t *testing.T, b *board) {
	t.Helper()
	if err := w.check(b); err != nil {
		t.Fatal(err)
	}
	w.callUnknown(b)
}

// check compares what was said with what is on disk.
func (w *witness) check(b *board) error {
	if r := b.run("journal", "verify", "--data", dataDir); r.Code != 0 {
		return fmt.Errorf("the journal is damaged: %s", r.Output)
	}
	events, err := b.readJournal(0)
	if err != nil {
		return err
	}
	issued, byNumber := map[queue.TicketID]event{}, map[string]event{}
	for _, e := range of(events, "TicketIssued") {
		if before, twice := byNumber[e.Body.Number.Text]; twice {
			return fmt.Errorf("%s was given twice, by the records %d and %d", e.Body.Number.Text, before.Seq, e.Seq)
		}
		issued[e.Body.Ticket], byNumber[e.Body.Number.Text] = e, e
	}
	lost := 0
	for id, p := range w.promised {
		if e := issued[id]; e.Body.Number.Text != p.number || e.Body.Request != p.request {
			lost++
		}
	}
	if lost > 0 {
		return fmt.Errorf("%d of %d acknowledged tickets are not on disk", lost, len(w.promised))
	}
	return w.comparePapers(events, byNumber)
}

// isNumber tells a ticket from the slip with the state of the box, which comes
// out while nobody can sign in yet.
var isNumber = regexp.MustCompile(`^[A-Z]{0,3}[0-9]+$`)

// comparePapers compares the journal with the paper that has come out.
func (w *witness) comparePapers(events []event, byNumber map[string]event) error {
	on := w.far.numbers()
	for number, n := range on {
		if _, known := byNumber[number]; isNumber.MatchString(number) && (!known || n > 1) {
			return fmt.Errorf("%q is on %d papers; it is on disk: %v", number, n, known)
		}
	}
	for number, e := range byNumber {
		if e.Body.Paper != "requested" {
			continue
		}
		switch kinds := outcomes(events, e.Body.Ticket); {
		case len(kinds) == 0:
			return fmt.Errorf("nobody says what became of the paper of %s", number)
		case kinds[len(kinds)-1] == "TicketPrinted" && on[number] == 0, kinds[len(kinds)-1] == "TicketPrintFailed" && on[number] > 0:
			return fmt.Errorf("%s is on %d papers, and the journal says %v", number, on[number], kinds)
		}
	}
	return nil
}

// callUnknown calls every ticket whose paper is unknown and that still waits,
// by its number, as a clerk would whose citizen says that nothing came out.
func (w *witness) callUnknown(b *board) {
	b.t.Helper()
	b.takeDesk("s1")
	events := b.journal(0)
	called, finishing := map[queue.TicketID]bool{}, ""
	for _, e := range of(events, "TicketCalled") {
		called[e.Body.Ticket] = true
		finishing = e.Body.Ticket.String()
	}
	for _, e := range of(events, "TicketPrintUnknown") {
		id := e.Body.Ticket
		if called[id] {
			continue
		}
		var answer struct{ Code, Detail string }
		status := b.ask("POST", "/api/v1/desks/s1/call", map[string]string{"ticket": id.String(), "finishing": finishing}, &answer)
		if status != 200 {
			b.t.Fatalf("calling ticket %v, whose paper is unknown: status %d, %s: %s", id, status, answer.Code, answer.Detail)
		}
		// A clerk begins with whoever comes: a call right after a call is a double click.
		status = b.ask("POST", "/api/v1/desks/s1/start", map[string]string{"ticket": id.String()}, &answer)
		if status != 200 {
			b.t.Fatalf("beginning with ticket %v: status %d, %s: %s", id, status, answer.Code, answer.Detail)
		}
		called[id], finishing = true, id.String()
		w.unknown++
	}
}

// callers ask for tickets at once.
const callers = 3

// issueUntilCut asks for tickets as fast as they are given, until the disk
// loses its power, and then takes the machine's.
func (w *witness) issueUntilCut(t *testing.T, bench *bench, b *board, loss rig.Loss, random *rand.Rand) {
	t.Helper()
	b.gives("accoglienza", true)
	bearer := b.token("manager")
	first := make(chan struct{}, callers)
	var all sync.WaitGroup
	for n := range callers {
		all.Go(func() {
			for w.issue(b, []string{"accoglienza", "schermo", "accoglienza"}[n], bearer) == nil {
				select {
				case first <- struct{}{}:
				default:
				}
			}
		})
	}
	for range callers {
		select {
		case <-first:
		case <-time.After(soon):
			t.Fatal("no ticket is given")
		}
	}
	select {
	case <-bench.disk.CutAfter(20+random.IntN(300), loss, random):
	case <-time.After(soon):
		t.Fatal("nothing is written")
	}
	b.kill()
	all.Wait()
	said, err := bench.disk.Check(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Log(said)
}

// tornCommit shows that no start waits for a person where the power goes in the
// middle of the last write of a transaction, whatever stood there before.
func tornCommit(t *testing.T, _ *bench) string {
	d := newDisk(t, func(image string) {
		blocks := filepath.Join(t.TempDir(), "blocks")
		if err := os.WriteFile(blocks, bytes.Repeat([]byte("news"), 4096), 0o600); err != nil {
			t.Fatal(err)
		}
		steps := filepath.Join(t.TempDir(), "steps")
		if err := os.WriteFile(steps, []byte("jo -c\njw -b 20000-20003 "+blocks+"\njc\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		tool(t, "debugfs", "-w", "-f", steps, image)
		tearCommit(t, image)
	})
	said, err := d.Check(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(said, "replay was aborted") {
		t.Fatalf("the disk had no torn transaction: %s", said)
	}
	if again, err := d.Check(t.Context(), t.TempDir()); err != nil || !strings.Contains(again, "clean") {
		t.Fatalf("the disk is not mended: %v: %s", err, again)
	}
	return "found and mended by the check before it is mounted"
}

// What debugfs says of a file system: where its journal has the first commit, and the
// bytes of a block.
var (
	commitBlock = regexp.MustCompile(`\(commit block\) at block ([0-9]+)`)
	blockBytes  = regexp.MustCompile(`Block size: *([0-9]+)`)
)

// tearCommit leaves the first sector of the commit block of the one transaction of
// a journal, and what was there before in the next.
func tearCommit(t *testing.T, image string) {
	t.Helper()
	const sector = 512
	debugfs := func(request string, pattern *regexp.Regexp) int64 {
		said := tool(t, "debugfs", "-R", request, image)
		found := pattern.FindStringSubmatch(said)
		if found == nil {
			t.Fatalf("debugfs %s: %s", request, said)
		}
		n, err := strconv.ParseInt(found[1], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	commit := debugfs("logdump", commitBlock)
	at := debugfs(fmt.Sprintf("bmap <8> %d", commit), regexp.MustCompile(`([0-9]+)`)) // 8 is the journal's inode
	f, err := os.OpenFile(image, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt(bytes.Repeat([]byte("olds"), sector/4), at*debugfs("stats -h", blockBytes)+sector)
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// issue asks an outlet for one ticket and remembers the answer. The error says
// that the board answers no more.
func (w *witness) issue(b *board, outlet, bearer string) error {
	w.mu.Lock()
	w.made++
	request := fmt.Sprint("r", w.made)
	w.mu.Unlock()
	body, err := json.Marshal(map[string]string{"service": "anagrafe", "request": request})
	if err != nil {
		return err
	}
	var a wire.Response
	path := "/api/v1/totem/" + outlet + "/tickets"
	q := wire.Request{Method: "POST", URL: "http://127.0.0.1:8080" + path, Body: string(body), Bearer: bearer}
	if err := b.CallWithin(soon, "System.Ask", q, &a); err != nil {
		return err
	}
	var answer struct {
		Ticket *struct{ ID, Number string }
	}
	if err := json.Unmarshal([]byte(a.Body), &answer); err != nil {
		return err
	}
	if answer.Ticket == nil {
		time.Sleep(50 * time.Millisecond) // The printer is behind.
		return nil
	}
	id, err := queue.ParseTicketID(answer.Ticket.ID)
	if err != nil {
		return errors.Join(errors.New("that is no ticket"), err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.promised[id] = promise{answer.Ticket.Number, request}
	return nil
}
