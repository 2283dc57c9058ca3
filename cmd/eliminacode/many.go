package main

import "fmt"

// many is how many there are of something, such as "1 desk" and "2 desks".
func many[N int | int64 | uint64](n N, one string) string { return manyAs(n, one, one+"s") }

// manyAs is many for a word whose plural is not made by an s alone.
func manyAs[N int | int64 | uint64](n N, one, more string) string {
	if n == 1 {
		more = one
	}
	return fmt.Sprintf("%d %s", n, more)
}
