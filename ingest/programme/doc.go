// Package programme reads programme pages: HTML or text in, an
// archive.Programme out. It knows talks, clocks, names and languages; it must
// not know the network, the store, or any particular site.
//
// # A model of the page, not a heap of patterns
//
// Organizers write programmes by hand, in every layout there is. What a person
// uses to read them all is what this package is made of; each step works on
// values and hands them to the next:
//
//  1. htmltext makes UTF-8 of the bytes (header, meta, detection; windows-1252
//     when nothing tells) and lines of that. A text and an HTML page are the same
//     from here on.
//  2. pieces.go, when.go: lines become pieces, the smallest stretches with one
//     meaning. Links that are marks ("[slides]") are lifted off, labels
//     ("Bio:") found, times and dates at the edges read. A piece has a shape:
//     what it looks like in the page's making.
//  3. slots.go: a time speaks for the largest element that holds no other time,
//     and for what follows it up to the next. clocks.go tells morning from
//     afternoon by reading down the day.
//  4. score.go: each piece is weighed for each label (title, people, abstract,
//     session, …) by many weak signals: the words (lexicon/), the form of a
//     name, the prose in it, its style, what the page's makers called it. Then
//     the template is learned: pieces of one shape pull each other towards what
//     they are together, so that one doubtful line is decided by its likes.
//  5. label.go: the labels are settled all at once, along the page (Viterbi):
//     people follow a title or precede it, a time opens an item, a new list item
//     rather begins something than goes on.
//  6. items.go, kinds.go, links.go, columns.go: labels become items; kinds,
//     rooms and links are told. sections.go joins abstracts and lives that stand
//     elsewhere on the page; join.go those on linked pages.
//  7. coherence.go: the page is read several ways (by its times or by its
//     repeated units, title first or people first) and the reading that hangs
//     together best is kept.
//  8. edition.go, title.go, place.go, related.go, series.go: the edition's own
//     facts. findings.go tells what looks odd.
//
// What the page says for machines alone (JSON-LD, microdata, RDFa, vevent) is a
// witness, witness.go: heard where the page shows the same or shows nothing,
// left aside and told as a Finding where it contradicts what people see, because
// templates are copied with the data in them.
//
// Every value knows its place in the page (places.go), by which it can be found
// again in the kept bytes; while the page is read, drafts carry for each value
// the piece it came from.
//
// Whatever a page does not say is left out. Nothing here is made for one site:
// words live in lexicon/, everything else is about form.
package programme
