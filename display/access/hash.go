package access

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// A Cost is what one check of a secret costs with argon2id (RFC 9106).
type Cost struct {
	MemoryKiB uint32 // at most costMost.MemoryKiB
	Passes    uint32
	Threads   uint8
}

// Standard is the cost of new hashes: about 100 to 200 ms on one core of a small
// board, in 19 MiB, which such a board has to spare beside the queue. It is the
// least that OWASP's cheat sheet of password storage allows.
var Standard = Cost{MemoryKiB: 19 * 1024, Passes: 2, Threads: 1}

// costMost bounds what a stored hash may ask of the box, so that a damaged or
// forged one cannot exhaust its memory.
var costMost = Cost{MemoryKiB: 64 * 1024, Passes: 8, Threads: 4}

const (
	saltBytes = 16
	hashBytes = 32
)

// errPHC: a text is not a hash that HashSecret made.
var errPHC = errors.New("not an argon2id hash")

// A phc is a parsed hash: "$argon2id$v=19$m=19456,t=2,p=1$salt$hash", with salt
// and hash in base64 without padding (the PHC string format).
type phc struct {
	cost       Cost
	salt, hash []byte
}

// HashSecret is what is kept of a PIN or a password.
func HashSecret(secret string, cost Cost) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails
	return hashWith(secret, cost, salt).String()
}

func hashWith(secret string, cost Cost, salt []byte) phc {
	return phc{cost, salt, argon2.IDKey([]byte(plain(secret)), salt, cost.Passes, cost.MemoryKiB, cost.Threads, hashBytes)}
}

// IsHash tells whether a text is a hash that can be checked.
func IsHash(kept string) bool {
	_, err := parsePHC(kept)
	return err == nil
}

// CheckSecret tells whether a secret is the one that a hash was made of. Where
// kept is no hash, as for a login that there is not, it works as long as for a
// hash of the given cost and says no.
func CheckSecret(secret, kept string, cost Cost) bool {
	p, err := parsePHC(kept)
	if err != nil {
		hashWith(secret, cost, make([]byte, saltBytes))
		return false
	}
	return subtle.ConstantTimeCompare(hashWith(secret, p.cost, p.salt).hash, p.hash) == 1
}

func (p phc) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		p.cost.MemoryKiB, p.cost.Passes, p.cost.Threads, b64.EncodeToString(p.salt), b64.EncodeToString(p.hash))
}

// parsePHC reads a hash; it takes one spelling only, so that what it takes is
// what String gives.
func parsePHC(text string) (p phc, err error) {
	parts := strings.Split(text, "$")
	if len(text) > 256 || len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return p, errPHC
	}
	costs := strings.Split(parts[3], ",")
	if len(costs) != 3 {
		return p, errPHC
	}
	var numbers [3]uint64
	for i, most := range []struct {
		name string
		most uint32
	}{{"m=", costMost.MemoryKiB}, {"t=", costMost.Passes}, {"p=", uint32(costMost.Threads)}} {
		digits, ok := strings.CutPrefix(costs[i], most.name)
		n, err := strconv.ParseUint(digits, 10, 32)
		if !ok || err != nil || n < 1 || n > uint64(most.most) {
			return p, errPHC
		}
		numbers[i] = n
	}
	p.cost = Cost{uint32(numbers[0]), uint32(numbers[1]), uint8(numbers[2])}
	b64 := base64.RawStdEncoding.Strict()
	p.salt, err = b64.DecodeString(parts[4])
	if err != nil || len(p.salt) != saltBytes {
		return p, errPHC
	}
	if p.hash, err = b64.DecodeString(parts[5]); err != nil || len(p.hash) != hashBytes || p.String() != text {
		return p, errPHC
	}
	return p, nil
}
