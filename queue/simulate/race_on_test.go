//go:build race

package simulate

// raced tells that the race detector is on, which makes everything several
// times slower: long trials then live fewer days.
const raced = true
