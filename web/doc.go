// Package web is the site: it shows the archive to visitors and programs. It
// knows the store, which it reads, and the index, which it asks; it
// writes nothing but what organizers decide at the desk, and knows nothing of
// how talks came in.
//
// # How a page comes about
//
// One file per page holds its handler, its view (a value with all that the
// page's template prints, and nothing else) and names its template. A handler
// reads the request, asks, fills the view, and returns an error or a page;
// fail (errors.go) alone decides what an error is answered with. Templates
// decide nothing: what is a link, what a date looks like and which words are
// marked is settled in the view.
//
// # The interface's words
//
// All words of the interface stand in messages/, a file for each language;
// templates are parsed once for each. What comes from the archive is never
// translated and carries its own lang attribute.
//
// # Safety
//
// Whatever comes from the archive or a visitor is hostile. html/template
// escapes it; addresses that a programme printed become links only when they
// are http or https; the Content-Security-Policy allows nothing that stands in
// a page itself, so positions (marks over slides, plots) are SVG attributes,
// never styles. Requests are bounded in size, time and number (middleware.go).
//
// # Pictures of our own
//
// Plots are SVG made here (plot.go), each with a table beneath of the same
// numbers. A programme whose tracks ran side by side is a table (timetable.go),
// since that is what screen readers, narrow screens and paper know how to take.
//
// # Other sites
//
// Only /embed/SERIES may be framed, and only its JSON and the programming
// interface answer pages of other origins. What search engines may take is told
// twice, by pages and by robots.txt; a test holds that both say the same.
//
// # The desk
//
// Below /desk organizers correct what was read (desk*.go). Sessions are held in
// memory and named by a cookie that no other site can send along; every post
// names a token of its session and has to come from a page of this site. A form
// says what it was made of, so that nobody overwrites what they have not seen,
// and whatever is decided can be undone from where it was decided.
//
// Beside a form stands the kept page that the value was read from, written anew
// and marked (snapshot.go). What is odd or doubtful comes by what its repair
// would mend (deskfinding.go). New sources are previewed and taken by whoever
// implements Intake, one at a time and in the background (desksource.go); Close
// waits for it.
//
// Others than organizers may say what is wrong: visitors suggest, and wait for
// an organizer (suggestion.go, desksuggestion.go); people who gave talks are sent
// a private link and edit their own entries at once (mine.go).
//
// # Caching
//
// Pages are made whole, answered with an ETag of their content and revalidated;
// assets and pictures carry their content in their address and are kept for ever.
package web
