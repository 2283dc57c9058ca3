package queue

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// When a machine is dead there is a way out on paper: a block of numbers is
// reserved, printed from any printer, and handed out. Nobody else is given one of
// them. The reception calls those in that were handed, and each is an ordinary
// ticket from then on; what is left ends with the day.

// A BlockRun is numbers of a series in a row, in one lap.
type BlockRun struct {
	Lap   int `json:"lap,omitempty"`
	First int `json:"first"`
	Last  int `json:"last"`
}

// A Block is numbers that were reserved to be handed out on paper.
type Block struct {
	Code    string // stands on each of its slips
	Series  SeriesID
	Service ServiceID // that they are for, unless the reception says another
	Runs    []BlockRun
	At      Now

	calledIn uint64 // a bit for each of its numbers, in order
}

// A BlockNumber is one number of a block.
type BlockNumber struct {
	Number
	CalledIn bool
}

const (
	leastBlock = 20
	mostBlock  = 50 // a bit each in calledIn
	// mostBlocks bounds the blocks of a day: each number is looked up in them.
	mostBlocks = 20
)

// blockCode is what stands on the slips of a block: capital letters and digits,
// so that it can be read and said.
var blockCode = regexp.MustCompile(`^[A-Z0-9]{4,12}$`)

// Blocks are those of today, in order. The slice must not be changed.
func (s *State) Blocks() []Block { return s.blocks }

// BlockNumbers are the numbers of a block of today, in order.
func (s *State) BlockNumbers(b Block) []BlockNumber {
	i := s.seriesIndex(b.Series)
	if i < 0 {
		return nil
	}
	def := s.index.series[i]
	var all []BlockNumber
	for _, r := range b.Runs {
		for v := r.First; v <= r.Last && len(all) < mostBlock; v++ {
			n := Number{Series: b.Series, Value: v, Lap: r.Lap, Text: def.text(v)}
			all = append(all, BlockNumber{n, b.calledIn>>len(all)&1 == 1})
		}
	}
	return all
}

// left counts the numbers of a block that were not called in.
func (b Block) left() (n int) {
	i := 0
	for _, r := range b.Runs {
		for v := r.First; v <= r.Last; v++ {
			if b.calledIn>>i&1 == 0 {
				n++
			}
			i++
		}
	}
	return n
}

// blocksLeft counts the reserved numbers of today that were not called in.
func (s *State) blocksLeft() (n int) {
	for _, b := range s.blocks {
		n += b.left()
	}
	return n
}

// place is where a number stands in a block, or -1.
func (b Block) place(value, lap int) int {
	i := 0
	for _, r := range b.Runs {
		if r.Lap == lap && value >= r.First && value <= r.Last {
			return i + value - r.First
		}
		i += r.Last - r.First + 1
	}
	return -1
}

// reserved tells whether a number of a series may be in somebody's hand, on the
// paper of a block, in any lap.
func (s *State) reserved(series SeriesID, value int) bool {
	for _, b := range s.blocks {
		if b.Series != series {
			continue
		}
		i := 0
		for _, r := range b.Runs {
			if value >= r.First && value <= r.Last && b.calledIn>>(i+value-r.First)&1 == 0 {
				return true
			}
			i += r.Last - r.First + 1
		}
	}
	return false
}

func (c ReserveBlock) decide(d *decision) error {
	i := d.s.serviceIndex(c.Service)
	switch {
	case i < 0 || d.s.index.services[i].removed:
		return fmt.Errorf("%w: %q", ErrUnknownService, c.Service)
	case c.Count < leastBlock || c.Count > mostBlock:
		return between("count", int64(c.Count), leastBlock, mostBlock)
	case !blockCode.MatchString(c.Code):
		return ValueError{Field: "code", Rule: RuleCode, Most: 12, Value: c.Code}
	case slices.ContainsFunc(d.s.blocks, func(b Block) bool { return b.Code == c.Code }):
		if slices.ContainsFunc(d.s.blocks, c.reserved) {
			return nil
		}
		return ErrOtherRequest
	case len(d.s.blocks) >= mostBlocks:
		return ErrTooManyBlocks
	}
	series := d.s.index.services[i].series
	if series < 0 {
		return fmt.Errorf("%w: of service %q", ErrUnknownSeries, c.Service)
	}
	var runs []BlockRun
	at, taken := d.s.series[series], map[int]bool{}
	for range c.Count {
		n, ok := d.s.numberAfter(series, at, d.now)
		if !ok || taken[n.Value] {
			return ErrSeriesExhausted
		}
		taken[n.Value] = true
		at = seriesState{next: n.Value + 1, lap: n.Lap}
		if last := len(runs) - 1; last >= 0 && runs[last].Lap == n.Lap && runs[last].Last+1 == n.Value {
			runs[last].Last++
		} else {
			runs = append(runs, BlockRun{Lap: n.Lap, First: n.Value, Last: n.Value})
		}
	}
	d.emit(BlockReserved{Code: c.Code, Series: d.s.index.series[series].ID, Service: c.Service, Numbers: runs})
	return nil
}

// reserved tells whether a block is the one that the command asks for.
func (c ReserveBlock) reserved(b Block) bool {
	size := 0
	for _, r := range b.Runs {
		size += r.Last - r.First + 1
	}
	return b.Code == c.Code && b.Service == c.Service && size == c.Count
}

func (n *draft) reserve(e Event, b BlockReserved) {
	size := 0
	for _, r := range b.Numbers {
		if r.First < 0 || r.Last >= 1_000_000 || r.Last < r.First || r.Last-r.First >= mostBlock {
			return
		}
		size += r.Last - r.First + 1
	}
	if size == 0 || size > mostBlock || len(n.blocks) >= mostBlocks {
		return
	}
	n.blocks = append(n.blocks[:len(n.blocks):len(n.blocks)], Block{Code: b.Code, Series: b.Series, Service: b.Service, Runs: b.Numbers, At: e.At})
	last := b.Numbers[len(b.Numbers)-1]
	n.setSeries(b.Series, seriesState{next: last.Last + 1, lap: last.Lap})
}

// decide turns a number of a block that was handed out into a ticket that waits:
// from the hour at which it was handed, if that is told. One that waits by now needs no
// second event; any other use of the number is over or under way, and is not begun again.
func (c AdmitReserved) decide(d *decision) error {
	block, number, calledIn := d.s.inBlocks(c.Number)
	switch {
	case block == nil:
		return fmt.Errorf("%w: %q", ErrNotReserved, c.Number)
	case calledIn:
		return d.s.admitted(block.Code, number)
	case c.Class != Ordinary && c.Class != Priority:
		return oneOf("class", c.Class, Priority)
	}
	service, outlet := c.Service, c.Outlet
	if service == "" {
		service = block.Service
	}
	if i := d.s.serviceIndex(service); i < 0 || d.s.index.services[i].removed {
		return fmt.Errorf("%w: %q", ErrUnknownService, service)
	}
	if outlet == "" {
		outlet = d.s.index.setup.ReceptionOutlet()
	}
	if o := d.s.outletIndex(outlet); o < 0 || d.s.index.outlets[o].removed {
		return fmt.Errorf("%w: %q", ErrUnknownOutlet, outlet)
	}
	if err := errors.Join(short("token", c.Token), c.Category.known()); err != nil {
		return err
	}
	handed, err := d.handedAt(c.HandedAt, block.At)
	if err != nil {
		return err
	}
	if d.s.tickets.len() >= ticketsPerDay-1 {
		return ErrSeriesExhausted
	}
	d.emit(TicketIssued{
		Ticket: ticketID(d.s.day.Ordinal, d.s.tickets.len()+1), Number: number, Service: service, Class: c.Class,
		Outlet: outlet, Paper: PaperPrinted, Token: c.Token, Category: c.Category, Block: block.Code, HandedAt: handed,
	})
	return nil
}

// admitted refuses a number of a block that was called in before, and does not wait.
func (s *State) admitted(code string, number Number) error {
	for t := range s.Tickets() {
		if t.Block == code && t.Number == number && t.State != Waiting {
			return wrongState(t)
		}
	}
	return nil
}

// handedAt is when a number was handed, in whole seconds of office time; 0 when
// nobody says, or when nobody knows what time it is.
func (d *decision) handedAt(told int64, reserved Now) (int64, error) {
	if told == 0 || d.s.ClockDoubtful(d.now) {
		return 0, nil
	}
	told -= told % 1000
	if told > d.s.OfficeTime(d.now) || told < d.s.plan.Begins || told < d.s.TimeOf(reserved)-60_000 {
		return 0, ErrNotThen
	}
	return told, nil
}

// inBlocks finds a reserved number as it stands on paper or as people type it: the
// newest, if it was reserved in more than one lap.
func (s *State) inBlocks(text string) (b *Block, number Number, calledIn bool) {
	for i := len(s.blocks) - 1; i >= 0; i-- {
		for _, n := range s.BlockNumbers(s.blocks[i]) {
			if n.Shows(text) {
				return &s.blocks[i], n.Number, n.CalledIn
			}
		}
	}
	return nil, Number{}, false
}

// callIn marks a number of a block as called in.
func (n *draft) callIn(code string, number Number) {
	for i, b := range n.blocks {
		if b.Code != code {
			continue
		}
		if at := b.place(number.Value, number.Lap); at >= 0 {
			b.calledIn |= 1 << at
			put(n, &n.blocks, i, b)
		}
	}
}

// handedKey is the place of a ticket that was handed at an office time: behind
// everybody who had come by then, and before all others.
func (n *draft) handedKey(id TicketID, handed int64) uint64 {
	last := uint64(backOfFront)
	for t := range n.Tickets() {
		if n.TimeOf(t.Issued) <= handed {
			last = max(last, t.arrival)
		}
		if t.key >= backOfFront && n.TimeOf(n.nowOf(t.since)) <= handed {
			last = max(last, t.key)
		}
	}
	seconds := uint64(min(max(0, (handed-n.plan.Begins)/1000), 1<<17-1))
	return last&^(keysApart-1) | seconds<<15 | uint64(id.Ordinal())&(1<<15-1)
}
