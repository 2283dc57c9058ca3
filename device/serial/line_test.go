package serial_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device/serial"
)

// A line that is not there is tried for with pauses that double up to five
// seconds, and at once again when it worked and was lost.
func TestPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		began := time.Now()
		var opened []time.Duration
		lost := 0
		serial.Keep(ctx, func() (serial.Line, error) {
			opened = append(opened, time.Since(began))
			if len(opened) != 4 {
				return nil, fs.ErrNotExist
			}
			near, far := net.Pipe()
			time.AfterFunc(time.Second, func() { far.Close() })
			return near, nil
		}, func(ctx context.Context, _ serial.Line, in <-chan serial.Received) error {
			<-ctx.Done()
			return nil
		}, func(err error) {
			if lost++; err == nil {
				t.Error("lost without a reason")
			}
		})
		ms := func(n ...int) (all []time.Duration) {
			for _, one := range n {
				all = append(all, time.Duration(one)*time.Millisecond)
			}
			return all
		}
		if want := ms(0, 500, 1500, 3500, 5000, 6000, 8000, 12000, 17000); !slices.Equal(opened, want) {
			t.Errorf("opened at %v, want %v", opened, want)
		}
		if lost != len(opened) {
			t.Errorf("lost %d times in %d", lost, len(opened))
		}
	})
}

// What arrives reaches talk with its time, and the end of ctx is no loss.
func TestReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		near, far := net.Pipe()
		began := time.Now()
		go func() {
			far.Write([]byte("ab"))
			time.Sleep(time.Second)
			far.Write([]byte("c"))
			time.Sleep(time.Second)
			cancel()
		}()
		var got []string
		serial.Keep(ctx, func() (serial.Line, error) { return near, nil },
			func(ctx context.Context, _ serial.Line, in <-chan serial.Received) error {
				for {
					select {
					case r := <-in:
						got = append(got, fmt.Sprint(string(r.Data), r.At.Sub(began)))
					case <-ctx.Done():
						return nil
					}
				}
			}, func(err error) { t.Errorf("lost: %v", err) })
		if want := []string{"ab0s", "c1s"}; !slices.Equal(got, want) {
			t.Errorf("read %v, want %v", got, want)
		}
		if _, err := far.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("the line was not closed: %v", err)
		}
	})
}

// A line that takes no byte is given up after a second.
func TestWriteEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer far.Close()
		began := time.Now()
		if err := serial.Write(near, []byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}
