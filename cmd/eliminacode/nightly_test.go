package main

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// TestWhatIsDoneAtNightWaitsForTheStart runs two days of a box that is switched on at
// seven, before its doors open at eight and close at seven in the evening: the long work
// leaves the start alone, waits for the evening if it must, and comes once a day.
func TestWhatIsDoneAtNightWaitsForTheStart(t *testing.T) {
	for _, c := range []struct {
		name string
		shut time.Duration // from the start until the doors open
		want []time.Duration
	}{
		{"an hour before", time.Hour, []time.Duration{nightlyLook, nightlyLook + nightlyEvery}},
		{"three minutes before", 3 * time.Minute, []time.Duration{11*time.Hour + 5*time.Minute, 35*time.Hour + 5*time.Minute}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithTimeout(t.Context(), 40*time.Hour)
				defer stop()
				began := time.Now()
				var did []time.Duration
				nightly(ctx, func() bool {
					day := time.Since(began) % (24 * time.Hour)
					return day < c.shut || day > c.shut+11*time.Hour
				}, func() { did = append(did, time.Since(began)) })
				if !slices.Equal(did, c.want) {
					t.Errorf("it worked at %v, want %v", did, c.want)
				}
			})
		})
	}
}
