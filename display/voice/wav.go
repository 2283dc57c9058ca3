package voice

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"
)

// Rate is how many samples a second every sound has, on one channel.
const Rate = 22_050

const (
	headerBytes = 44
	// mostSeconds bounds a sound that is read: no announcement takes as long.
	mostSeconds = 60
)

// A Sound is samples of one channel, 16 bits, Rate a second.
type Sound []int16

// Length is how long a sound takes.
func (s Sound) Length() time.Duration {
	return time.Duration(len(s)) * time.Second / Rate
}

// WAV is the sound as a file.
func (s Sound) WAV() []byte {
	b := make([]byte, 0, headerBytes+2*len(s))
	b = append(b, "RIFF"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(headerBytes-8+2*len(s)))
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	b = binary.LittleEndian.AppendUint16(b, 1) // plain samples
	b = binary.LittleEndian.AppendUint16(b, 1) // channel
	b = binary.LittleEndian.AppendUint32(b, Rate)
	b = binary.LittleEndian.AppendUint32(b, 2*Rate)
	b = binary.LittleEndian.AppendUint16(b, 2)
	b = binary.LittleEndian.AppendUint16(b, 16)
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(2*len(s)))
	for _, v := range s {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	return b
}

// ReadWAV reads a sound from a file. espeak-ng writes a length that is no length when
// it writes to a pipe: what is there counts.
func ReadWAV(b []byte) (Sound, error) {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return nil, fmt.Errorf("%w: it does not begin as one", ErrNoWAV)
	}
	formatted := false
	for rest := b[12:]; len(rest) >= 8; {
		name, size := string(rest[:4]), uint64(binary.LittleEndian.Uint32(rest[4:8]))
		body := rest[8:]
		body = body[:min(size, uint64(len(body)))]
		switch name {
		case "fmt ":
			if err := checkFormat(body); err != nil {
				return nil, err
			}
			formatted = true
		case "data":
			if !formatted {
				return nil, fmt.Errorf("%w: its samples come before their format", ErrNoWAV)
			}
			return samples(body)
		}
		rest = rest[min(uint64(len(rest)), 8+size+size%2):]
	}
	return nil, fmt.Errorf("%w: it has no samples", ErrNoWAV)
}

func checkFormat(b []byte) error {
	if len(b) < 16 {
		return fmt.Errorf("%w: its format is cut off", ErrNoWAV)
	}
	kind, channels := binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[2:])
	rate, bits := binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint16(b[14:])
	if kind != 1 || channels != 1 || rate != Rate || bits != 16 {
		return fmt.Errorf("%w: it has %d channels of %d bits and %d Hz (format %d); save it with one channel, 16 bits, %d Hz", ErrOtherFormat, channels, bits, rate, kind, Rate)
	}
	return nil
}

func samples(b []byte) (Sound, error) {
	if len(b) > 2*Rate*mostSeconds {
		return nil, fmt.Errorf("%w: it takes more than %d s", ErrTooLong, mostSeconds)
	}
	s := make(Sound, len(b)/2)
	for i := range s {
		s[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return s, nil
}

// Chime is two decaying tones, a falling third.
func Chime() Sound {
	s := make(Sound, Rate*155/100)
	for _, tone := range []struct{ hertz, from float64 }{{659.26, 0}, {523.25, 0.45}} {
		for i := range s {
			t := float64(i)/Rate - tone.from
			if t < 0 {
				continue
			}
			rise := math.Min(1, t/0.01)
			v := 0.42 * rise * math.Exp(-5.8*t) * (math.Sin(2*math.Pi*tone.hertz*t) + 0.18*math.Sin(4*math.Pi*tone.hertz*t))
			s[i] += int16(v * math.MaxInt16)
		}
	}
	return s
}

// silence lies between the parts of a recorded voice.
const silence = Rate * 4 / 100

// join is sounds one after the other.
func join(parts []Sound) Sound {
	var all Sound
	for i, p := range parts {
		if i > 0 {
			all = append(all, make(Sound, silence)...)
		}
		all = append(all, p...)
	}
	return all
}
