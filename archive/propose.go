package archive

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// PersonTraits is what speaks for or against two people being one.
type PersonTraits struct {
	ID           PersonID
	Names        []string // as printed, distinct
	Affiliations []string
	URLs         []string
	Series       []SeriesID
	Editions     []EditionID
	Talks        []TalkID
	With         []PersonID // who stood on a talk with them
	FirstYear    int        // 0 when no date is known
	LastYear     int
}

// Proposal says that two people may be one, with what speaks for and against.
type Proposal struct {
	A, B    PersonID
	Score   float64 // from 0 to 1
	Reasons []string
	Against []string
}

// The scores from which on a proposal is worth a look, and from which on it
// can be followed unseen.
const (
	ProposeAt = 0.5
	MergeAt   = 0.95
)

// ComparePeople weighs whether two people are one. The score is 0 when it
// cannot be: they stood on one talk under two names, or have two ORCIDs.
func ComparePeople(a, b PersonTraits) Proposal {
	return compare(a, b, wordsOfNames(a), wordsOfNames(b))
}

func wordsOfNames(p PersonTraits) [][]string {
	list := make([][]string, len(p.Names))
	for i, name := range p.Names {
		list[i] = NameWords(name)
	}
	return list
}

// compare is ComparePeople over names whose words are known.
func compare(a, b PersonTraits, wordsA, wordsB [][]string) Proposal {
	p := Proposal{A: a.ID, B: b.ID}
	name := nameLikeness{}
	for _, x := range wordsA {
		for _, y := range wordsB {
			if l := likeNames(x, y); l.score > name.score {
				name = l
			}
		}
	}
	if id := commonORCID(a, b); id != "" && name.score < 0.45 {
		// Of another alphabet, or of another family: no spelling tells.
		name = nameLikeness{0.45, "one ORCID, though the names differ"}
	}
	if name.score == 0 {
		return p
	}
	for _, x := range a.Talks {
		if slices.Contains(b.Talks, x) {
			p.Against = append(p.Against, "both stand on one talk")
			return p
		}
	}
	p.Reasons = append(p.Reasons, name.reason)
	p.Score = name.score
	if !p.identity(a, b) {
		p.Score = 0
		return p
	}
	p.affiliation(a, b)
	p.company(a, b)
	p.years(a, b)
	p.Score = min(max(p.Score, 0), 1)
	return p
}

// commonORCID returns an ORCID that two people have in common; "" when none.
func commonORCID(a, b PersonTraits) string {
	for _, x := range a.URLs {
		id := identity(x)
		if strings.HasPrefix(id, "orcid.org/") && slices.ContainsFunc(b.URLs, func(y string) bool { return identity(y) == id }) {
			return id
		}
	}
	return ""
}

// identity weighs addresses that stand for people; false when they rule it out.
func (p *Proposal) identity(a, b PersonTraits) bool {
	for _, x := range a.URLs {
		for _, y := range b.URLs {
			if differentIdentity(x, y) {
				p.Against = append(p.Against, "two ORCIDs")
				return false
			}
		}
	}
	for _, x := range a.URLs {
		for _, y := range b.URLs {
			if sameIdentity(x, y) {
				p.Score += 0.45
				p.Reasons = append(p.Reasons, "the same address "+x)
				return true
			}
		}
	}
	return true
}

func (p *Proposal) affiliation(a, b PersonTraits) {
	if len(a.Affiliations) == 0 || len(b.Affiliations) == 0 {
		return
	}
	differ := true
	for _, x := range a.Affiliations {
		for _, y := range b.Affiliations {
			if sameAffiliation(x, y) {
				p.Score += 0.2
				p.Reasons = append(p.Reasons, "the same affiliation "+x)
				return
			}
			differ = differ && differentAffiliation(x, y)
		}
	}
	if differ {
		p.Score -= 0.15
		p.Against = append(p.Against, "other affiliations")
	}
}

// company weighs whom they stood with and where. One edition prints a name in
// one way: two ways in one are two people more often than not.
func (p *Proposal) company(a, b PersonTraits) {
	common := 0
	for _, x := range a.With {
		if slices.Contains(b.With, x) {
			common++
		}
	}
	if common > 0 {
		p.Score += 0.2
		p.Reasons = append(p.Reasons, fmt.Sprintf("%d of the same co-speakers", common))
	}
	if slices.Contains(a.With, b.ID) || slices.Contains(b.With, a.ID) {
		p.Score -= 0.5
		p.Against = append(p.Against, "they stood on a talk together")
	}
	if slices.ContainsFunc(a.Editions, func(e EditionID) bool { return slices.Contains(b.Editions, e) }) {
		p.Score -= 0.3
		p.Against = append(p.Against, "both at one edition")
		return
	}
	if slices.ContainsFunc(a.Series, func(s SeriesID) bool { return slices.Contains(b.Series, s) }) {
		p.Score += 0.1
		p.Reasons = append(p.Reasons, "the same series")
	}
}

func (p *Proposal) years(a, b PersonTraits) {
	if a.FirstYear == 0 || b.FirstYear == 0 {
		return
	}
	apart := max(a.FirstYear-b.LastYear, b.FirstYear-a.LastYear)
	if apart > 15 {
		p.Score -= 0.15
		p.Against = append(p.Against, fmt.Sprintf("%d years apart", apart))
	}
}

// maxBlock bounds how many people of one rare name part are weighed against
// each other; a part that more bear tells nobody apart.
const maxBlock = 400

// ProposePeople finds the pairs among people that may be one, the surest
// first. Pairs that apart says yes to are left out: somebody has looked.
func ProposePeople(people []PersonTraits, apart func(a, b PersonID) bool) []Proposal {
	blocks := map[string][]int{}
	words := make([][][]string, len(people))
	for i, p := range people {
		words[i] = wordsOfNames(p)
		seen := map[string]bool{}
		for _, u := range p.URLs {
			if id := identity(u); strings.HasPrefix(id, "orcid.org/") && !seen[id] {
				seen[id] = true
				blocks[id] = append(blocks[id], i)
			}
		}
		for _, name := range words[i] {
			for _, k := range nameBlocks(name) {
				if !seen[k] {
					seen[k] = true
					blocks[k] = append(blocks[k], i)
				}
			}
		}
	}
	var list []Proposal
	weighed := map[[2]int]bool{}
	weigh := func(a, b int) {
		pair := [2]int{min(a, b), max(a, b)}
		if a == b || weighed[pair] {
			return
		}
		weighed[pair] = true
		p := compare(people[pair[0]], people[pair[1]], words[pair[0]], words[pair[1]])
		if p.Score >= ProposeAt && !apart(p.A, p.B) {
			list = append(list, p)
		}
	}
	for _, members := range blocks {
		if len(members) > maxBlock {
			continue
		}
		for i, a := range members {
			for _, b := range members[i+1:] {
				weigh(a, b)
			}
		}
	}
	singleNames(words, weigh)
	list = rivals(list, people)
	slices.SortFunc(list, func(x, y Proposal) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
	return list
}

// rivals keeps from being merged unseen those who are as like two people who
// are not like each other: a "Nate" is not both Nathaniel J. and Nathaniel K.
func rivals(list []Proposal, people []PersonTraits) []Proposal {
	at := map[PersonID]int{}
	for i, p := range people {
		at[p.ID] = i
	}
	sure := map[PersonID][]PersonID{}
	for _, p := range list {
		if p.Score >= MergeAt {
			sure[p.A], sure[p.B] = append(sure[p.A], p.B), append(sure[p.B], p.A)
		}
	}
	contested := map[PersonID]bool{}
	for who, others := range sure {
		for i, x := range others {
			for _, y := range others[i+1:] {
				if ComparePeople(people[at[x]], people[at[y]]).Score < ProposeAt {
					contested[who] = true
				}
			}
		}
	}
	for i, p := range list {
		if p.Score >= MergeAt && (contested[p.A] || contested[p.B]) {
			list[i].Score = 0.9
			list[i].Against = append(p.Against, "somebody else is as like")
		}
	}
	return list
}

// singleNames weighs those who go by one word against all who have that word
// in their name.
func singleNames(people [][][]string, weigh func(a, b int)) {
	single := map[string][]int{}
	for i, names := range people {
		for _, words := range names {
			if len(words) == 1 {
				single[words[0]] = append(single[words[0]], i)
			}
		}
	}
	for i, names := range people {
		for _, words := range names {
			for _, w := range words {
				if len(single[w]) <= maxBlock {
					for _, other := range single[w] {
						weigh(i, other)
					}
				}
			}
		}
	}
}

// nameBlocks are the keys under which names that may be one human's find each
// other: each word's skeleton with the initial of another, familiar forms of
// it included, and the whole without spaces.
func nameBlocks(words []string) []string {
	if len(words) == 0 {
		return nil
	}
	keys := []string{"whole:" + skeleton(umlauts(strings.Join(words, "")))}
	for i, w := range words {
		if len(w) < 2 {
			continue
		}
		bones := []string{skeleton(umlauts(w))}
		if other := skeleton(umlauts(shortVowels(w))); other != bones[0] {
			bones = append(bones, other)
		}
		for j, o := range words {
			if i == j {
				continue
			}
			for _, bone := range bones {
				keys = append(keys, bone+":"+initial(o))
				for _, first := range familiarInitials[o] {
					keys = append(keys, bone+":"+first)
				}
			}
		}
	}
	return keys
}

// initial evens out the first letters that transliterations differ in.
func initial(w string) string {
	w = halfVowels.Replace(w)
	_, size := utf8.DecodeRuneInString(w)
	return w[:size]
}

// familiarInitials are the initials of the familiar forms of a given name.
var familiarInitials = func() map[string][]string {
	of := map[string][]string{}
	for _, group := range familiarForms {
		for _, name := range group {
			for _, form := range group {
				if first := initial(form); !slices.Contains(of[name], first) {
					of[name] = append(of[name], first)
				}
			}
		}
	}
	return of
}()
