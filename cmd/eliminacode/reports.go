package main

import (
	"context"
	"slices"
	"sync"

	"eliminacode/queue/waiting"
)

// reports sees to it that reports are made one at a time, however many ask:
// beside one of them the processor still has room for a press. Each is kept
// for a while. Who asks for what another one is about to make gets the same.
type reports struct {
	turn chan struct{} // has one entry while a report is made

	mu    sync.Mutex
	begun int // reports so far
	kept  []keptReport
}

// reportsKept bounds what is kept; a report of ten years by day has a megabyte.
const reportsKept = 8

type keptReport struct {
	query   waiting.Query
	restsOn any
	begun   int // its place among all that were begun
	report  waiting.Report
}

func newReports() reports { return reports{turn: make(chan struct{}, 1)} }

// ask answers a query with a kept report, or makes it when its turn comes. What
// restsOn answers is the same for as long as the report would be.
func (r *reports) ask(
	ctx context.Context, q waiting.Query, restsOn func() any, makeIt func(context.Context) (waiting.Report, error),
) (waiting.Report, error) {
	r.mu.Lock()
	asked := r.begun
	r.mu.Unlock()
	if kept, ok := r.find(q, restsOn(), asked); ok {
		return kept, nil
	}
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return waiting.Report{}, ctx.Err()
	}
	defer func() { <-r.turn }()
	if ctx.Err() != nil {
		return waiting.Report{}, ctx.Err()
	}
	now := restsOn()
	if kept, ok := r.find(q, now, asked); ok {
		return kept, nil
	}
	r.mu.Lock()
	r.begun++
	k := keptReport{query: q, restsOn: now, begun: r.begun}
	r.mu.Unlock()
	var err error
	if k.report, err = makeIt(ctx); err != nil {
		return waiting.Report{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept = slices.DeleteFunc(r.kept, func(old keptReport) bool { return old.query == q })
	r.kept = append(r.kept, k)
	r.kept = r.kept[max(0, len(r.kept)-reportsKept):]
	return k.report, nil
}

// find is a kept report that nothing has changed since, or that was begun after
// it was asked for.
func (r *reports) find(q waiting.Query, restsOn any, asked int) (waiting.Report, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range r.kept {
		if k.query == q && (k.restsOn == restsOn || k.begun > asked) {
			return k.report, true
		}
	}
	return waiting.Report{}, false
}
