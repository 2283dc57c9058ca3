// Package waiting says how long people waited: it makes a day sheet of a
// folded day, one fixed-width row a leg of a visit, and a report of many
// sheets, by hour, day, service or group of desks.
//
// A visit is one ticket. A transfer ends one leg of it and starts the next, so
// that each wait is held against the service it was for. Sheets are derived:
// throw them away, fold the events of the day again, and Rows makes the same
// bytes. They are never the truth.
//
// # Definitions
//
// All durations are whole milliseconds, as queue.State.Elapsed measures them.
// Nothing is rounded before WriteTable prints it, but what stands for a service of
// unknown end.
//
//   - The wait of a leg is the sum of its waiting periods, and its first wait
//     is the first of them. Hours between two bands of the day, when the office
//     was closed for everybody, and suspensions are no part of either. What lies
//     after the last band counts. queue.State.Legs measures both, for the order
//     of calls and the pages of the staff too.
//   - The walk is from the last call of the leg to the start of service, and is
//     absent when nobody marked that start. A recall changes nothing.
//   - The service time is the sum of the serving periods, and is absent when
//     there is none. Where its end is unknown, which only desks with a keypad and the end
//     of the day make, it counts as the mean of those of its day of which it is known: told
//     apart, they would tell by hour what one desk did. The hold is the sum of the parked ones.
//   - A leg is within the standard of its service when its first wait is
//     at most that long. See Figures for which legs are held against it.
//   - A leg is inferred when any of its moments was.
//   - A leg belongs to the business day of its ticket, and to the local hour,
//     by the clock of the office's zone, at which its first wait began. Office
//     time is the wall clock as read plus the last correction of the day, and
//     the plan and the standards are the last ones of the day too: a
//     correction says how wrong the clock had been.
//   - A percentile is by nearest rank: the p-th of n waits is the one at place
//     ceil(p*n/100) in order of length, always a wait that somebody had.
//   - What tells of desks is of closed days, and of at least three that worked on the day, since it would
//     else tell of operators: the walks, the service times and what was told of each
//     row and of the total, and all of a row by group of desks. A row is the sum of
//     what may be told of its days, so that no two reports can be subtracted. Times of
//     fewer are counted and not told; groups of fewer, and what was told by fewer, are
//     one row together. Waits are of citizens, and are told always.
//   - How many legs were inferred, and who walked how long, is told of a day where that
//     tells of no desk: see split. A start is inferred at desks that have a keypad, so
//     that by hour it would tell of the one that has.
//   - A contact is somebody whom the reception helped without a ticket. Contacts are
//     counted by kind and business day, apart: they are no visit, and in no other figure.
//
// # Layout of a sheet
//
// Numbers are little-endian and a text is a 16-bit length and UTF-8 bytes.
//
//	"ECDS"  version u16  row bytes u16  day u32  rows u32  header bytes u32
//	contacts 6 times u32: all, information, forms, complaint, registration, missing document
//	split u16: where it is told what was inferred, 0 to 3 as listed in split.go
//	date text  zone text
//	services u16, each: id text, name text, standard ms u64, standard share f64
//	desks    u16, each: id text, label text, group text
//	series   u16, each: id text
//	channels u16, each: kind of cause, text
//	the rows, 54 bytes each, as given beside the offsets in row.go
//	CRC-32C of everything before, u32
//
// The package is pure: no clock, disk, network or goroutine. Values may be
// read from any goroutine; a decoded Sheet reads the bytes it was made from.
package waiting
