package display

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"eliminacode/display/view"
	"eliminacode/display/voice"
	"eliminacode/queue"

	"github.com/chromedp/chromedp"
)

// An ear hears all that a browser plays: a sound server whose only loudspeaker is a
// null sink, and a recording of that.
type ear struct {
	socket string
	mu     sync.Mutex
	heard  bytes.Buffer
}

func (e *ear) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.heard.Write(p)
}

// sound is what was heard so far.
func (e *ear) sound() voice.Sound {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := make(voice.Sound, e.heard.Len()/2)
	for i := range s {
		s[i] = int16(binary.LittleEndian.Uint16(e.heard.Bytes()[2*i:]))
	}
	return s
}

// environment is what a program needs to be heard.
func (e *ear) environment(home string) []string {
	return []string{"HOME=" + home, "XDG_RUNTIME_DIR=" + home, "PULSE_SERVER=unix:" + e.socket, "PULSE_COOKIE=" + filepath.Join(home, "cookie")}
}

func newEar(t *testing.T) *ear {
	t.Helper()
	// A socket's path is at most 107 bytes.
	home, err := os.MkdirTemp("", "ear")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	e := &ear{socket: filepath.Join(home, "sound")}
	start := func(c *exec.Cmd) {
		t.Helper()
		c.Env = append(os.Environ(), e.environment(home)...)
		if err := c.Start(); err != nil {
			t.Fatalf("%v: make tools installs it", err)
		}
		t.Cleanup(func() {
			_ = c.Process.Kill()
			_ = c.Wait()
		})
	}
	start(exec.Command("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit", "--use-pid-file=no", "--high-priority=no", "--realtime=no",
		"--load=module-null-sink sink_name=hall rate=22050 channels=1", "--load=module-native-protocol-unix auth-anonymous=1 socket="+e.socket))
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if _, err := os.Stat(e.socket); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the sound server does not start")
		}
	}
	record := exec.Command("parec", "--device=hall.monitor", "--format=s16le", fmt.Sprintf("--rate=%d", voice.Rate), "--channels=1")
	record.Stdout = e
	start(record)
	return e
}

// loudness is how loud a sound is in steps of 20 ms.
func loudness(s voice.Sound) []float64 {
	const step = voice.Rate / 50
	all := make([]float64, len(s)/step)
	for i := range all {
		var sum float64
		for _, v := range s[i*step : (i+1)*step] {
			sum += float64(v) * float64(v)
		}
		all[i] = math.Sqrt(sum / step)
	}
	return all
}

// alike is how well a pattern agrees with what was heard from a step on, -1 to 1.
func alike(heard, pattern []float64) float64 {
	mean := func(x []float64) (m float64) {
		for _, v := range x {
			m += v / float64(len(x))
		}
		return m
	}
	a, b := mean(heard), mean(pattern)
	var both, one, other float64
	for i := range pattern {
		x, y := heard[i]-a, pattern[i]-b
		both, one, other = both+x*y, one+x*x, other+y*y
	}
	if one == 0 || other == 0 {
		return 0
	}
	return both / math.Sqrt(one*other)
}

// find is where in what was heard a sound is, in steps, and how well it agrees.
func find(heard, pattern []float64) (at int, best float64) {
	for i := 0; i+len(pattern) <= len(heard); i++ {
		if a := alike(heard[i:i+len(pattern)], pattern); a > best {
			at, best = i, a
		}
	}
	return at, best
}

// TestTheHallHearsItsCalls calls two numbers together. What Chromium plays is recorded:
// each announcement is heard whole, the second after the first, as far apart as was
// planned.
func TestTheHallHearsItsCalls(t *testing.T) {
	t.Parallel() // it waits more than it works
	e := newEar(t)
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Voice = &voice.Speaker{}
	s := serve(t, cfg, "")
	// Chromium makes up for a busy machine in what it plays; it is heard again then.
	ctx := browser(t, chromedp.Flag("mute-audio", false), chromedp.Env(e.environment(filepath.Dir(e.socket))...))
	do(t, ctx, chromedp.Navigate(s.url+"/tabellone"), chromedp.WaitReady("[data-waits] li"))
	o.open(t, "s3")
	o.open(t, "s2")
	for try := 1; ; try++ {
		fault := heardCalls(t, o, s, e)
		if fault == "" {
			return
		}
		if try == 4 {
			t.Fatal(fault)
		}
		t.Logf("try %d: %s", try, fault)
	}
}

// heardCalls calls two numbers and answers what is wrong with what was heard.
func heardCalls(t *testing.T, o *testOffice, s running, e *ear) string {
	t.Helper()
	quiet := len(loudness(e.sound()))
	for range 2 {
		o.issue(t, "anagrafe", queue.Ordinary)
	}
	o.pass(time.Minute)
	o.next(t, "s3")
	o.next(t, "s2")
	var plan []view.Announcement
	for deadline := time.Now().Add(time.Minute); len(plan) < 2; time.Sleep(20 * time.Millisecond) {
		if plan = s.hub.announcer.announcements(""); time.Now().After(deadline) {
			t.Fatalf("planned are %+v", plan)
		}
	}
	patterns := make([][]float64, 2)
	for i, a := range plan {
		var whole voice.Sound
		for j, clip := range a.Clips {
			wav, _ := s.hub.announcer.clips.File(clip)
			sound, err := voice.ReadWAV(wav)
			if err != nil {
				t.Fatal(err)
			}
			whole = append(whole, make(voice.Sound, max(0, int(a.Gaps[j])*voice.Rate/1000-len(whole)))...)
			whole = append(whole, sound...)
		}
		patterns[i] = loudness(whole)
	}
	for deadline := time.Now().Add(time.Minute); len(s.hub.announcer.announcements("")) > 0; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			return fmt.Sprintf("no board says that it has played %+v", s.hub.announcer.announcements(""))
		}
	}
	time.Sleep(time.Second)
	heard := loudness(e.sound())[quiet:]
	first, a := find(heard, patterns[0])
	second, b := find(heard, patterns[1])
	apart := time.Duration(second-first) * 20 * time.Millisecond
	planned := time.Duration(plan[1].At-plan[0].At) * time.Millisecond
	if a < 0.85 || b < 0.85 || (apart-planned).Abs() > 150*time.Millisecond {
		return fmt.Sprintf("heard with %.2f and %.2f of 1, %v apart; planned %v apart", a, b, apart, planned)
	}
	t.Logf("heard with %.2f and %.2f of 1, %v apart; planned %v apart", a, b, apart, planned)
	return ""
}
