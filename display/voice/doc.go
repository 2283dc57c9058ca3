// Package voice is what a hall hears: one ordered list of announcements, which all
// its boards play at the same instants, and the sounds they are made of.
//
// It owns when a call is announced and in which languages (Hall), and the sounds:
// the chime, which is made here, and what is said, from a recorded pack where it has
// every part, else by espeak-ng (Speaker). It never chooses who is called, plays
// nothing itself, and knows no board: who can play, and what was heard, it is told.
//
// # When
//
// An announcement begins a moment after its call, so that every board has it in
// time, and never before the one ahead of it is over and a breath has passed. When
// calls come faster than they can be said, one that would begin more than 20 s after
// its call is said in the first language only, one after more than 60 s is a chime
// only, and after two minutes it is not sounded any more. What no board has played,
// since none was there or the line was lost, is announced again as soon as one can,
// for 60 s after the call; what is older is listed and not sounded.
//
// # Sounds
//
// Every sound is a WAV of one channel, 16 bits and 22,050 Hz, as espeak-ng makes it.
// A pack is a folder for each language, named by its code, with one such file for
// each part of words.CallParts: it/letter-a.wav, it/42.wav, it/100.wav, it/desk.wav.
//
// A Hall belongs to one goroutine; Speaker and Clips may be called from any.
package voice
