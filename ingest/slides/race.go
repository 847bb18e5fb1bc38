//go:build race

package slides

// underRace says that the race detector is built in. It takes terabytes of address
// space and many times the memory, and ends a process that is not given them, so under
// it workers have no limit of memory.
const underRace = true
