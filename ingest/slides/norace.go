//go:build !race

package slides

// underRace says that the race detector is built in.
const underRace = false
