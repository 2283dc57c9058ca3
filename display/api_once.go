package display

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"net/http"
	"sync"
	"time"

	"eliminacode/queue"
)

const (
	// onceFor is how long the answer to a named post is kept, and onceKept how
	// many: the oldest makes room.
	onceFor, onceKept = 10 * time.Minute, 512
	// onceBytes bounds an answer that is kept.
	onceBytes = 16 << 10
)

// once keeps the answers to posts that were named by an Idempotency-Key, so that
// one that is sent again changes nothing and is answered as before. Only a good
// answer is kept: what was refused may be tried again by the same name.
type once struct {
	mu    sync.Mutex
	by    map[string]*kept
	order []string // names, the oldest first
}

// A kept is an answer, or one that is under way.
type kept struct {
	sum   [sha256.Size]byte // of the body
	until time.Time
	done  chan struct{} // closed when the answer is there
	good  bool

	status int
	header http.Header
	body   []byte
}

func newOnce() *once { return &once{by: map[string]*kept{}} }

// wrap answers a repetition without asking next.
func (o *once) wrap(s *Server, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		if key == "" {
			next(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			s.refuse(w, r, fmt.Errorf("%w: %w", errBadBody, err))
			return
		}
		if len(key) > maxRequestBytes {
			p := s.problemFor(r, errBadBody)
			p.Errors = []problemField{{Location: "header.Idempotency-Key", Code: "long",
				Message: s.tongueOf(r).Say("field.long", "field", "Idempotency-Key", "asked", fmt.Sprint(maxRequestBytes))}}
			writeProblem(w, p)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		name := s.visitor(r).ID + "\x00" + r.URL.Path + "\x00" + key
		sum := sha256.Sum256(body)
		for {
			answer, mine := o.claim(name, sum)
			if mine {
				rec := &recording{ResponseWriter: w}
				defer o.finish(name, answer, rec)
				next(rec, r)
				return
			}
			if answer.sum != sum {
				s.refuse(w, r, queue.ErrOtherRequest)
				return
			}
			select {
			case <-answer.done:
			case <-r.Context().Done():
				return
			}
			if answer.good {
				maps.Copy(w.Header(), answer.header)
				w.Header().Set("Idempotency-Replayed", "true")
				w.WriteHeader(answer.status)
				_, _ = w.Write(answer.body)
				return
			}
			// The one before was refused: this one tries again.
		}
	}
}

// claim is what is kept by a name; mine tells that the caller makes the answer.
func (o *once) claim(name string, sum [sha256.Size]byte) (answer *kept, mine bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := time.Now()
	for len(o.order) > 0 {
		oldest := o.by[o.order[0]]
		if oldest != nil && len(o.order) < onceKept && now.Before(oldest.until) {
			break
		}
		delete(o.by, o.order[0])
		o.order = o.order[1:]
	}
	if answer = o.by[name]; answer != nil {
		return answer, false
	}
	answer = &kept{sum: sum, until: now.Add(onceFor), done: make(chan struct{})}
	o.by[name], o.order = answer, append(o.order, name)
	return answer, true
}

// finish keeps a good answer and forgets any other.
func (o *once) finish(name string, answer *kept, rec *recording) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if rec.status/100 == 2 && !rec.long {
		answer.good, answer.status, answer.header, answer.body = true, rec.status, rec.Header().Clone(), rec.body.Bytes()
	} else if o.by[name] == answer {
		delete(o.by, name)
	}
	close(answer.done)
}

// A recording is an answer that is sent and remembered.
type recording struct {
	http.ResponseWriter
	status int // 0 before anything was answered
	body   bytes.Buffer
	long   bool
}

func (x *recording) WriteHeader(status int) {
	x.status = status
	x.ResponseWriter.WriteHeader(status)
}

func (x *recording) Write(b []byte) (int, error) {
	x.status = cmp.Or(x.status, http.StatusOK)
	if x.body.Len()+len(b) > onceBytes {
		x.long = true
	} else {
		x.body.Write(b)
	}
	return x.ResponseWriter.Write(b)
}

// Unwrap lets the server's own controls through.
func (x *recording) Unwrap() http.ResponseWriter { return x.ResponseWriter }
