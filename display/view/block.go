package view

import "eliminacode/queue"

// Blocks are the emergency blocks of today, newest first.
type Blocks struct {
	Services []ProfileService `json:"services"`
	Blocks   []Block          `json:"blocks"`
}

// A Block is numbers that were reserved to be handed out on paper.
type Block struct {
	Code    string `json:"code"`
	Service string `json:"service"` // its name
	Letters string `json:"letters"`
	First   string `json:"first"` // as shown
	Last    string `json:"last"`
	All     int    `json:"all"`
	In      int    `json:"in"` // called in so far
	At      string `json:"at"` // "10:31"
	// Numbers are all of them, for the paper.
	Numbers []BlockNumber `json:"numbers"`
	// Of the paper: who runs the office, the date, and what its holder must know.
	Office Heading `json:"office"`
	Date   string  `json:"date"`
	Wait   string  `json:"wait"`
}

// A BlockNumber is one number of a block.
type BlockNumber struct {
	Number string `json:"number"`
	In     bool   `json:"in,omitempty"` // it was called in
}

// Blocks is the view of today's blocks.
func (l Look) Blocks() Blocks {
	setup, v := l.State.Setup(), Blocks{Services: []ProfileService{}, Blocks: []Block{}}
	for _, x := range setup.Services {
		v.Services = append(v.Services, ProfileService{string(x.ID), l.ServiceName(x), letters(setup, x.Series)})
	}
	blocks := l.State.Blocks()
	for i := len(blocks) - 1; i >= 0; i-- {
		v.Blocks = append(v.Blocks, l.block(blocks[i]))
	}
	return v
}

// Block is the view of one of today's blocks, for its paper.
func (l Look) Block(code string) (Block, bool) {
	for _, b := range l.State.Blocks() {
		if b.Code == code {
			return l.block(b), true
		}
	}
	return Block{}, false
}

func (l Look) block(b queue.Block) Block {
	v := Block{
		Code: b.Code, Letters: letters(l.State.Setup(), b.Series), At: l.hour(l.State.TimeOf(b.At)), Numbers: []BlockNumber{},
		Office: l.heading(), Date: l.day().Date, Wait: l.tongue().Say("block.slip-wait"),
	}
	if x, ok := l.State.Service(b.Service); ok {
		v.Service = l.ServiceName(x)
	}
	for _, n := range l.State.BlockNumbers(b) {
		v.Numbers = append(v.Numbers, BlockNumber{n.Text, n.CalledIn})
		if n.CalledIn {
			v.In++
		}
	}
	if v.All = len(v.Numbers); v.All > 0 {
		v.First, v.Last = v.Numbers[0].Number, v.Numbers[v.All-1].Number
	}
	return v
}
