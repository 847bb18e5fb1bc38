// Package archive holds the nouns of Rostrum and the rules that bind them.
//
// It is pure: no I/O, no clock, no third party. Every other package speaks in
// its types, and it imports nothing of theirs.
//
// # Glossary
//
//   - Series: a recurring gathering, with its former names ("FOSDEM").
//   - Edition: one of a series ("FOSDEM 2024"). Never "event" or "conference".
//   - Programme: what one Snapshot says of one Edition; the unit of ingest.
//   - Item: one line of a Programme: a talk, a break, a meal.
//   - Talk: an Item as the archive keeps it: with its ID, its resolved Credits
//     and its Decks. Breaks are kept as Talks too, so that a programme can be
//     shown as it was; Talk.Given tells whether somebody gives it.
//   - Credit: a name as printed on one Item, with role and affiliation.
//   - Person: a human; a decision over Credits.
//   - Deck: the slide file of a Talk. Slide: one page of it. (A "page" is a web page.)
//   - Source: where a programme is found. Snapshot: the bytes it gave at a time.
//   - Finding: something odd in a Snapshot, with its place.
//   - Correction: what a person says against what was read. It always wins and can be undone.
//   - Revision: how far the truth has moved; a counter that only grows.
//
// # Three layers
//
// What was read (Programme, Item, Credit) is never altered by a person and can
// be made again from the Snapshot. What a person decided (Correction, the
// Person behind a Credit) is never altered by a reading. What is shown (Series,
// Edition, Talk, Person) is the second laid over the first.
package archive
