package printer

import "fmt"

// counters outlive the power, as a kiosk printer's do.
type counters struct {
	cuts        int
	movedDots   int
	retractions int
	powerUps    int
}

// count counts one more, from the head's goroutine.
func (p *Printer) count(n *int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	*n++
}

// executeCounter answers GS E2 to E5 in the words of Custom's manuals.
func (p *Printer) executeCounter(which byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := &p.counters
	var text string
	switch which {
	case 0xe2:
		text = fmt.Sprintf("%d cuts", c.cuts)
	case 0xe3:
		text = fmt.Sprintf("%dcm", c.movedDots/(10*dotsPerMM))
	case 0xe4:
		text = fmt.Sprintf("%dret", c.retractions)
	case 0xe5:
		text = fmt.Sprintf("%don", c.powerUps)
	}
	p.say([]byte(text)...)
}
