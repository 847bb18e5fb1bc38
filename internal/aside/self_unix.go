//go:build unix && !linux

package aside

import (
	"os"

	"golang.org/x/sys/unix"
)

// Self names the file of this program.
func Self() (string, error) { return os.Executable() }

// lower gives this process a low priority. Where it is not allowed, work goes on as
// it is.
func lower() { _ = unix.Setpriority(unix.PRIO_PROCESS, 0, 10) }
