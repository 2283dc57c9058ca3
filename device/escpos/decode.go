package escpos

// A Kind is what an answer of a printer is.
type Kind uint8

// The kinds.
const (
	KindUnknown  Kind = iota // no answer of an ESC/POS printer
	KindRealTime             // DLE EOT n: Byte
	KindASB                  // automatic status: Frame
	KindPaper                // GS r n: Byte
	KindFull                 // DLE EOT 20: Frame, the four bytes after 10 0F
	KindProcess              // GS ( H: Text is the id
	KindBlock                // another block: Byte is its header, Text its content
	KindXON                  // flow control: go on
	KindXOFF                 // flow control: wait
)

// An Answer is one thing that a printer said.
type Answer struct {
	Kind  Kind
	Byte  byte
	Frame [4]byte
	Text  string
}

// maxBlock bounds the text of a block; the longest known is a serial number.
const maxBlock = 80

// A Decoder sorts the bytes of a printer into answers. All kinds share one
// wire, so each byte is judged by its fixed bits:
//
//	b&93 = 12                          real-time answer, 1 byte
//	b&93 = 10, then three with &90 = 0 automatic status, 4 bytes
//	b&90 = 00                          answer to GS r, 1 byte
//	37 35 3B 3D 5F ... 00              block, to NUL
//	10 0F and four                     full status, only while it is asked for
//	11, 13                             flow control, even inside a block
//
// A process id is one of ours, which has no character that looks like a real-time
// answer; in other blocks a printable byte is always text.
//
// A byte that breaks a frame ends it as unknown and is judged afresh, so one
// lost byte costs one answer and never the ones behind it. Memory is bounded.
// The zero value is ready to use.
type Decoder struct {
	// Loose accepts real-time answers whose fixed bits are clear (Pyramid)
	// while one is awaited. They look like answers to GS r, so whoever sets it
	// must not ask for both at once.
	Loose bool

	awaitRealTime bool
	awaitFull     bool
	state         decodeState
	frame         [4]byte
	have          int
	orphans       int    // bytes that may be the tail of a frame given up
	block         []byte // header and text
}

type decodeState uint8

const (
	stateIdle  decodeState = iota
	stateASB               // frame[:have] is held
	stateFull              // frame[:have] of the four payload bytes is held
	stateBlock             // block is held
)

// Await says which answers are asked for: a one-byte real-time answer, and a
// full status. Only these two change how a byte is read.
func (d *Decoder) Await(realTime, full bool) {
	d.awaitRealTime, d.awaitFull = realTime, full
}

// Midway reports whether an answer has begun and not ended.
func (d *Decoder) Midway() bool { return d.state != stateIdle }

// Feed judges bytes in order and yields each answer as it is complete.
func (d *Decoder) Feed(p []byte, yield func(Answer)) {
	for _, b := range p {
		d.feed(b, yield)
	}
}

// Flush gives up an answer that has begun. The caller uses it when the line has
// been quiet for longer than a frame can pause.
func (d *Decoder) Flush(yield func(Answer)) {
	if d.state == stateIdle {
		return
	}
	first, orphans := d.frame[0], 0
	switch d.state {
	case stateASB:
		// Its tail may still come and must not pass for answers to GS r:
		// losing one of those is unknown, inventing one would be a lie.
		orphans = len(d.frame) - d.have
	case stateBlock:
		first = d.block[0]
	case stateFull:
		first = dle
	}
	d.reset()
	d.orphans = orphans
	yield(Answer{Kind: KindUnknown, Byte: first})
}

// Settle gives up an answer that has begun, and what might be left of it. The
// caller uses it when the line has been quiet for so long that no tail comes.
func (d *Decoder) Settle(yield func(Answer)) {
	d.Flush(yield)
	d.orphans = 0
}

func (d *Decoder) reset() {
	d.state = stateIdle
	d.orphans = 0
	d.have = 0
	d.block = d.block[:0]
}

func (d *Decoder) feed(b byte, yield func(Answer)) {
	switch d.state {
	case stateFull:
		// Raw payload: any value may occur, even that of flow control.
		d.frame[d.have] = b
		d.have++
		if d.have == len(d.frame) {
			a := Answer{Kind: KindFull, Frame: d.frame}
			d.reset()
			yield(a)
		}
		return
	case stateASB:
		if d.asb(b, yield) {
			return
		}
	case stateBlock:
		if d.blockByte(b, yield) {
			return
		}
	}
	d.begin(b, yield)
}

// asb takes a byte of an automatic status and reports whether it belonged.
func (d *Decoder) asb(b byte, yield func(Answer)) bool {
	switch {
	case b == xon || b == xoff:
		yield(Answer{Kind: flowKind(b), Byte: b})
		return true
	case b == 0x0f && d.have == 1 && d.frame[0] == dle && d.awaitFull:
		// 10 0F begins a full status, and could begin an automatic one too:
		// the one that was asked for is meant.
		d.state, d.have = stateFull, 0
		return true
	case b&0x90 == 0:
		d.frame[d.have] = b
		d.have++
		if d.have == len(d.frame) {
			a := Answer{Kind: KindASB, Frame: d.frame}
			d.reset()
			yield(a)
		}
		return true
	case isRealTime(b):
		// A real-time answer is sent by the receive interrupt and may cut
		// in; the frame goes on behind it.
		yield(Answer{Kind: KindRealTime, Byte: b})
		return true
	default:
		d.Flush(yield)
		return false
	}
}

// blockByte takes a byte of a block and reports whether it belonged.
func (d *Decoder) blockByte(b byte, yield func(Answer)) bool {
	switch {
	case b == xon || b == xoff:
		yield(Answer{Kind: flowKind(b), Byte: b})
		return true
	case b == nul:
		a := Answer{Kind: KindBlock, Byte: d.block[0], Text: string(d.block[1:])}
		if a.Byte == 0x37 && len(a.Text) == 5 && a.Text[0] == 0x22 {
			a = Answer{Kind: KindProcess, Byte: 0x37, Text: a.Text[1:]}
		}
		d.reset()
		yield(a)
		return true
	case isRealTime(b) && (b < 0x20 || d.processBlock()):
		// In other text than ours it may as well be a letter, and is.
		yield(Answer{Kind: KindRealTime, Byte: b})
		return true
	case b >= 0x20 && b < 0x7f && len(d.block) <= maxBlock:
		d.block = append(d.block, b)
		return true
	default:
		d.Flush(yield)
		return false
	}
}

// processBlock reports whether the block is the echo of an id of ours.
func (d *Decoder) processBlock() bool {
	return len(d.block) >= 2 && d.block[0] == 0x37 && d.block[1] == 0x22
}

// begin judges a byte that starts something.
func (d *Decoder) begin(b byte, yield func(Answer)) {
	switch {
	case b == xon || b == xoff:
		yield(Answer{Kind: flowKind(b), Byte: b})
	case isRealTime(b):
		yield(Answer{Kind: KindRealTime, Byte: b})
	case b&0x93 == 0x10:
		d.state, d.have = stateASB, 1
		d.frame[0] = b
	case b == 0x37 || b == 0x35 || b == 0x3b || b == 0x3d || b == 0x5f:
		d.state = stateBlock
		d.block = append(d.block[:0], b)
	case b&0x90 == 0 && d.orphans > 0:
		d.orphans--
		yield(Answer{Kind: KindUnknown, Byte: b})
	case b&0x90 == 0 && d.Loose && d.awaitRealTime:
		yield(Answer{Kind: KindRealTime, Byte: b})
	case b&0x90 == 0:
		yield(Answer{Kind: KindPaper, Byte: b})
	default:
		yield(Answer{Kind: KindUnknown, Byte: b})
	}
}

func flowKind(b byte) Kind {
	if b == xon {
		return KindXON
	}
	return KindXOFF
}
