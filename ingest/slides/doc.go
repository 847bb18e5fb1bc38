// Package slides reads slide decks: the text, the words with their places and a
// picture of every slide, out of PDF and office files that strangers made.
//
// # The way of a deck
//
// A file from the web is hostile until shown otherwise: of 2,357 broken PDFs one
// parser panicked beyond recovery on eleven, never ended on four and ate all memory
// on one. So nothing in this package parses a deck in the process that calls it.
//
//	caller ── Pool.Read ──> worker process (this binary, re-executed)
//	                          PDF:       PDFium in WebAssembly, no file system, own memory per deck
//	                                     └ page looks wrong? the walker reads it too, the judge keeps the better
//	                          pptx, odp: their XML
//	       <── frames ──────  progress, slides, deck
//
// The worker has a memory limit set by the kernel, no environment but what it is
// told, no way to write a file, and dies with its parent. The parent counts the
// seconds between frames and kills a worker that overstays; the next deck gets a new
// one. Both directions speak in bounded frames (protocol.go).
//
// Formats that only LibreOffice knows are turned into PDF by it, and pages without
// text are recognized by tesseract, where these programs are installed (office.go,
// ocr.go): they too run under limits, in a process group that is killed as a whole.
//
// # What it must not know
//
// No network, no database, no clock but for deadlines, and nothing of talks: a Deck is
// told by its bytes alone, so two talks that link the same file share it.
//
// # Two texts
//
// Slide.Text is for people: as it was. Slide.Search is for the index: ligatures
// undone, words mended that a line end had cut, and without the running heads, feet
// and page numbers that stand on most slides and would match everything
// (searchtext.go).
package slides

// Version is the version of the reader. It grows with every change that makes a deck
// read differently, so that kept decks are read again.
const Version = 1
