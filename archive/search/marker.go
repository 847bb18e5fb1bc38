package search

// Marker returns what marks a query's words in texts, without searching: for a
// page that shows one thing that was found before. It fails only when the
// index is closed.
func (ix *Index) Marker(q Query) (*Marker, error) {
	v, err := ix.acquire()
	if err != nil {
		return nil, err
	}
	defer v.release()
	return v.marker(ix.plan(v, q), &ix.stemmers), nil
}
