package journal

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"eliminacode/queue"
)

// A Record is an event as it lies on disk.
type Record struct {
	Seq   uint64
	Value []byte // its JSON
}

// Hash is the hash of the chain up to the record.
func (r Record) Hash() Hash { return hashOf(r.Value) }

// A Day is a business day in the journal.
type Day struct {
	Ordinal int
	Date    string // "2026-11-24": the newest that it was given
	First   uint64 // sequence of its DayOpened
}

// What one batch of reading holds at most. Between batches nothing is pinned,
// so that a slow consumer costs the writer nothing.
const (
	batchRecords = 512
	batchBytes   = 1 << 20
)

// Records yields the records from seq on, seq included, as they lie on disk.
// It ends with what is the last event at its beginning. An error is the last
// thing it yields.
func (j *Journal) Records(from uint64) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for batch, err := range j.batches(nil, from) {
			for _, r := range batch {
				if !yield(r, nil) {
					return
				}
			}
			if err != nil {
				yield(Record{}, err)
			}
		}
	}
}

// batches yields what Records does, many at a time; with a room, each is valid
// until the next one is asked for. Records come with the error that ends them.
func (j *Journal) batches(pages *room, from uint64) iter.Seq2[[]Record, error] {
	return func(yield func([]Record, error) bool) {
		last, _ := j.Last()
		var batch []Record
		for next := max(from, 1); next <= last; {
			if pages.empty(); pages == nil {
				batch = nil
			}
			var err error
			batch, err = j.batch(pages, batch[:0], next, last)
			if !yield(batch, err) || err != nil {
				return
			}
			next += uint64(len(batch))
		}
	}
}

// Since yields the events from seq on, seq included; 0 and 1 are both the
// first. It ends with what is the last event at its beginning. An error is the
// last thing it yields.
func (j *Journal) Since(seq uint64) iter.Seq2[queue.Event, error] {
	return j.since(seq, func([]Record) {})
}

// since is Since, and shows the records to a goroutine of its own while it
// decodes them.
func (j *Journal) since(seq uint64, show func([]Record)) iter.Seq2[queue.Event, error] {
	return func(yield func(queue.Event, error) bool) {
		names := queue.NewDecoder()
		for batch, failed := range j.batches(&room{least: 2 * batchBytes}, seq) {
			var shown sync.WaitGroup
			shown.Go(func() { show(batch) })
			more := j.decodeAll(names, batch, yield)
			shown.Wait()
			if !more {
				return
			}
			if failed != nil {
				yield(queue.Event{}, failed)
			}
		}
	}
}

// decodeAll yields the events of records; it is false when no more are wanted.
func (j *Journal) decodeAll(d *queue.Decoder, records []Record, yield func(queue.Event, error) bool) bool {
	for _, r := range records {
		if e, err := j.decode(d, r); !yield(e, err) || err != nil {
			return false
		}
	}
	return true
}

// chained is since, and compares each record with the hash that the next one
// holds of it, the newest with that of the head. What does not agree is told by
// Suspected: the events are handed out all the same, since an office with one
// wrong event does better than one that does not open.
func (j *Journal) chained(seq uint64) iter.Seq2[queue.Event, error] {
	last, newest := j.Last()
	var hash Hash // of the record before
	broken := func(seq uint64, says string) {
		j.suspect(&DamageError{File: j.fileOf(seq).name, Seq: seq, Err: errors.New(says)})
	}
	return j.since(seq, func(records []Record) {
		for _, r := range records {
			prev, err := previous(r.Value)
			if err != nil {
				return // which ends the reading
			}
			if r.Seq > seq && prev != hash {
				broken(r.Seq, fmt.Sprintf("it does not follow event %d: one of the two was changed", r.Seq-1))
			}
			if hash = r.Hash(); r.Seq == last && hash != newest {
				broken(r.Seq, "it does not have the hash that was stored for it")
			}
		}
	})
}

func (j *Journal) decode(d *queue.Decoder, r Record) (queue.Event, error) {
	_, e, err := decodeBy(d, r.Seq, r.Value)
	if err == nil {
		return e, nil
	}
	v, unread := j.view(j.indexOf(r.Seq))
	if unread != nil {
		return e, unread
	}
	defer v.close()
	return e, v.notDecoded(r, err)
}

// batch appends to a batch without any the records from seq to last, as many as fit,
// at least one.
func (j *Journal) batch(pages *room, batch []Record, seq, last uint64) ([]Record, error) {
	i := j.indexOf(seq)
	if i < 0 {
		return batch, fmt.Errorf("reading event %d: %w", seq, ErrMissing)
	}
	v, err := j.view(i)
	if err != nil {
		return batch, err
	}
	defer v.close()
	v.tree.room = pages
	notThere := errors.New("it is not there")
	bytes := 0
	for r, err := range v.records(seq) {
		if err != nil {
			return batch, err
		}
		if r.Seq != seq {
			return batch, v.damaged(seq, notThere)
		}
		batch = append(batch, r)
		bytes += len(r.Value)
		if seq == last || len(batch) == batchRecords || bytes >= batchBytes {
			return batch, nil
		}
		seq++
	}
	if len(batch) > 0 && seq == v.head.Seq+1 {
		return batch, nil // the next one is in the next file
	}
	return batch, v.damaged(seq, notThere)
}

// indexOf is the index of the file that has an event; -1 when none has.
func (j *Journal) indexOf(seq uint64) int {
	j.mu.RLock()
	defer j.mu.RUnlock()
	i, found := slices.BinarySearchFunc(j.files, seq, func(f monthFile, seq uint64) int { return cmp.Compare(f.first, seq) })
	if found {
		return i
	}
	return i - 1
}

func (j *Journal) fileOf(seq uint64) monthFile {
	i := j.indexOf(seq)
	if i < 0 {
		return monthFile{}
	}
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.files[i]
}

func (j *Journal) fileCount() int {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return len(j.files)
}

// Today yields all that the present day needs: the events from the newest
// DayOpened on, or all of them when no day was ever opened. It reads nothing
// older. Each record is compared with the hash that is stored of it; Suspected
// tells what does not agree. An error is the last thing it yields.
func (j *Journal) Today() iter.Seq2[queue.Event, error] {
	return func(yield func(queue.Event, error) bool) {
		from := uint64(1)
		for i := j.fileCount() - 1; i >= 0; i-- {
			days, err := j.daysOf(i, func(days []Day) []Day { return days[max(0, len(days)-1):] })
			if err != nil {
				yield(queue.Event{}, fmt.Errorf("looking for today: %w", err))
				return
			}
			if len(days) > 0 {
				from = days[len(days)-1].First
				break
			}
		}
		ahead(j.chained(from))(yield)
	}
}

// aheadEvents is how many events are read before they are handed over.
const aheadEvents = 256

// ahead reads events on a goroutine of its own, so that a start on a board with
// several cores reads and folds at the same time.
func ahead(events iter.Seq2[queue.Event, error]) iter.Seq2[queue.Event, error] {
	type reading struct {
		events []queue.Event
		err    error
	}
	return func(yield func(queue.Event, error) bool) {
		read, enough := make(chan reading, 2), make(chan struct{})
		done := make(chan []queue.Event, cap(read)+1) // what was handed over before, to be filled again
		var reader sync.WaitGroup
		defer reader.Wait()
		defer close(enough)
		reader.Go(func() {
			defer close(read)
			r := reading{}
			hand := func() bool {
				select {
				case read <- r:
				case <-enough:
					return false
				}
				select {
				case events := <-done:
					r = reading{events: events[:0]}
				default:
					r = reading{events: make([]queue.Event, 0, aheadEvents)}
				}
				return true
			}
			for e, err := range events {
				if r.err = err; err != nil {
					break
				}
				if r.events = append(r.events, e); len(r.events) == aheadEvents && !hand() {
					return
				}
			}
			hand()
		})
		for r := range read {
			for _, e := range r.events {
				if !yield(e, nil) {
					return
				}
			}
			if r.err != nil {
				yield(queue.Event{}, r.err)
				return
			}
			select {
			case done <- r.events:
			default:
			}
		}
	}
}

// Day is the events of one day: from its DayOpened up to the next one.
func (j *Journal) Day(ordinal int) ([]queue.Event, error) {
	until := uint64(0)
	for i := j.fileCount() - 1; i >= 0; i-- {
		days, err := j.daysOf(i, func(days []Day) []Day {
			at := slices.IndexFunc(days, func(d Day) bool { return d.Ordinal == ordinal })
			if at < 0 {
				return days[:min(1, len(days))] // until when the day before lasts
			}
			return days[at:min(at+2, len(days))]
		})
		if err != nil {
			return nil, fmt.Errorf("looking for day %d: %w", ordinal, err)
		}
		for _, d := range slices.Backward(days) {
			if d.Ordinal == ordinal {
				return j.between(d.First, until)
			}
			until = d.First
		}
	}
	return nil, fmt.Errorf("day %d: %w", ordinal, ErrNoDay)
}

// between is the events from one sequence up to another, not included; 0 is
// the end.
func (j *Journal) between(from, until uint64) ([]queue.Event, error) {
	var events []queue.Event
	for e, err := range j.Since(from) {
		if err != nil {
			return nil, err
		}
		if until != 0 && e.Seq >= until {
			break
		}
		events = append(events, e)
	}
	return events, nil
}

// Days are the days of a date from..to, both included, in order of opening. A
// day that was given another date has that one. An empty date is no bound. Where
// a file that may have days of these dates is missing it answers ErrMissing;
// without any bound it answers those that are there.
func (j *Journal) Days(from, to string) ([]Day, error) {
	j.mu.RLock()
	gaps := j.gaps
	j.mu.RUnlock()
	for _, g := range gaps {
		if g.touches(from, to) {
			return nil, fmt.Errorf("looking for days: %w", g.missing())
		}
	}
	var found []Day
	for i := range j.fileCount() {
		days, err := j.daysOf(i, nil)
		if err != nil && j.elsewhere(i, from, to) {
			j.suspect(err)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("looking for days: %w", err)
		}
		for _, d := range days {
			if (from == "" || d.Date >= from) && (to == "" || d.Date <= to) {
				found = append(found, d)
			}
		}
	}
	return found, nil
}

// elsewhere tells whether a file is of another month than the dates from..to, by
// its name: what is wrong with it does not matter to who asks for those.
func (j *Journal) elsewhere(i int, from, to string) bool {
	j.mu.RLock()
	month := j.files[i].month
	j.mu.RUnlock()
	return from != "" && month < from[:min(len(month), len(from))] || to != "" && month > to[:min(len(month), len(to))]
}

// daysOf is the days that begin in a file, oldest first. Those among them that
// matter are compared with the events, since a wrong index must not make
// another day of today; the events are asked when the index is wrong or gone.
// The days of a file that is written no more are kept: a report of ten years
// would open 120 files for them each time.
func (j *Journal) daysOf(i int, matter func([]Day) []Day) (days []Day, err error) {
	j.mu.RLock()
	name, closed := j.files[i].name, i < len(j.files)-1
	j.mu.RUnlock()
	j.dating.Lock()
	days, known := j.closedDays[name]
	j.dating.Unlock()
	if known && matter == nil && !j.isClosed() {
		return days, nil
	}
	v, err := j.view(i)
	if err != nil {
		return nil, err
	}
	defer v.close()
	if !known {
		days, known, err = v.days()
	}
	if known && err == nil && matter != nil {
		err = v.confirm(matter(days))
	}
	if err != nil {
		j.log.Warn("index of days is not used", "file", v.name, "err", err)
	}
	if err != nil || !known {
		if days, err = v.findDays(); err != nil {
			return nil, err
		}
	}
	if closed {
		j.dating.Lock()
		defer j.dating.Unlock()
		j.closedDays[name] = days
	}
	return days, nil
}

// days is the index of days; ok is false when there is none. In that of an
// earlier version the dates that days were given later are put in place of those
// of their opening.
func (v *view) days() (days []Day, ok bool, err error) {
	index, ok, err := v.tree.bucket(daysBucket)
	if err != nil || !ok {
		return nil, ok, err
	}
	if days, err = v.indexed(index); err != nil || v.meta.Dated {
		return days, true, err
	}
	redated, err := v.redated()
	for _, r := range redated {
		for i := range slices.Backward(days) {
			if days[i].First < r.seq {
				days[i].Date = r.dated
				break
			}
		}
	}
	return days, true, err
}

// redated is the records of a file that give a day another date, in order.
func (v *view) redated() ([]record, error) {
	kind := []byte(`"kind":"` + queue.DayRedated{}.Kind() + `"`)
	var found []record
	for r, err := range v.records(0) {
		if err != nil {
			return nil, err
		}
		if !bytes.Contains(r.Value, kind) {
			continue
		}
		_, e, err := v.decode(r)
		if err != nil {
			return nil, err
		}
		if r := recordOf(e, nil); r.dated != "" {
			found = append(found, r)
		}
	}
	return found, nil
}

// opening is the event that opened a day of the file.
func (v *view) opening(d Day) (queue.DayOpened, error) {
	events, err := v.events()
	if err != nil {
		return queue.DayOpened{}, err
	}
	value, err := events.get(key(d.First))
	if err != nil {
		return queue.DayOpened{}, err
	}
	_, e, err := v.decode(Record{Seq: d.First, Value: value})
	if err != nil {
		return queue.DayOpened{}, err
	}
	opened, ok := e.Body.(queue.DayOpened)
	if !ok || opened.Day != d.Ordinal {
		return opened, fmt.Errorf("it does not open day %d as the index says", d.Ordinal)
	}
	return opened, nil
}

// confirm compares days of the index with the events.
func (v *view) confirm(days []Day) error {
	for _, d := range days {
		if _, err := v.opening(d); err != nil {
			return v.damaged(d.First, err)
		}
	}
	return nil
}

// indexed reads the index of days as it lies.
func (v *view) indexed(index bucket) ([]Day, error) {
	var days []Day
	for x, err := range index.from(nil) {
		if err != nil {
			return nil, v.damaged(0, fmt.Errorf("index of days: %w", err))
		}
		n, ok := number(x.key)
		var d dayEntry
		if err := json.Unmarshal(x.value, &d); err != nil || !ok || d.Seq < v.meta.First || d.Seq > v.head.Seq {
			return nil, v.damaged(0, errors.New("the index of days is not one"))
		}
		days = append(days, Day{Ordinal: int(n), Date: d.Date, First: d.Seq})
	}
	return days, nil
}

// findDays finds the days in the events themselves.
func (v *view) findDays() ([]Day, error) {
	var days []Day
	for r, err := range v.records(0) {
		if err != nil {
			return nil, err
		}
		_, e, err := v.decode(r)
		if err != nil {
			return nil, err
		}
		days = found(days, recordOf(e, nil))
	}
	return days, nil
}

// found is days after one more record of their file.
func found(days []Day, r record) []Day {
	if r.day != nil {
		return append(days, Day{Ordinal: r.day.Day, Date: r.day.Plan.Date, First: r.seq})
	}
	if n := len(days); r.dated != "" && n > 0 {
		days[n-1].Date = r.dated
	}
	return days
}
