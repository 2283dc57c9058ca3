// Package journal keeps the events of the queue on disk, in order, each
// chained to the one before by hash, and reads them back.
//
// It owns the journal's folder and everything in it. It never decides what may
// happen, never reads a clock, and never answers that something is stored
// before the disk said so.
//
// # Layout on disk
//
// A journal is a folder. What else lies in it is told and left alone, unless it
// may be the newest month under another name: then Open refuses.
//
//	journal-000000000001-2026-11.db   the events of a month, in bbolt
//	journal-000000048211-2026-12.db   named after its first event, so that the
//	                                  order of files never rests on a clock
//	journal-next.tmp                  the next month's file while it is made
//	sheets.db                         derived: may be deleted at any time
//
// A month file has pages of 4096 bytes on every board and three buckets:
//
//	meta    "format"  "1"
//	        "file"    {"ordinal":2,"first":48211,"prev":"<64 hex>","month":"2026-12","product":"1.4.0","dated":true}
//	        "head"    {"seq":48310,"hash":"<64 hex>"}: the newest event here
//	        "copy"    {"seq":48310}: of a backup, until somebody goes on from it
//	events  sequence, 8 bytes big-endian: the record
//	days    ordinal of the day, 8 bytes big-endian: {"date":"2026-12-01","seq":48211};
//	        the date is the last that the day was given, or without "dated"
//	        the first; derived from the events
//
// A record is the JSON of a queue.Event with the hash of the record before it
// as its second field:
//
//	{"v":1,"prev":"<64 hex>","seq":48211,"at":{…},"by":{…},"kind":"DayOpened","body":{…}}
//
// The hash of a record is the SHA-256 of its bytes. The first record of all
// has 64 zeros before it; the first record of a later file has the hash of the
// last record of the file before. The head makes the newest record as hard to
// change unnoticed as all others, and costs no page, because so small a bucket
// lies within the root page that every commit writes anyway.
//
// sheets.db has one bucket, sheets, with the ordinal of a day as key; see
// Journal.PutSheet. It is a file of its own so that work on derived data can
// neither delay a ticket nor touch a month that is closed: a month file is
// never written again once the next one has begun, unless its index of days has
// to be made again, or a bad header mended.
//
// # Rotation
//
// The only event that begins a file is a DayOpened whose plan is of another
// month than the file in use; where its clock is not believed, the newest day
// whose date is known says the month. What comes before it in the same Append belongs
// to the old file, and yet both are stored or neither: the new file is made
// complete under the name journal-next.tmp, then the old file's transaction is
// committed, then the new file gets its name. The hash at the beginning of
// journal-next.tmp tells Open which of these had happened when the power went.
//
// # Reading
//
// What is on disk may be damaged, and bbolt trusts its pages: a bad one makes
// it fault, or run for ever. So this package reads pages with a small reader
// of its own, which follows no reference that it has not checked, and leaves
// to bbolt what bbolt alone can do: commit. Faults within bbolt are turned
// into errors all the same.
//
// A header that the power or the years have spoiled is mended by Open: bbolt
// would go on with the older one, and a ticket that was acknowledged would be
// given out again. The chain tells which records in the file come next.
// So is a list of free pages, from the pages that are in use. What is wrong in a
// file that today does not need stops nothing: Suspected tells of it.
//
// # Use
//
// A Journal may be used by any number of goroutines. Append calls wait for one
// another; reading never waits for Append nor Append for reading. The folder
// itself is locked while a Journal is open (flock), so that two programs never
// write to it.
package journal
