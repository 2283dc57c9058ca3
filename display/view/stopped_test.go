package view

import (
	"strings"
	"testing"

	"eliminacode/queue"
)

// TestASuspensionIsSaidEverywhere: boards and totems say so at once, and say no
// more when it is over.
func TestASuspensionIsSaidEverywhere(t *testing.T) {
	o := newExample(t)
	by := queue.Cause{Kind: queue.ByManager}
	o.do(queue.SuspendOffice{By: by, Why: "alarm"})
	totem, _ := o.look().Totem("totem")
	board := o.look().Board(Every)
	for _, d := range []Day{totem.Day, board.Day} {
		if d.Open || !strings.Contains(d.Notice, "allarme") {
			t.Errorf("the day is %+v", d)
		}
	}
	if s := totem.Services[0]; s.Open || s.Hours == "" {
		t.Errorf("a service is offered: %+v", s)
	}
	o.do(queue.ResumeOffice{By: by})
	totem, _ = o.look().Totem("totem")
	if totem.Day.Notice != "" || !totem.Services[0].Open {
		t.Errorf("after it the totem says %+v", totem)
	}
	o.do(queue.StopService{By: by, Service: "anagrafe"})
	totem, _ = o.look().Totem("totem")
	if s := totem.Services[0]; s.Open || !strings.Contains(s.Hours, "Per ora") || !totem.Services[1].Open {
		t.Errorf("a stopped service is %+v", s)
	}
}
