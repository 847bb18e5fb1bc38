package stock_test

import (
	"bytes"
	"runtime"
	"testing"

	"rostrum/internal/stock"
)

func TestStockKeepsOverCollections(t *testing.T) {
	var s stock.Stock[*int]
	if one, ok := s.Take(); ok || one != nil {
		t.Fatalf("an empty one lends %v", one)
	}
	a, b := new(int), new(int)
	s.Return(a)
	s.Return(b)
	for range 3 {
		runtime.GC()
	}
	for _, want := range []*int{b, a} {
		if got, ok := s.Take(); !ok || got != want {
			t.Errorf("lends %p, want %p", got, want)
		}
	}
	if _, ok := s.Take(); ok {
		t.Error("lends one twice")
	}
}

func TestStockIsBounded(t *testing.T) {
	var s stock.Stock[int]
	for i := range 100 {
		s.Return(i)
	}
	kept := 0
	for _, ok := s.Take(); ok; _, ok = s.Take() {
		kept++
	}
	if kept != 8 {
		t.Errorf("keeps %d", kept)
	}
}

func TestBuffersComeBackEmptyAndSmall(t *testing.T) {
	var s stock.Buffers
	for size, kept := range map[int]bool{1000: true, 1<<20 + 1: false} {
		b := s.Take()
		b.Write(bytes.Repeat([]byte("x"), size))
		s.Return(b)
		got := s.Take()
		if got.Len() != 0 || (got == b) != kept {
			t.Errorf("after %d bytes: has %d, the same %t", size, got.Len(), got == b)
		}
	}
}
