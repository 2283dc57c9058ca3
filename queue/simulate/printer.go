package simulate

import "eliminacode/queue"

// planPrinters lets the outlets say, before the doors open, that they can
// print, and again whenever nobody knows. Without a model, real printers say it
// themselves.
func (w *World) planPrinters(from int64) {
	if w.options.Paper == nil || len(w.plan.Bands) == 0 {
		return
	}
	s := stretches(w.plan)
	if at := max(from, s[0].from-15*minuteMs); at < s[len(s)-1].to {
		w.todo.add(at, (*turn).askPrinters)
	}
}

// askEveryMs is how often somebody notices that a printer was not heard of
// since the program started.
const askEveryMs = 10 * minuteMs

func (t *turn) askPrinters() {
	w := t.w
	for _, o := range w.setup.Outlets {
		if _, now, ok := w.state.Outlet(o.ID); ok && o.Printer && now.Gives == queue.AbleUnknown {
			report := queue.ReportOutlet{Outlet: o.ID, Gives: queue.Able}
			if w.empty[o.ID] {
				report.Gives, report.Why = queue.Unable, "paper-out"
			}
			// A refusal means that somebody said so a moment ago.
			_, _ = t.command(report)
		}
	}
	t.lookAtPapers()
	if s := stretches(w.plan); t.office < s[len(s)-1].to {
		t.in(askEveryMs, (*turn).askPrinters)
	}
}

// lookAtPapers is the reception that asks those whose slip failed or may not be
// out, and prints again what half of them do not hold.
func (t *turn) lookAtPapers() {
	w := t.w
	var wanted []queue.Reprint
	for x := range w.state.UnsettledPapers() {
		r := stream(w.options.Seed, "reprint", w.daySeed, int64(x.ID.Ordinal()), int64(x.Job))
		if x.Paper == queue.PaperRequested || r.Float64() < 0.5 {
			continue
		}
		var able []queue.OutletID
		for _, o := range w.setup.Outlets {
			if o.Printer && !w.empty[o.ID] {
				able = append(able, o.ID)
			}
		}
		if len(able) > 0 {
			by := queue.Cause{Kind: queue.ByReception}
			wanted = append(wanted, queue.Reprint{By: by, Ticket: x.ID, Job: x.Job, Outlet: able[r.IntN(len(able))]})
		}
	}
	for _, c := range wanted {
		// A refusal means that the printer says that it cannot.
		events, _ := t.command(c)
		for _, e := range events {
			if b, again := e.Body.(queue.ReprintRequested); again {
				t.print(b.Ticket, b.Job, b.Outlet, queue.PaperRequested)
			}
		}
	}
}

// print takes a job to the model of its outlet's printer: one at a time, in
// order.
func (t *turn) print(id queue.TicketID, job int, outlet queue.OutletID, paper queue.PaperState) {
	w, model := t.w, t.w.options.Paper
	if model == nil || paper != queue.PaperRequested {
		return
	}
	r := stream(w.options.Seed, "paper", w.daySeed, int64(id.Ordinal()), int64(job))
	ready := max(t.office, w.busy[outlet]) + between(r, model.FastestMs, model.SlowestMs)
	w.busy[outlet] = ready
	report := queue.ReportPaper{Ticket: id, Job: job, Paper: queue.PaperPrinted, Rung: "simulated"}
	switch x := r.Float64(); {
	case x < model.Failed:
		report.Paper, report.Rung, report.Why = queue.PaperFailed, "", "paper-jam"
	case x < model.Failed+model.Unknown:
		report.Paper, report.Rung, report.Why = queue.PaperUnknown, "", "no-answer"
	}
	late := report.Paper == queue.PaperUnknown && r.IntN(5) == 0
	w.todo.add(ready, func(t *turn) {
		if x := w.state.Ticket(id); x == nil || x.Job != job || x.Paper != queue.PaperRequested {
			return // the box went off meanwhile, and the program knows nothing of it
		}
		if w.empty[outlet] {
			report.Paper, report.Rung, report.Why = queue.PaperFailed, "", "paper-out"
		}
		// A refusal means that the day of the ticket is over.
		events, _ := t.command(report)
		for _, e := range events {
			if b, moved := e.Body.(queue.SlipMoved); moved {
				t.print(b.Ticket, b.Job, b.Outlet, queue.PaperRequested)
			}
		}
		if late {
			t.in(between(r, 3*secondMs, 90*secondMs), func(t *turn) {
				_, _ = t.command(queue.ReportPaper{Ticket: id, Job: job, Paper: queue.PaperPrinted, Rung: "simulated"})
			})
		}
	})
}
