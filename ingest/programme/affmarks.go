package programme

import (
	"regexp"
	"strings"

	"rostrum/archive"
)

// Papers mark people with raised numbers and tell below what they stand for:
// "Jane Doe¹, John Roe²" and "¹ KTH, ² Inria".
var (
	legendRE = regexp.MustCompile(`([⁰¹²³⁴⁵⁶⁷⁸⁹]+)\s*([^⁰¹²³⁴⁵⁶⁷⁸⁹;]{2,120})`)
	markedRE = regexp.MustCompile(`([^⁰¹²³⁴⁵⁶⁷⁸⁹,;]+?)\s?([⁰¹²³⁴⁵⁶⁷⁸⁹]+)`)
)

// readLegend finds what the raised numbers of the page stand for; nil when it
// does not say.
func (r *reader) readLegend() map[string]passage {
	out := map[string]passage{}
	for i := range r.pieces {
		p := &r.pieces[i]
		first := strings.IndexAny(p.text, "⁰¹²³⁴⁵⁶⁷⁸⁹")
		if first != 0 || len(p.text) > 2000 {
			continue
		}
		for _, m := range legendRE.FindAllStringSubmatch(p.text, 60) {
			if org := strings.Trim(m[2], " ,.;:"); org != "" && out[m[1]].words == "" {
				out[m[1]] = passage{org, i}
			}
		}
	}
	if len(out) < 2 || r.off("marks") {
		return nil
	}
	return out
}

// resolveMarks gives people where they belong by the raised numbers behind their names.
func (r *reader) resolveMarks(d *draft, legend map[string]passage) {
	if legend == nil {
		return
	}
	for _, i := range d.peopleAt {
		for _, m := range markedRE.FindAllStringSubmatch(r.pieces[i].text, 100) {
			name := fold(cleanName(strings.TrimSpace(m[1])))
			for k := range d.item.Speakers {
				if org := legend[m[2]]; setMark(&d.item.Speakers[k], name, org.words) {
					d.from[inCredit(k, "affiliation")] = at(org.piece)
				}
			}
		}
	}
}

// setMark says whether the name was that of c, who lacked an institution until now.
func setMark(c *archive.Credit, name, org string) bool {
	if f := fold(c.Name); org != "" && c.Affiliation == "" && f != "" && (f == name || strings.HasSuffix(name, " "+f)) {
		c.Affiliation = org
		return true
	}
	return false
}
