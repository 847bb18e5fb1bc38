// Package store keeps the archive: SQLite is the truth, and beside it lie the
// bytes that were fetched, by their SHA-256. It must not know how programmes
// are read, fetched, searched or shown; which talk is which and which credit is
// whom is decided by pure functions of package archive, which it feeds.
//
// # The layers
//
// What was read: source, snapshot, reading (the whole Programme as read,
// compressed, never altered) and item (which line of a reading is which talk).
// What people decided: act, correction, credit_decision, and merged of person, edition,
// talk and series. What is
// shown: edition, talk, credit, talk_topic, talk_deck, finding. The third is
// woven out of the first two by one function (weave), edition by edition, and
// only rows that come out different are written. Taking a programme,
// correcting, undoing and taking down all end in it, so none of them can
// forget another one's work, and doing the same twice writes nothing.
//
// Two editions, talks or series that turned out to be one keep their rows: the
// merged column of the one given up leads to the one that stands, which is woven
// out of the readings and decisions of both. A talk's home is the edition whose
// readings speak of it, so that undoing needs to remember nothing. A former name
// that somebody asked to have hidden (veil) stays in what was read; it is covered
// where rows become what a visitor sees, and nowhere else.
//
// # Revisions
//
// Every talk carries the Revision at which it, or anything shown with it, last
// changed; no two carry the same one. So a follower that holds revision R needs
// no log: it asks for the talks above R, in order, and may stop anywhere.
//
// # Writing and reading
//
// One connection writes, several read; each is set up by pragmas in its DSN,
// since a pragma executed once holds on one pooled connection only. An exported
// method is one transaction, an unexported function one statement. Several
// processes may use one data folder: SQLite's lock makes their writing take turns.
package store
