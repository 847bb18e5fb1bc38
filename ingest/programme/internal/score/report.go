package score

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Result is how well one page was read.
type Result struct {
	Name  string
	Tally Tally
}

// Report is how well a set of pages was read.
type Report struct {
	Results []Result
	Total   Tally
}

// NewReport sums results up.
func NewReport(results []Result) Report {
	total := make(Tally)
	for _, r := range results {
		for field, c := range r.Tally {
			total.add(field, c.Hit, c.Missed, c.Extra)
		}
	}
	return Report{Results: results, Total: total}
}

// Figures are named rows of numbers: "field speakers" has precision, recall and
// F1, "case x" has overall and item F1, "overall", "mean case" and "worst case"
// have one.
type Figures []Row

// Row is one row of Figures.
type Row struct {
	Name   string
	Values []float64
}

// Figures returns the report's figures.
func (r Report) Figures() Figures {
	var rows Figures
	for _, f := range r.Total.Fields() {
		p, rec, f1 := r.Total[f].Figures()
		rows = append(rows, Row{"field " + f, []float64{p, rec, f1}})
	}
	sum, worst := 0.0, math.Inf(1)
	for _, c := range r.Results {
		_, _, item := c.Tally["item"].Figures()
		overall := c.Tally.Overall()
		sum += overall
		worst = min(worst, overall)
		rows = append(rows, Row{"case " + c.Name, []float64{overall, item}})
	}
	if len(r.Results) > 0 {
		rows = append(rows, Row{"mean case", []float64{sum / float64(len(r.Results))}}, Row{"worst case", []float64{worst}})
	}
	return append(rows, Row{"overall", []float64{r.Total.Overall()}})
}

// String returns the figures as a table, three decimals each, in the form that
// ParseFigures reads.
func (f Figures) String() string {
	width := 0
	for _, row := range f {
		width = max(width, len(row.Name))
	}
	var b strings.Builder
	for _, row := range f {
		fmt.Fprintf(&b, "%-*s", width, row.Name)
		for _, v := range row.Values {
			fmt.Fprintf(&b, "  %.3f", v)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// ParseFigures reads what Figures.String wrote. Empty lines and lines that
// begin with "#" are passed over.
func ParseFigures(data []byte) (Figures, error) {
	var out Figures
	lines := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		words := strings.Fields(line)
		row := Row{}
		for len(words) > 0 {
			v, err := strconv.ParseFloat(words[len(words)-1], 64)
			if err != nil {
				break
			}
			row.Values = append(row.Values, v)
			words = words[:len(words)-1]
		}
		if len(words) == 0 || len(row.Values) == 0 {
			return nil, fmt.Errorf("line %d: want a name and figures, got %q", n, line)
		}
		slices.Reverse(row.Values)
		row.Name = strings.Join(words, " ")
		out = append(out, row)
	}
	return out, nil
}

// Change is a row whose figures moved; Old or New is nil where there is none.
type Change struct {
	Name     string
	Old, New []float64
}

// String shows the change as "+0.012 case x 0.800 → 0.812", by the last figure
// for a field (its F1) and the first one else.
func (c Change) String() string {
	if c.Old == nil || c.New == nil {
		return fmt.Sprintf("        %s: %s → %s", c.Name, show(c.Old), show(c.New))
	}
	at := 0
	if strings.HasPrefix(c.Name, "field ") {
		at = min(len(c.Old), len(c.New)) - 1
	}
	return fmt.Sprintf("%+.3f  %s: %s → %s", c.New[at]-c.Old[at], c.Name, show(c.Old), show(c.New))
}

func show(values []float64) string {
	if values == nil {
		return "none"
	}
	var words []string
	for _, v := range values {
		words = append(words, strconv.FormatFloat(v, 'f', 3, 64))
	}
	return strings.Join(words, " ")
}

// Diff returns the rows in which f and old differ by more than tolerance, and
// those that only one of them has.
func (f Figures) Diff(old Figures, tolerance float64) []Change {
	before := make(map[string][]float64, len(old))
	for _, row := range old {
		before[row.Name] = row.Values
	}
	var out []Change
	for _, row := range f {
		was, ok := before[row.Name]
		delete(before, row.Name)
		if !ok || !slices.EqualFunc(was, row.Values, func(a, b float64) bool { return math.Abs(a-b) <= tolerance }) {
			out = append(out, Change{row.Name, was, row.Values})
		}
	}
	for _, row := range old {
		if was, gone := before[row.Name]; gone {
			out = append(out, Change{row.Name, was, nil})
		}
	}
	return out
}
