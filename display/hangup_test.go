package display

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"eliminacode/queue"
)

// TestWhoHangsUpIsNoError: a client that is gone before its answer, and a full
// disk that the engine has told of, make no line in the log; a fault does.
func TestWhoHangsUpIsNoError(t *testing.T) {
	o := newTestOffice(t)
	var log bytes.Buffer
	cfg := o.config()
	cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		fmt.Errorf("waiting for the disk: %w", context.Canceled),
		fmt.Errorf("%w: disk is full", queue.ErrNotStored),
	} {
		if status, code := s.explain(err); status != 503 || code == "" || log.Len() > 0 {
			t.Errorf("%v: %d %q, and the log says %s", err, status, code, log.String())
		}
	}
	if status, _ := s.explain(errors.New("a fault")); status != 500 || log.Len() == 0 {
		t.Errorf("a fault: %d, and the log says %q", status, log.String())
	}
}
