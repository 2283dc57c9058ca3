package engine

import (
	"time"

	"eliminacode/queue"
)

// hangsAfter is how long a sync may take before people are told to wait: a card
// that cleans up takes a second or two.
const hangsAfter = 3 * time.Second

// append puts events on disk. That the disk lets it wait is told to the log and
// to the watchers once it takes too long, since nothing else can be: no command
// is answered meanwhile.
func (o *owner) append(events []queue.Event) error {
	began := time.Now()
	o.publishing.Lock()
	o.appending = true
	o.publishing.Unlock()
	if o.late == nil {
		o.late = time.AfterFunc(hangsAfter, o.hang)
	} else {
		o.late.Reset(hangsAfter)
	}
	err := o.cfg.Journal.Append(events)
	o.late.Stop()
	o.publishing.Lock()
	o.appending = false
	p := *o.newest.Load()
	o.publishing.Unlock()
	if p.hangs {
		o.cfg.Log.Warn("the disk answers again", "took", time.Since(began).Round(time.Millisecond))
		p.hangs = false
		o.publish(p)
	}
	return err
}

// hang tells that a sync takes too long, if it is still under way.
func (o *owner) hang() {
	o.publishing.Lock()
	defer o.publishing.Unlock()
	if !o.appending {
		return
	}
	o.cfg.Log.Error("the disk does not answer; commands wait until it does", "for", hangsAfter)
	p := *o.newest.Load()
	p.hangs = true
	o.replace(p)
}
