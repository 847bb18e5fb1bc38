// Package ledger writes what people decided over an archive as a YAML file and
// takes such a file in again, so that an organizer can keep corrections where
// they keep everything else: in a folder under version control. It knows the
// store and no command, no site and no index.
//
// # The file
//
//	rostrum-corrections: 1
//	decisions:
//	- correct: chaos-day/2017/let-it-crash
//	  field: title
//	  value: Let it crash early
//	  was: Let it crsh
//	  by: anna
//	  at: 2026-05-04T09:15:00Z
//	  why: a typing error on the page
//	- correct: a-lind
//	  field: veiled
//	  value: true
//	  becomes: june-holm
//	- merge: a-lind
//	  into: ada-lind
//	- merge: faultfest/2017
//	  into: chaos-day/2017
//	- merge-series: faultfest
//	  into: chaos-day
//	- apart: chen-li
//	  from: chen-li-2
//	- assign: ada-lind-2
//	  new: true
//	  credits:
//	  - {talk: chaos-day/2017/breaking-things, name: Ada Lind}
//	- move: chaos-day-at-the-mill/2015
//	  into: chaos-day
//	- takedown: chaos-day/2016/withdrawn
//	- retract: https://chaos.example/2017/programme.html
//	  sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
//
// Decisions stand in the order in which they were made, since a later one may
// rest on an earlier; so a new one is a new paragraph at the end, and a
// difference under version control says what was decided. What was undone, or
// corrected anew, is left out. Things are named by the IDs of their pages: two
// slashes are a talk, one an edition, none a person, an address a deck.
//
// # Taking it in
//
// A decision that stands already is passed over, so taking a file in twice
// changes nothing. The file never undoes: what it lacks stays. A decision that
// does not hold is told with its line, and the others are taken.
package ledger
