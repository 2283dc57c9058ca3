package escpos

import (
	"fmt"
	"strings"
	"testing"
)

func say(a Answer) string {
	switch a.Kind {
	case KindRealTime:
		return fmt.Sprintf("realtime %02X", a.Byte)
	case KindASB:
		return fmt.Sprintf("asb % X", a.Frame[:])
	case KindPaper:
		return fmt.Sprintf("paper %02X", a.Byte)
	case KindFull:
		return fmt.Sprintf("full % X", a.Frame[:])
	case KindProcess:
		return "process " + a.Text
	case KindBlock:
		return fmt.Sprintf("block %02X %s", a.Byte, a.Text)
	case KindXON:
		return "xon"
	case KindXOFF:
		return "xoff"
	default:
		return fmt.Sprintf("unknown %02X", a.Byte)
	}
}

func TestDecoder(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		loose          bool
		realTime, full bool
	}{
		{name: "real-time answers", in: "\x12\x16\x1e\x72\x7e", want: "realtime 12|realtime 16|realtime 1E|realtime 72|realtime 7E"},
		{name: "automatic status", in: "\x10\x00\x00\x00\x38\x08\x0f\x00", want: "asb 10 00 00 00|asb 38 08 0F 00"},
		{name: "flow control inside automatic status", in: "\x10\x13\x00\x11\x0c\x00", want: "xoff|xon|asb 10 00 0C 00"},
		{name: "real-time answer inside automatic status", in: "\x10\x00\x12\x00\x00", want: "realtime 12|asb 10 00 00 00"},
		{name: "lost byte: the next frame is whole", in: "\x10\x00\x00\x10\x00\x00\x00", want: "unknown 10|asb 10 00 00 00"},
		{name: "answers to GS r", in: "\x00\x03\x0f", want: "paper 00|paper 03|paper 0F"},
		{name: "process id", in: "\x37\x22aY1|\x00", want: "process aY1|"},
		{name: "flow control inside process id", in: "\x37\x22a\x13Y1\x11|\x00", want: "xoff|xon|process aY1|"},
		{name: "real-time answer inside process id", in: "\x37\x22a\x12Y1|\x00", want: "realtime 12|process aY1|"},
		{name: "real-time answer of an error inside process id", in: "\x37\x22a\x7eY\x721|\x00", want: "realtime 7E|realtime 72|process aY1|"},
		{name: "such a byte inside text", in: "\x5f~r\x12Z\x00", want: "realtime 12|block 5F ~rZ"},
		{name: "other blocks", in: "\x5fTM-T20\x00\x37\x25\x31\x00\x3bx\x00", want: "block 5F TM-T20|block 37 %1|block 3B x"},
		{name: "block cut off by a frame", in: "\x5fTM\x10\x00\x00\x00", want: "unknown 5F|asb 10 00 00 00"},
		{name: "block without end", in: "\x5f" + strings.Repeat("x", 200), want: "unknown 5F|" + strings.Repeat("paper", 0)},
		{name: "full status when asked", in: "\x10\x0f\x20\x0c\x13\x01\x12", want: "full 20 0C 13 01|realtime 12", full: true},
		{name: "automatic status that looks like it", in: "\x10\x0f\x00\x00", want: "asb 10 0F 00 00"},
		{name: "loose answer when asked", in: "\x0c", want: "realtime 0C", loose: true, realTime: true},
		{name: "loose answer when not asked", in: "\x0c", want: "paper 0C", loose: true},
		{name: "strict answer when loose", in: "\x12", want: "realtime 12", loose: true, realTime: true},
		{name: "noise", in: "\xff\x80\x12", want: "unknown FF|unknown 80|realtime 12"},
		{name: "nothing", in: "", want: ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := Decoder{Loose: c.loose}
			d.Await(c.realTime, c.full)
			var got []string
			d.Feed([]byte(c.in), func(a Answer) { got = append(got, say(a)) })
			text := strings.Join(got, "|")
			if c.name == "block without end" {
				if !strings.HasPrefix(text, c.want) {
					t.Errorf("got %s", text)
				}
				return
			}
			if text != c.want {
				t.Errorf("got  %s\nwant %s", text, c.want)
			}
		})
	}
}

// The tail of a frame whose head was given up must not be taken for the answer
// that confirms a ticket.
func TestDecoderOrphans(t *testing.T) {
	var d Decoder
	var got []string
	yield := func(a Answer) { got = append(got, say(a)) }
	d.Feed([]byte{0x10}, yield)
	if !d.Midway() {
		t.Fatal("a frame has begun")
	}
	d.Flush(yield)
	d.Feed([]byte{0x00, 0x00, 0x00, 0x00}, yield)
	want := "unknown 10|unknown 00|unknown 00|unknown 00|paper 00"
	if text := strings.Join(got, "|"); text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

// However the bytes are cut into reads, the answers are the same; nothing
// panics, memory is bounded, and after any noise one quiet moment brings the
// decoder back in step.
func FuzzDecoder(f *testing.F) {
	for _, seed := range []string{
		"\x12\x16\x12\x72", "\x10\x00\x0c\x00", "\x10\x13\x00\x11\x00\x00", "\x37\x22abcd\x00\x00",
		"\x5fTM-T88V\x00\x12", "\x10\x0f\x20\x00\x00\x01", "\x0c\x6c\x03", "\xff\x80\x10\x10\x10\x37\x37\x00", "\x11\x13\x11\x13",
	} {
		for flags := range byte(8) {
			f.Add([]byte(seed), flags, byte(3))
		}
	}
	f.Fuzz(func(t *testing.T, in []byte, flags, cut byte) {
		run := func(step int) (string, *Decoder) {
			d := &Decoder{Loose: flags&1 != 0}
			d.Await(flags&2 != 0, flags&4 != 0)
			var b strings.Builder
			for rest := in; len(rest) > 0; {
				n := min(max(step, 1), len(rest))
				d.Feed(rest[:n], func(a Answer) { b.WriteString(say(a) + "|") })
				rest = rest[n:]
			}
			if len(d.block) > maxBlock+1 {
				t.Fatalf("holds %d bytes", len(d.block))
			}
			return b.String(), d
		}
		whole, _ := run(len(in))
		pieces, d := run(int(cut))
		if whole != pieces {
			t.Fatalf("cut %d: %s\nwhole:  %s", cut, pieces, whole)
		}
		d.Flush(func(Answer) {})
		d.orphans = 0
		d.Await(false, false)
		var got []string
		d.Feed([]byte("\x10\x00\x00\x00\x12\x37\x22abcd\x00\x00"), func(a Answer) { got = append(got, say(a)) })
		if text := strings.Join(got, "|"); text != "asb 10 00 00 00|realtime 12|process abcd|paper 00" {
			t.Fatalf("out of step after % X: %s", in, text)
		}
	})
}
