package voice

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"
)

// mostBytes bounds what Clips keep: some 45 announcements in one language.
const mostBytes = 8 << 20

// Clips are the sounds that boards fetch, by names that come from what they hold. The
// ones that were not used longest give way; the chime stays.
type Clips struct {
	chime Clip

	mu    sync.Mutex
	files map[string][]byte
	keys  map[string]Clip // what was said, by what was asked for
	order []string        // names, the least used first
	bytes int
}

// NewClips are the chime alone.
func NewClips() *Clips {
	c := &Clips{files: map[string][]byte{}, keys: map[string]Clip{}}
	chime := Chime()
	c.chime = Clip{ID: nameOf(chime.WAV()), Length: chime.Length()}
	c.files[c.chime.ID] = chime.WAV()
	return c
}

// Chime is the sound before each announcement.
func (c *Clips) Chime() Clip { return c.chime }

func nameOf(wav []byte) string {
	sum := sha256.Sum256(wav)
	return hex.EncodeToString(sum[:8])
}

// Keep stores a sound under what it says.
func (c *Clips) Keep(said string, s Sound) Clip {
	wav := s.WAV()
	clip := Clip{ID: nameOf(wav), Length: s.Length()}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keys[said] = clip
	if _, there := c.files[clip.ID]; !there {
		c.files[clip.ID] = wav
		c.bytes += len(wav)
		c.order = append(c.order, clip.ID)
	}
	c.use(clip.ID)
	for c.bytes > mostBytes && len(c.order) > 1 {
		c.forget(c.order[0])
	}
	return clip
}

// Said is the sound that says something, if it is kept.
func (c *Clips) Said(said string) (Clip, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	clip, ok := c.keys[said]
	if ok {
		c.use(clip.ID)
	}
	return clip, ok
}

// File is a sound as a WAV file, by its name; the bytes must not be changed.
func (c *Clips) File(id string) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	wav, ok := c.files[id]
	return wav, ok
}

func (c *Clips) use(id string) {
	for i, x := range c.order {
		if x == id {
			c.order = append(append(c.order[:i:i], c.order[i+1:]...), id)
			return
		}
	}
}

func (c *Clips) forget(id string) {
	c.bytes -= len(c.files[id])
	delete(c.files, id)
	c.order = c.order[1:]
	for said, clip := range c.keys {
		if clip.ID == id {
			delete(c.keys, said)
		}
	}
}
