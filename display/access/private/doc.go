// Package private keeps the private file of the office: people, sessions, paired
// screens, programs' tokens, one-time codes and the audit list; and beside it the
// keys of the days.
//
// It never answers a request and never sees the queue. What it keeps is in no
// backup of the journal: whoever copies the journal away takes no account along.
//
// # Layout on disk
//
//	access.db        bbolt, mode 0600, in a folder of mode 0700
//	access.db.tmp    while the file is made
//	day-212.key      the key of business day 212, until that day is closed
//
// access.db has these buckets; each row is the CRC-32 (Castagnoli) of its JSON as
// 8 hexadecimal digits, a space, and the JSON:
//
//	meta      "format": "1"; "desk-alert": a DeskAlert, once it was ever on;
//	          "clock": the latest reading of the box's clocks, a queue.Now
//	members   ID: a Member, with its hashes "pin" and "password" (PHC strings)
//	sessions  SHA-256 of the cookie, hex: whose, since when, how long, values
//	screens   ID: a Paired, with the SHA-256 of its cookie
//	tokens    ID: a Token, with the SHA-256 of its secret, how long it is good and
//	          by which reading of the clocks it was over
//	codes     purpose, or "member:" and ID: hash, life and tries of a one-time code
//	audit     sequence, 8 bytes big-endian: an Entry
//
// A key of a day is a file of its own, so that taking it away touches nothing
// else: it is written over with zeros, synced and deleted. On flash the medium
// may keep an old copy of a block for a while, out of reach of the file system.
//
// # In memory
//
// All rows but those of the audit list are read when the file is opened, and each
// change is on disk before it counts. When a screen was last seen, the rate of a
// token, delays, and codes shown on screens live in memory only. So do the
// sessions of visitors who have not logged in.
//
// # Time
//
// Sessions, codes, pairings and delays go by the monotonic clock of the box, so that
// no clock which is set forth or back makes them longer, shorter or good again.
// Over a start of the box sessions and codes keep what they had left, less what is
// known to have passed (life). A program's token, which lives for months, goes by a
// date too, and once it was over stays so (token).
//
// # Use
//
// A Store may be used by any number of goroutines. Changes wait for one another;
// reading waits for no disk, but for the one request in ten minutes that stores a
// reading of the clocks. Secrets are checked one at a time.
package private
