package escpos_test

import (
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/sim/printer"
)

// At rest a printer is asked once every two seconds and at whole ones, so that
// its status is never older and a box wakes once for all that it does then. A
// printer that stopped and says so by itself is asked no more often.
func TestAtRest(t *testing.T) {
	for _, stopped := range []bool{false, true} {
		inRoom(t, printer.Config{}, profile.GenericProcessID(), nil, func(r *room) {
			r.ready()
			r.sim.SetPaperOut(stopped)
			time.Sleep(40 * time.Second)
			for len(r.writes) > 0 {
				<-r.writes
			}
			const minutes = 5
			asked := map[time.Time]int{}
			for end := time.Now().Add(minutes * time.Minute); time.Now().Before(end); time.Sleep(time.Second) {
				synctest.Wait()
				for len(r.writes) > 0 {
					at := (<-r.writes).at
					asked[at.Truncate(time.Second)]++
					if at.Sub(at.Truncate(2*time.Second)) > 50*time.Millisecond {
						t.Errorf("stopped %v: asked at %s, not at a whole second", stopped, at.Format("05.000"))
					}
				}
				if s := r.p.Status(); time.Since(s.Seen) > 2*time.Second {
					t.Errorf("stopped %v: the status is %v old", stopped, time.Since(s.Seen))
				}
			}
			if n := len(asked); n > minutes*30+1 {
				t.Errorf("stopped %v: asked %d times in %d minutes", stopped, n, minutes)
			}
			r.sim.SetPaperOut(false)
			for began := time.Now(); r.p.Status().State != device.StateReady; time.Sleep(100 * time.Millisecond) {
				if time.Since(began) > 5*time.Second {
					t.Fatalf("it is not ready again: %+v", r.p.Status())
				}
			}
			if _, err := r.p.Print(r.t.Context(), named("A043")); err != nil {
				t.Error(err)
			}
		})
	}
}
