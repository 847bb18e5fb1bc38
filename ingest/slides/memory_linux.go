package slides

import (
	"context"

	"github.com/tetratelabs/wazero/experimental"
	"golang.org/x/sys/unix"
)

// withLinearMemory gives WebAssembly memory that grows in place. By default it is a
// slice that is copied into a larger one, so that for a moment both count against the
// worker's limit.
func withLinearMemory(ctx context.Context) context.Context {
	return experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(
		func(_, most uint64) experimental.LinearMemory {
			// Address space only: what may not be written does not count as data.
			space, err := unix.Mmap(-1, 0, int(most), unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON)
			if err != nil {
				return &linearMemory{}
			}
			return &linearMemory{space: space}
		}))
}

type linearMemory struct {
	space []byte // all that was reserved
	open  uint64 // so much of it may be used
}

// Reallocate opens more of the space. It returns nil when there is none, which
// WebAssembly sees as a refusal to grow.
func (m *linearMemory) Reallocate(size uint64) []byte {
	if size > uint64(len(m.space)) {
		return nil
	}
	if size > m.open {
		const step = 64 << 10
		end := min((size+step-1)/step*step, uint64(len(m.space)))
		if err := unix.Mprotect(m.space[:end], unix.PROT_READ|unix.PROT_WRITE); err != nil {
			return nil
		}
		m.open = end
	}
	return m.space[:size:size]
}

// Free gives the space back.
func (m *linearMemory) Free() {
	if m.space != nil {
		_ = unix.Munmap(m.space) // it was mapped; nothing is left to be done otherwise
	}
	m.space, m.open = nil, 0
}
