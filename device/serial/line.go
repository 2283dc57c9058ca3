package serial

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"eliminacode/device/keep"
)

// A Line is an open line, such as a Port. It has one reader and
// one writer at a time; Close may come from anywhere and ends both.
type Line interface {
	io.ReadWriteCloser
	SetWriteDeadline(t time.Time) error
}

// A Received is some bytes and when they came.
type Received struct {
	Data []byte
	At   time.Time
}

const (
	// writeWithin bounds one write: a frame takes tens of milliseconds, unless
	// flow control holds it back.
	writeWithin = time.Second
	// receivedKept bounds what was read and not yet looked at; when it is full,
	// reading waits.
	receivedKept = 16
)

// Keep opens the line and hands it to talk, again and again until ctx ends; it
// then returns. lost is told each time why a line could not be opened or used.
//
// talk returns when its context ends, which the loss of the line also does, or
// when the line failed; Keep closes the line. in is closed when reading ended.
func Keep(ctx context.Context, open func() (Line, error),
	talk func(ctx context.Context, l Line, in <-chan Received) error, lost func(error)) {
	keep.Using(ctx, keep.Plugged, func() (opened bool, err error) {
		l, err := open()
		if err != nil {
			return false, err
		}
		return true, use(ctx, l, talk)
	}, lost)
}

// use reads an open line beside talk, and closes it.
func use(ctx context.Context, l Line, talk func(context.Context, Line, <-chan Received) error) error {
	talking, stop := context.WithCancel(ctx)
	in := make(chan Received, receivedKept)
	var reader sync.WaitGroup
	var readErr error
	reader.Go(func() {
		defer stop()
		defer close(in)
		readErr = read(talking, l, in)
	})
	err := talk(talking, l, in)
	stop()
	// Closing ends the read.
	closeErr := l.Close()
	reader.Wait()
	if err == nil && ctx.Err() == nil {
		err = readErr
	}
	return errors.Join(err, closeErr)
}

func read(ctx context.Context, l Line, in chan<- Received) error {
	buf := make([]byte, 64)
	for {
		n, err := l.Read(buf)
		if n > 0 {
			select {
			case in <- Received{Data: append([]byte(nil), buf[:n]...), At: time.Now()}:
			case <-ctx.Done():
				return nil
			}
		}
		if err != nil {
			return err
		}
	}
}

// Write sends a frame whole, within a second. An error means that the line is
// to be given up: nobody knows how much of the frame left.
func Write(l Line, frame []byte) error {
	if len(frame) == 0 {
		return nil
	}
	if err := l.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return err
	}
	n, err := l.Write(frame)
	if err == nil && n < len(frame) {
		err = io.ErrShortWrite
	}
	return err
}
