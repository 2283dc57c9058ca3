package waiting

import (
	"cmp"
	"fmt"
	"strconv"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// A Grouping is what the rows of a report stand for.
type Grouping string

// The groupings.
const (
	ByHour    Grouping = "hour"    // local hour at which the leg began to wait
	ByDay     Grouping = "day"     // business day
	ByService Grouping = "service" // of the leg
	ByGroup   Grouping = "group"   // group of the desk that last called or served the leg
)

// Keys of rows that have no name of their own.
const (
	KeyNoDesk  = ""  // legs that no desk called
	KeyNoGroup = "-" // desks that are in no group; no name of a setup looks like this
)

// A grouping puts the rows of a sheet into cells, numbered from 0, and says
// which row of the report a cell is. Cells belong to one sheet: they are
// looked up by name once a sheet and not once a leg.
type grouping struct {
	cells func(*Sheet) int
	cell  func(*row) int
	key   func(s *Sheet, cell int) key
}

// A key names a row of a report. Rows are in order of rank, then of key,
// by queue.CompareNames.
type key struct {
	rank  int
	key   string
	label string
}

func (k key) compare(o key) int {
	return cmp.Or(cmp.Compare(k.rank, o.rank), queue.CompareNames(k.key, o.key))
}

var groupings = map[Grouping]grouping{
	ByHour: slots(60),
	ByDay: {
		cells: func(*Sheet) int { return 1 },
		cell:  func(*row) int { return 0 },
		key:   func(s *Sheet, _ int) key { return key{key: s.Date, label: s.Date} },
	},
	ByService: entries(atServiceNo, func(s *Sheet) int { return len(s.Services) }, serviceKey),
	ByGroup:   entries(atDesk, func(s *Sheet) int { return len(s.Desks) }, groupKey),
}

// slots groups by stretches of so many minutes of the local day.
func slots(minutes int) grouping {
	text := func(minute int) string {
		if minutes%60 == 0 {
			return strconv.Itoa(minute / 60)
		}
		return fmt.Sprintf("%d:%02d", minute/60, minute%60)
	}
	var at [minutesOfDay]uint16 // the cell of each minute: a division takes as long as all else of a leg's cell
	for minute := range at {
		at[minute] = uint16(minute / minutes)
	}
	keys := make([]key, minutesOfDay/minutes)
	for cell := range keys {
		from := text(cell * minutes)
		keys[cell] = key{rank: cell, key: from, label: from + "-" + text((cell+1)*minutes)}
	}
	return grouping{
		cells: func(*Sheet) int { return len(keys) },
		cell:  func(r *row) int { return int(at[r.u16(atMinute)]) },
		key:   func(_ *Sheet, cell int) key { return keys[cell] },
	}
}

// entries groups by the 16-bit index at some place of the row, into a table of
// the sheet. Cell 0 is no entry at all, and of gets -1 for it.
func entries(at int, table func(*Sheet) int, of func(s *Sheet, i int) key) grouping {
	return grouping{
		cells: func(s *Sheet) int { return table(s) + 1 },
		cell:  func(r *row) int { return int(uint16(r.u16(at) + 1)) },
		key:   func(s *Sheet, cell int) key { return of(s, cell-1) },
	}
}

func serviceKey(s *Sheet, i int) key {
	return key{key: string(s.Services[i].ID), label: s.Services[i].Name}
}

func groupKey(s *Sheet, i int) key {
	if i < 0 {
		return key{rank: 2, key: KeyNoDesk, label: words.ReportNoDesk}
	}
	group := s.Desks[i].Group
	if group == queue.GroupID("") {
		return key{rank: 1, key: KeyNoGroup, label: words.ReportNoGroup}
	}
	return key{key: string(group), label: string(group)}
}
