package search

import (
	"time"

	"rostrum/archive"
)

// Sort is the order of Results.
type Sort string

// The orders. ByRelevance of a query without words is ByNewest.
const (
	ByRelevance Sort = "relevance"
	ByNewest    Sort = "newest"
	ByOldest    Sort = "oldest"
)

// ParseSort returns the Sort of that name, and ByRelevance for any other text.
func ParseSort(s string) Sort {
	switch Sort(s) {
	case ByNewest, ByOldest:
		return Sort(s)
	}
	return ByRelevance
}

// Request is a search to be done.
type Request struct {
	Query  Query
	Limit  int // hits to return; 0 is 20, at most 1000
	Offset int // hits to skip
	Sort   Sort
	Facets bool   // count facets too
	Whole  string // the facet of which many values are wanted, "" none
	// Exact turns the correction of typing errors off, for whoever says
	// "search instead for".
	Exact bool
}

// Results is what a search found.
type Results struct {
	// Total is how many talks match in all.
	Total int
	Hits  []Hit
	// Facets are counted over all that match, in the order in which a page
	// shows them; nil when they were not asked for.
	Facets []Facet
	// Instead is the corrected query that was searched because little was
	// found for the one asked; nil when nothing was corrected.
	Instead *Query
	// Named are the people, topics, series and editions that the whole query is
	// the name of; nil when there are none.
	Named []Named
	// Ways lead on where nothing was found and, where hardly anything was, to
	// what may have been meant; nil where there are none.
	Ways []Way
	// Hints are those of the query, and what searching it met.
	Hints []Hint
	// Revision is how far the index had followed the truth.
	Revision archive.Revision
	Took     time.Duration

	marker *Marker
}

// Hit is one talk that matches.
type Hit struct {
	Talk  archive.TalkID
	Score float64
	// Fields are the parts of the talk where words of the query stand, the
	// most telling first. OnlySlides says that they stand on slides alone.
	Fields     []Field
	OnlySlides bool
	// Slides are the slides that match best, the best first; at most maxHitSlides.
	Slides []SlideHit
}

// SlideHit is a slide that matches.
type SlideHit struct {
	Deck   int // index in Talk.Decks
	Number int // from 1
	Score  float64
}

// maxHitSlides bounds the slides named in one Hit.
const maxHitSlides = 8

// Facet is a property of talks with the values that those found have.
type Facet struct {
	Name   string // as in the query language: "year"
	Values []FacetValue
	// More is how many further values there are.
	More int
}

// FacetValue is one value of a Facet.
type FacetValue struct {
	Value    string // for Query.With and Query.Without
	Label    string // for people
	Count    int
	Selected bool // the query demands it
}

// Marker returns what marks the query's words in texts.
func (r Results) Marker() *Marker {
	if r.marker == nil {
		return &Marker{}
	}
	return r.marker
}
