package aside

import (
	"errors"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// Self names the file of this program, also when it was replaced since the program began.
func Self() (string, error) { return "/proc/self/exe", nil }

// niceness is the priority of a worker, from 0, that of all others, to 19. At 15
// it has 3 of 100 parts of a core that others want all the time, so that it comes
// to an end even then; SCHED_IDLE would leave it a tenth of that.
const niceness = 15

// lower gives this process its priority. In Linux that is each thread's own, and
// new ones have that of the thread that begot them: once all are met twice none is
// left out. Where it is not allowed, work goes on as it is.
func lower() {
	met := map[string]bool{}
	for fresh := true; fresh; {
		fresh = false
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return
		}
		for _, t := range threads {
			id, err := strconv.Atoi(t.Name())
			if err != nil || met[t.Name()] {
				continue
			}
			if err := unix.Setpriority(unix.PRIO_PROCESS, id, niceness); err != nil && !errors.Is(err, unix.ESRCH) {
				return
			}
			met[t.Name()], fresh = true, true
		}
	}
}
