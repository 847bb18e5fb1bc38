package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"
)

// Pages are made in the order asked, no more at once than have a place. One that
// takes long is passed by, and gives back its own place alone when it ends; one
// that fails gives it back too; one that nobody waits for any more leaves the line.
func TestPagesStandInLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock is the bubble's: it moves when all wait
		l, e, began := make(line, 1), echo.New(), time.Now()
		var made []string
		var mu sync.Mutex
		var all sync.WaitGroup
		failed := errors.New("failed")
		ask := func(name string, takes, patience time.Duration, want, answer error) {
			page := l.pass(func(echo.Context) error {
				mu.Lock()
				made = append(made, fmt.Sprintf("%s at %v", name, time.Since(began)))
				mu.Unlock()
				time.Sleep(takes)
				return answer
			})
			all.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/search", nil)
				if err := page(e.NewContext(r, httptest.NewRecorder())); !errors.Is(err, want) {
					t.Errorf("%s answers %v, not %v", name, err, want)
				}
			})
			synctest.Wait() // until it is in line
		}
		ask("short", longPage/5, time.Hour, nil, nil)
		ask("long", 10*longPage, time.Hour, nil, nil)
		ask("hurried", 0, longPage/10, errTooMuch, nil)
		ask("failing", longPage/5, time.Hour, failed, failed)
		ask("next", longPage/5, time.Hour, nil, nil)
		time.Sleep(10 * longPage) // "long" ends while "late" is made
		ask("late", longPage/2, time.Hour, nil, nil)
		ask("last", 0, time.Hour, nil, nil)
		all.Wait()
		want := []string{"short at 0s", "long at 10ms", "failing at 60ms", "next at 70ms", "late at 500ms", "last at 525ms"}
		if diff := cmp.Diff(want, made); diff != "" || len(l) != 0 {
			t.Errorf("%d still in line; made (-want +got):\n%s", len(l), diff)
		}
	})
}
