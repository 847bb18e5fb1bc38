package aside

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// Self names the file of this program, also when it was replaced since the program began.
func Self() (string, error) { return "/proc/self/exe", nil }

// lower gives this process the priority of what runs when nothing else wants to: from
// such a thread the kernel takes the core at once when another wakes, while one
// that is only nice may keep it to the end of its slice, of some milliseconds. In
// Linux that is each thread's own, and new ones have that of the thread that begot
// them: once all are met twice none is left out. Where it is not to be had, it is
// as nice as can be, and works on in any case.
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
			idle := unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_IDLE}
			if unix.SchedSetAttr(id, &idle, 0) != nil {
				_ = unix.Setpriority(unix.PRIO_PROCESS, id, nicest) // or the thread has ended
			}
		}
	}
}

const nicest = 19
