// Package ingest runs a Source: it fetches, has it read, and hands what was
// read to the store. It is the only writer of programmes.
//
// # The way of a source
//
//	source ── fetch ──> blob + Snapshot            kept for good, before anything is read
//	          reader ─> Programme(s)               pure; linked pages joined
//	          take  ──> store.TakeProgramme        one transaction each; decks now stand as pending
//	          decks ──> blob, then slides.Pool     side by side; a bad deck is a Finding, the rest goes on
//
// Every arrow ends in a transaction or a renamed file, and every step may be
// done again without harm. So there is no journal to recover: who was killed
// adds the same source again, and what stands already is found standing. That
// is also why adding twice changes nothing.
//
// # Links
//
// A page may be a stranger's, and its links with it. A link is followed by
// where its page came from: from the web only to the web; from a file also to
// files in that file's folder, and never out of it, not by .. and not by a
// symbolic link (os.Root keeps that). So that readers, who know of no files,
// resolve links in a local page as in any other, a local page is given an
// address of its own below localBase; what comes back with that address is
// turned into a file of that folder again (origin).
//
// # What it must not know
//
// No SQL, no HTML, no PDF, and nothing of the index or the web: the index
// follows the store by itself.
package ingest
