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
//	          "clock": the latest reading of the box's clocks, a queue.Now;
//	          "browsers": the key of the marks of known browsers, 32 bytes
//	members   ID: a Member, with its hashes "pin" and "password" (PHC strings)
//	sessions  SHA-256 of the cookie, hex: whose, since when, how long, values
//	screens   ID: a Paired, with the SHA-256 of its cookie
//	tokens    ID: a Token, with the SHA-256 of its secret, how long it is good and
//	          by which reading of the clocks it was over
//	codes     purpose, or "member:" and ID: hash and life of a one-time code
//	audit     sequence, 8 bytes big-endian: an Entry
//
// A key of a day is a file of its own, so that taking it away touches nothing
// else: it is written over with zeros, synced and deleted. On flash the medium
// may keep an old copy of a block for a while, out of reach of the file system.
//
// # Damage
//
// A damaged row harms itself alone. Sessions and codes are dropped at the next start; a
// member, screen or token opens nothing and stays as it is until it is made again
// (Unread); of an act its sequence is left. A damaged member may be an administrator:
// meanwhile no code makes the first one (NeedsFirst, Locked). Pages that contradict one
// another are damage of the whole file: Open refuses it (ErrDamaged, SetAside).
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
// # Wrong secrets
//
// Nobody can keep somebody else out by being wrong in their name. What slows a guesser
// down is counted where the guesser is:
//
//   - A browser in which the member has signed in before with the secret of now, and
//     which holds a mark of that (known.go), has a growing delay of its own. Nothing
//     that others do holds it back.
//   - Any other try, a stranger's, has a growing delay for its login and address
//     together: three tries are free, then the wait doubles up to a minute.
//   - Of strangers' wrong tries at one login, from all addresses, 30 may come at once
//     and then one in 30 seconds; of those from one address, at all logins, 60 and then
//     one in 6 seconds. Beyond that tries are not refused: they wait for their turn, at
//     most 40 seconds, in which whoever has been wrong the least comes first (turns.go).
//   - A one-time code has 25^8 values and lives for half an hour. It has no delay, and
//     no number of wrong ones voids it; an address may try ten at once, then one a second.
//
// So in a day of 86,400 seconds strangers check at most 30 + 86,400/30 = 2,910 guesses
// at one login, from however many addresses: 3 in 1,000 of the million PINs of six
// digits, and of passwords, which have ten characters or more, nothing that counts. One
// address alone checks at most 9 + 86,400/60 = 1,449 at one login and 60 + 86,400/6 =
// 14,460 at all of them; a known browser 1,449 more at its own member's. An address tries
// at most 10 + 1,800 codes while one lives, of 152,000 million.
//
// # Use
//
// A Store may be used by any number of goroutines. Changes wait for one another;
// reading waits for no disk, but for the one request in ten minutes that stores a
// reading of the clocks. Secrets are checked one at a time.
package private
