package display

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/display/view"
	"eliminacode/display/voice"
	"eliminacode/queue"
	"eliminacode/queue/words"

	"github.com/gorilla/websocket"
)

// beeps is a voice whose every sentence is a beep; it remembers what it said.
type beeps chan string

func (b beeps) Say(_ context.Context, language queue.Language, c words.SpokenCall) (voice.Sound, error) {
	said := words.In(language).Call(c)
	select {
	case b <- said:
	default:
	}
	return make(voice.Sound, voice.Rate/10+len(said)), nil
}

// A listening is a board without a screen: it tells that it can sound.
type listening struct {
	conn *websocket.Conn
	told chan view.Board
}

func listen(t *testing.T, s running, query string, heard ...uint64) *listening {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.url, "http")+"/ws?page=board"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	l := &listening{conn, make(chan view.Board, 100)}
	go func() {
		first := true
		for {
			_, b, err := conn.ReadMessage()
			if err != nil {
				close(l.told)
				return
			}
			var e struct {
				Journal string
				Seq     uint64
				View    *view.Board
			}
			if json.Unmarshal(b, &e) == nil && e.View != nil {
				if first {
					first = false
					_ = conn.WriteJSON(report{Journal: e.Journal, Painted: e.Seq, Heard: heard})
				}
				l.told <- *e.View
			}
		}
	}()
	return l
}

// until reads what the board is told until it is as wanted.
func (l *listening) until(t *testing.T, what string, want func(view.Board) bool) view.Board {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		select {
		case b, open := <-l.told:
			if !open {
				t.Fatalf("%s: the line ended", what)
			}
			if want(b) {
				return b
			}
		case <-deadline:
			t.Fatalf("%s: never came", what)
		}
	}
}

func sounds(n int) func(view.Board) bool {
	return func(b view.Board) bool { return len(b.Announcements) == n }
}

// TestBoardsOfAHallSoundTogether calls twice: both boards are told the same instants,
// one after the other, in both languages of the office, and what was heard is over.
func TestBoardsOfAHallSoundTogether(t *testing.T) {
	t.Parallel()
	o := newTestOffice(t)
	setup := o.newest().Setup()
	setup.Slip.Languages = []queue.Language{"it", "de"}
	setup.Desks = slices.Clone(setup.Desks)
	setup.Desks[2].Floor, setup.Desks[2].Room = "1", "12"
	o.must(t, queue.ChangeSetup{Setup: setup, Plan: *o.newest().Plan()})
	cfg, said := o.config(), make(beeps, 100)
	cfg.Voice = said
	s := serve(t, cfg, "")
	one, two, other := listen(t, s, ""), listen(t, s, ""), listen(t, s, "&hall=Sala+B&service=cie")
	for _, l := range []*listening{one, two, other} {
		l.until(t, "the first view", sounds(0))
	}
	for range 2 {
		o.issue(t, "anagrafe", queue.Ordinary)
	}
	o.open(t, "s3")
	o.open(t, "s2")
	o.next(t, "s3")
	o.next(t, "s2")
	a, b := one.until(t, "two announcements", sounds(2)), two.until(t, "two announcements", sounds(2))
	for i := range 2 {
		x, y := a.Announcements[i], b.Announcements[i]
		if x.Seq != y.Seq || x.At != y.At || !slices.Equal(x.Clips, y.Clips) || len(x.Clips) != 3 {
			t.Errorf("one board sounds %+v, the other %+v", x, y)
		}
	}
	if first, second := a.Announcements[0], a.Announcements[1]; second.At <= first.At+first.Gaps[2] || first.Seq >= second.Seq {
		t.Errorf("%+v and %+v are on top of each other, or in the wrong order", first, second)
	}
	if a.Calls[1].Place != "primo piano, stanza 12" {
		t.Errorf("the desk is said to be at %q", a.Calls[1].Place)
	}
	for _, want := range []string{
		"Numero A zero zero uno, sportello tre, primo piano, stanza dodici", "Nummer A null null eins, Schalter drei, erster Stock, Zimmer zwölf",
		"Numero A zero zero due, sportello due", "Nummer A null null zwei, Schalter zwei",
	} {
		if got := <-said; got != want {
			t.Errorf("said %q, want %q", got, want)
		}
	}
	for _, clip := range a.Announcements[0].Clips {
		status, header, body := ask(t, request(t, "GET", s.url+"/suoni/"+clip+".wav", ""))
		if _, err := voice.ReadWAV([]byte(body)); status != http.StatusOK || err != nil || header.Get("Content-Type") != "audio/wav" {
			t.Errorf("sound %s: %d, %v", clip, status, err)
		}
	}
	// The other hall waits for another service.
	select {
	case b := <-other.told:
		if len(b.Announcements)+len(b.Calls) > 0 {
			t.Errorf("the board of the other hall has %+v", b)
		}
	default:
	}
	// A holder who chose another language hears the call in it too.
	o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByTotem, Device: "totem"}, Service: "cie", Outlet: "totem", Language: "fr", Request: "french"})
	if languages := hallLanguages(o.newest(), o.newest().TicketByRequest("french").ID); !slices.Equal(languages, []queue.Language{"it", "de", "fr"}) {
		t.Errorf("it is said in %v", languages)
	}
	// What was undone before it began is not announced, and what was heard is over.
	o.must(t, queue.UndoCall{Desk: "s2", Ticket: o.newest().Calls()[0].Ticket})
	one.until(t, "the second one is taken back", func(b view.Board) bool {
		return len(b.Announcements) == 1 && b.Announcements[0].Seq == a.Announcements[0].Seq
	})
	again := listen(t, s, "", a.Announcements[0].Seq)
	again.until(t, "the first view", func(view.Board) bool { return true })
	for {
		if time.Sleep(20 * time.Millisecond); len(s.hub.announcer.announcements("")) == 0 {
			break
		}
	}
}

// TestTheFirstBoardSoundsWhatIsFresh: without a board nothing is made to sound, and the
// first one that comes sounds the call of a moment ago.
func TestTheFirstBoardSoundsWhatIsFresh(t *testing.T) {
	t.Parallel()
	o := newTestOffice(t)
	cfg, said := o.config(), make(beeps, 100)
	cfg.Voice = said
	s := serve(t, cfg, "")
	o.issue(t, "anagrafe", queue.Ordinary)
	o.open(t, "s3")
	o.next(t, "s3")
	time.Sleep(200 * time.Millisecond)
	if len(said) != 0 {
		t.Errorf("with nobody there it is said: %q", <-said)
	}
	listen(t, s, "").until(t, "the call of a moment ago", sounds(1))
}
