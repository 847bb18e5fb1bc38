package archive

import (
	"slices"
	"strconv"
	"strings"

	"rostrum/internal/fold"
)

// Year returns the year the edition is called by: the one in its title where
// there is just one, else the year it starts in; 0 when neither is known. The
// title goes first because dates are often those of an upload.
func (e EditionInfo) Year() int {
	if y := titleYear(e.Title); y != 0 {
		return y
	}
	return e.StartDate.Year()
}

func titleYear(title string) int {
	years := yearInTitle.FindAllString(title, -1)
	slices.Sort(years)
	years = slices.Compact(years)
	if len(years) != 1 {
		return 0
	}
	y, err := strconv.Atoi(years[0])
	if err != nil {
		return 0
	}
	return y
}

// EditionSegments returns what an edition of a series may be called in its
// address, best first: the year, then year and month, then the title's own words.
func EditionSegments(series string, info EditionInfo) []string {
	var names []string
	if y := info.Year(); y != 0 {
		names = append(names, strconv.Itoa(y))
		if info.StartDate.Valid() && info.StartDate.Year() == y {
			names = append(names, string(info.StartDate[:7]))
		}
	}
	own := fold.Slug(info.Title, 40)
	if rest := strings.Trim(strings.TrimPrefix(own, fold.Slug(series, 40)), "-"); rest != "" {
		own = rest
	}
	if own != "" {
		names = append(names, own)
	}
	return append(names, "edition")
}

// KnownEdition is an edition of the archive as MatchEdition weighs it.
type KnownEdition struct {
	Info EditionInfo // as last read, corrections left out
	// SameSource says that the source now read has spoken of this edition
	// before, in the same place of it.
	SameSource bool
	// Titles are those of the talks that somebody gives there.
	Titles []string
}

// MatchEdition returns which of the known editions of one series a programme
// speaks of, or -1 when it is a new one. An address may hold another edition
// next year, so a source that is known says little: another year is always
// another edition, and so are days that lie apart, unless nearly all its talks
// are the same, which means that the date was misread or mistyped.
//
// Where nothing names a year, the talks decide: two full programmes that hardly
// share a talk are two editions, whatever they are called and wherever they stood.
func MatchEdition(known []KnownEdition, info EditionInfo, titles []string) int {
	best, bestScore := -1, 0
	for i, k := range known {
		if (k.Info.Year() == 0 || info.Year() == 0) && apart(k.Titles, titles) {
			continue
		}
		if s := sameEdition(k, info, commonTitles(k.Titles, titles)); s > bestScore {
			best, bestScore = i, s
		}
	}
	return best
}

// commonTitles is the share of the shorter list's telling titles that the
// other has; 0 when there are too few to tell.
func commonTitles(a, b []string) float64 {
	ka, kb := titleSet(a), titleSet(b)
	if len(ka) > len(kb) {
		ka, kb = kb, ka
	}
	if len(ka) < 3 {
		return 0
	}
	common := 0
	for k := range ka {
		if kb[k] {
			common++
		}
	}
	return float64(common) / float64(len(ka))
}

// apart says whether two lists have both titles enough to tell, and hardly any
// in common. A programme that grows keeps what it had.
func apart(a, b []string) bool {
	const enough = 4
	return len(titleSet(a)) >= enough && len(titleSet(b)) >= enough && commonTitles(a, b) <= 0.2
}

func titleSet(titles []string) map[string]bool {
	set := map[string]bool{}
	for _, t := range titles {
		if words := fold.Words(t); !vagueTitle(words) {
			set[strings.Join(words, " ")] = true
		}
	}
	return set
}

// sameEdition weighs: 0 is another edition.
func sameEdition(k KnownEdition, info EditionInfo, common float64) int {
	a, b := k.Info, info
	if k.SameSource && common >= 0.8 {
		return 20
	}
	if ya, yb := a.Year(), b.Year(); ya != 0 && yb != 0 && ya != yb {
		return 0
	}
	ta, tb := fold.Key(a.Title), fold.Key(b.Title)
	dated := a.StartDate.Valid() && b.StartDate.Valid()
	score := 0
	if k.SameSource {
		score += 2
	}
	if ta == tb && ta != "" {
		score += 3
	}
	if common >= 0.6 {
		score += 3
	}
	switch {
	case dated && overlap(a, b):
		score += 4
	case dated:
		// Days apart in one year: the spring and the autumn meeting, unless
		// the title is the same and names the year itself.
		if titleYear(a.Title) == 0 || ta != tb {
			return 0
		}
	case a.Year() != 0 && a.Year() == b.Year():
		score += 2
	case ta != tb && common < 0.6:
		return 0
	}
	if score < 3 {
		return 0
	}
	// Two gatherings of one series on the same days (a city each) have titles
	// that differ in more than the year.
	if ta != tb && !k.SameSource && common < 0.6 && distinctTitles(a, b) {
		return 0
	}
	return score
}

// distinctTitles says whether each of two titles has a word that the other
// lacks, their series' common words and years left out.
func distinctTitles(a, b EditionInfo) bool {
	wa, wb := fold.Words(SeriesName(a.Title)), fold.Words(SeriesName(b.Title))
	return lacks(wa, wb) && lacks(wb, wa) && placesDiffer(a, b)
}

func placesDiffer(a, b EditionInfo) bool {
	return a.City == "" || b.City == "" || fold.Key(a.City) != fold.Key(b.City)
}

func lacks(a, b []string) bool {
	return slices.ContainsFunc(a, func(w string) bool { return !slices.Contains(b, w) })
}

// overlap says whether the days of two dated editions touch.
func overlap(a, b EditionInfo) bool {
	endA, endB := a.EndDate, b.EndDate
	if !endA.Valid() || endA < a.StartDate {
		endA = a.StartDate
	}
	if !endB.Valid() || endB < b.StartDate {
		endB = b.StartDate
	}
	return a.StartDate <= endB && b.StartDate <= endA
}
