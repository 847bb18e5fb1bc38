package aside

import (
	"os"

	"golang.org/x/sys/windows"
)

// Self names the file of this program.
func Self() (string, error) { return os.Executable() }

// lower gives this process a low priority. Where it is not allowed, work goes on as
// it is.
func lower() {
	_ = windows.SetPriorityClass(windows.CurrentProcess(), windows.BELOW_NORMAL_PRIORITY_CLASS)
}
