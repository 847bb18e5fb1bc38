package aside

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// Self names the file of this program, also when it was replaced since the program began.
func Self() (string, error) { return "/proc/self/exe", nil }

// niceness is the priority of a worker, from 0, that of all others, to 19. At 10 it
// has a tenth of a core that others want all the time: what a person waits for
// must come to an end on a busy machine too. SCHED_IDLE would leave it 3 of 1,000
// parts, and is not felt less.
const niceness = 10

// slice is how long, in nanoseconds, a worker may keep a core that another wants: the
// least that there is. By itself it would be some milliseconds.
const slice = 100_000

// lower gives this process its priority. In Linux that is each thread's own, and
// new ones have that of the thread that begot them: once all are met twice none is
// left out. Where it is not to be had, it works on as it is.
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
			met[t.Name()], fresh = true, true
			wanted := unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_NORMAL, Nice: niceness, Runtime: slice}
			if unix.SchedSetAttr(id, &wanted, 0) != nil {
				_ = unix.Setpriority(unix.PRIO_PROCESS, id, niceness) // or the thread has ended
			}
		}
	}
}
