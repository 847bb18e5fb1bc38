// Package search answers what visitors ask of the archive. It is a view of the
// store, never a truth of its own: it follows the store's Changes, may be
// thrown away at any time, and is then made again from Revision 0.
//
// # What it stores
//
// One scorch index (bleve's storage) with two kinds of documents. A talk's
// document has a posting for each stem of its title, people, affiliations,
// topics, abstract and surroundings (series, edition, room), a posting without
// counts for each word as it was spelled and for each stem that its edition
// announced (announced.go), and one stored value, its row, with all that
// filters, facets, sorting and suggestions need. A slide's document
// has the stems of one slide. Documents are named by ordinals, small numbers
// that never leave this package; a talk's row tells which ordinals its slides
// have. Segments are written by us in zap's format (segment.go), from postings
// gathered as lists of numbers (gather.go), a bundle of talks at a time
// (bundle.go). Talk and slides lie in one index rather than two so that one batch
// changes them, and the Revision reached, together: a process killed at any
// moment finds both at the same Revision when it starts again.
//
// Positions, for phrases, ride in the number where scorch keeps a term's
// frequency (see packed): scorch's own term vectors double the index.
//
// # What it keeps in memory
//
// A view: one snapshot of the index, the rows as columns, and postings decoded
// on demand, merged over the fields of a word and kept within a bound; those of
// the commonest words are read ahead, since reading costs more than scoring. A view
// never changes; following the store makes the next one, and a search under
// way keeps the view it began with.
//
// # What it must not know
//
// SQL, pages, the network. The texts that snippets are cut from are handed to
// Marker by who has them.
//
// # Who goes first
//
// Whoever asks (pace.go). As many searches run at once as there are cores, the
// others stand in line; filling, merging, learning and reading ahead keep one
// core free while people ask, and work in pieces of a millisecond, removing large
// files too. What a search works with is kept over collections of garbage
// (internal/stock). Making the whole index anew is best done by another process
// (Fill, RebuildBy), which the kernel can take the core from at once and whose
// garbage is its own; here only what it made is opened, read ahead and put in place.
//
// # Ranking
//
// BM25F of our own (bm25f.go) over these postings, with true lengths and
// counts kept by us, so that nothing moves when segments merge or documents
// die; then a second look at the best (rank.go): how much of the query they
// have, whether title and people say it as it was spelled, how near each other
// the words of a long question stand (near.go), and what was learned from the
// archive's own text (model.go): words that the best talks share, and vectors
// that bring near what speaks of the same things in other words. Learning goes
// on in the background; what was learned lies beside the index.
//
// Of a page of the best only talks that can come onto it are scored (best.go):
// lists tell what each 64 talks weigh at most in them. The page is the same as
// if all had been, which best_test.go and plain_test.go hold on to.
//
// # How to measure
//
//	go test -run Ranking ./archive/search -args -update    the order of what is found, as a file
//	go test -run '^$' -bench KnownCollections -benchtime 1x ./archive/search    topics, beside the peers
//	go test -run '^$' -bench OtherCollections -benchtime 1x ./archive/search    what is made of these to stand in for others
//	go test -run '^$' -bench KnownItems -benchtime 1x ./archive/search          people who know the talk
//	go test -run SlideIsFound -v ./archive/search                               the very slide
//	ROSTRUM_BENCH_TALKS=100000 go test -run '^$' -bench AtSize -benchtime 1x -timeout 2h ./archive/search
//	ROSTRUM_BENCH_FOLDER=/kept/here ROSTRUM_BENCH_TALKS=100000 go test -run '^$' -bench Ours -benchtime 1x ./archive/search    our side alone
//	ROSTRUM_BENCH_FOLDER=/kept/here ROSTRUM_BENCH_TALKS=100000 go test -v -run '^$' -bench '^BenchmarkCost$' -benchtime 1x ./archive/search    processor time of a query
//	ROSTRUM_BENCH_TALKS=100000 go test -run '^$' -bench '^BenchmarkPeers$' -benchtime 1x -timeout 4h ./archive/search    beside FTS5, bleve, Xapian, PostgreSQL
//	ROSTRUM_BENCH_TALKS=100000 go test -run '^$' -bench Suggest -benchtime 1x -timeout 1h ./archive/search    while typing
//	ROSTRUM_BENCH_TALKS=10000 go test -run '^$' -bench '^BenchmarkIndexing$' -benchtime 1x ./archive/search
//	ROSTRUM_BENCH_TALKS=10000 go test -run '^$' -bench RebuildWhileServing -benchtime 5x -timeout 1h ./archive/search
//	go test -v -run '^$' -bench HostileQueries -benchtime 1x ./archive/search    what a query can cost at most
//	ROSTRUM_BENCH_TALKS=100000 go test -run '^$' -bench FoundAfterAdd -benchtime 1x -timeout 1h ./archive/search
//
// All but the first want collections that are not part of the project (see
// quality_test.go) and skip without them; the last makes its own text then.
package search
