package search

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestRoundedRowsStayWhatTheyAre(t *testing.T) {
	t.Parallel()
	const dims = 16
	random := rand.New(rand.NewPCG(4, 5)) //nolint:gosec // the same numbers each time
	rows := make([]float32, 500*dims)     // the first all 0
	for i := dims; i < len(rows); i++ {
		rows[i] = float32(random.NormFloat64() * math.Pow(10, float64(i/dims%30-20)))
	}
	once := roundRows(rows, dims, nil).rows(dims, nil)
	for i, x := range rows {
		row := rows[i/dims*dims:][:dims]
		largest := max(slices.Max(row), -slices.Min(row))
		if off := math.Abs(float64(x - once[i])); off > float64(largest)/253 {
			t.Errorf("%g became %g, and %g is the largest of its row", x, once[i], largest)
		}
	}
	if twice := roundRows(once, dims, nil).rows(dims, nil); !slices.Equal(once, twice) {
		t.Error("rounded again they are others")
	}
	if none := roundRows(nil, 0, nil).rows(0, nil); len(none) != 0 {
		t.Errorf("of nothing: %v", none)
	}
}
