//go:build !linux

package slides

import "context"

// withLinearMemory leaves WebAssembly its own way of growing memory.
func withLinearMemory(ctx context.Context) context.Context { return ctx }
