package archive_test

import (
	"testing"

	"rostrum/archive"
)

func TestCalled(t *testing.T) {
	for want, e := range map[string]archive.EditionSummary{
		"Kiln Days at last": {Edition: archive.Edition{ID: "kiln-days/2024", Title: "Kiln Days at last", StartDate: "2024-05-01"}, SeriesName: "Kiln Days"},
		"Kiln Days 2024":    {Edition: archive.Edition{ID: "kiln-days/2024", StartDate: "2024-05-01"}, SeriesName: "Kiln Days"},
		"Kiln Days":         {Edition: archive.Edition{ID: "kiln-days/1"}, SeriesName: "Kiln Days"},
		"kiln-days/1":       {Edition: archive.Edition{ID: "kiln-days/1"}},
	} {
		if got := e.Called(); got != want {
			t.Errorf("%+v is called %q, want %q", e, got, want)
		}
	}
}
