package millis_test

import (
	"encoding/json"
	"testing"
	"time"

	"rostrum/internal/millis"
)

func TestSpan(t *testing.T) {
	type report struct {
		Took millis.Span `json:"took_ms"`
		Left millis.Span `json:"left_ms,omitzero"`
	}
	for took, want := range map[time.Duration]string{
		0: `{"took_ms":0}`, 250 * time.Microsecond: `{"took_ms":0.25}`, 1500 * time.Millisecond: `{"took_ms":1500}`,
		26*time.Hour + time.Microsecond + 999: `{"took_ms":93600000.001}`, -time.Second: `{"took_ms":-1000}`,
	} {
		got, err := json.Marshal(report{Took: millis.Span{Duration: took}})
		if err != nil || string(got) != want {
			t.Errorf("%v: %s, %v, want %s", took, got, err, want)
		}
	}
}
