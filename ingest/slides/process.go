package slides

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"

	"rostrum/internal/aside"
)

// process is a worker as its parent sees it. One job at a time.
type process struct {
	cmd    *exec.Cmd
	wire   *wire
	in     *os.File // the parent's end of what the worker reads
	out    *os.File // and of what it writes
	stderr *aside.Opening
	path   string                 // of the deck it read last, which it may hold open
	jobs   int                    // it was given
	gone   func(*os.ProcessState) // is told when the process has ended; may be nil

	lookedAt time.Time     // when its CPU time was looked at last
	used     time.Duration // and what it was
}

// deathError is a worker that ended without a whole answer.
type deathError struct {
	reason    string // one plain sentence
	retryable bool
	last      progress // what it was doing
}

func (e *deathError) Error() string { return e.reason }

// nursery starts processes from one thread that lives as long as it does. The kernel
// kills a child when the thread that started it ends, not the process; the runtime
// may end threads whenever it likes.
type nursery struct {
	births chan func()
	gone   chan struct{}
}

func newNursery() *nursery {
	n := &nursery{births: make(chan func()), gone: make(chan struct{})}
	go func() {
		defer close(n.gone)
		runtime.LockOSThread() // never unlocked: the thread ends with this goroutine
		for birth := range n.births {
			birth()
		}
	}()
	return n
}

func (n *nursery) start(cmd *exec.Cmd) error {
	result := make(chan error, 1)
	n.births <- func() { result <- cmd.Start() }
	return <-result
}

func (n *nursery) close() {
	close(n.births)
	<-n.gone
}

// command prepares this binary to run in the role.
func command(r role) (*exec.Cmd, *aside.Opening, error) {
	self, err := aside.Self()
	if err != nil {
		return nil, nil, fmt.Errorf("find this program: %w", err)
	}
	r.Parent = os.Getpid()
	value, err := json.Marshal(r)
	if err != nil {
		return nil, nil, err
	}
	stderr := &aside.Opening{}
	// Not CommandContext: the pool kills by deadline and group, and then waits.
	cmd := &exec.Cmd{
		Path: self, Args: []string{"rostrum-slides-" + r.Do}, Dir: os.TempDir(),
		Env: []string{workerVariable + "=" + string(value)}, Stderr: stderr, SysProcAttr: procAttr(),
		WaitDelay: 2 * time.Second,
	}
	if root := os.Getenv("SYSTEMROOT"); root != "" {
		cmd.Env = append(cmd.Env, "SYSTEMROOT="+root)
	}
	return cmd, stderr, nil
}

// startWorker starts a worker and waits until it is ready.
func startWorker(ctx context.Context, n *nursery, r role, patience time.Duration) (*process, error) {
	cmd, stderr, err := command(r)
	if err != nil {
		return nil, err
	}
	childIn, in, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make pipe: %w", err)
	}
	out, childOut, err := os.Pipe()
	if err != nil {
		childIn.Close()
		in.Close()
		return nil, fmt.Errorf("make pipe: %w", err)
	}
	cmd.ExtraFiles = []*os.File{childIn, childOut}
	err = n.start(cmd)
	childIn.Close()
	childOut.Close()
	if err != nil {
		in.Close()
		out.Close()
		return nil, fmt.Errorf("start slides worker: %w", err)
	}
	p := &process{cmd: cmd, wire: newWire(out, in), in: in, out: out, stderr: stderr}
	if err := p.awaitReady(ctx, patience); err != nil {
		p.kill()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("start slides worker: %w: %s", err, stderr)
	}
	return p, nil
}

func (p *process) awaitReady(ctx context.Context, patience time.Duration) error {
	stop := p.heed(ctx)
	defer stop()
	if err := p.out.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	kind, _, err := p.wire.receive()
	if err == nil && kind != frameReady {
		err = errFrame
	}
	return err
}

// heed makes waiting for the worker end when the context does.
func (p *process) heed(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, func() { p.out.Close() })
}

// do has the worker do a job. After an error the process is dead and gone; a
// *deathError says what it died of, any other error is the context's.
func (p *process) do(ctx context.Context, j job, whole, step time.Duration) (answer, error) {
	stop := p.heed(ctx)
	var c collector
	p.path = j.Path
	p.jobs++
	err := p.exchange(j, &c, time.Now().Add(whole), step)
	heeded := !stop() // then the pipe is closed, whatever came through it before
	if err == nil {
		switch {
		case heeded:
			p.kill()
		case c.tired:
			p.end()
		}
		return c.answer, nil
	}
	late := errors.Is(err, os.ErrDeadlineExceeded)
	p.kill()
	if ctx.Err() != nil {
		return answer{}, ctx.Err()
	}
	death := &deathError{last: c.last, reason: "the reader stopped while reading it", retryable: false}
	switch {
	case late:
		death.reason, death.retryable = "reading it takes longer than is allowed", true
	case p.stderr.SpeaksOf("out of memory"), p.stderr.SpeaksOf("cannot allocate memory"):
		death.reason, death.retryable = "reading it needs more memory than is allowed", true
	case errors.Is(err, errFrame):
		death.reason = "it holds more than is taken from one deck"
	}
	return answer{}, death
}

func (p *process) exchange(j job, c *collector, end time.Time, step time.Duration) error {
	if err := p.in.SetWriteDeadline(end); err != nil {
		return err
	}
	if err := p.wire.sendNow(frameJob, j); err != nil {
		return err
	}
	for {
		kind, payload, err := p.patiently(end, step)
		if err != nil {
			return err
		}
		whole, err := c.take(kind, payload)
		if err != nil || whole {
			return err
		}
	}
}

// busyFactor is how many times as long as a step may take a worker may be waited for
// that the machine gives too little of its time: a step is meant as work done.
const busyFactor = 3

// patiently receives the next frame. A worker that gives no sign of life for a step is
// late when it had the CPU for all that time, or for several steps whatever it did.
func (p *process) patiently(end time.Time, step time.Duration) (frameKind, []byte, error) {
	began := time.Now()
	if began.Sub(p.lookedAt) > step/10 { // not at each frame: it costs more than a frame
		p.lookedAt, p.used = began, cpuSince(p.cmd.Process.Pid)
	}
	last := began.Add(busyFactor * step)
	if last.After(end) {
		last = end
	}
	for wait := step; ; {
		deadline := time.Now().Add(wait)
		if deadline.After(last) {
			deadline = last
		}
		if err := p.out.SetReadDeadline(deadline); err != nil {
			return 0, nil, err
		}
		// Nothing of a frame is lost by waiting for its first byte alone.
		_, err := p.wire.in.Peek(1)
		if err == nil {
			if err := p.out.SetReadDeadline(last); err != nil {
				return 0, nil, err
			}
			return p.wire.receive()
		}
		worked := cpuSince(p.cmd.Process.Pid) - p.used
		if !errors.Is(err, os.ErrDeadlineExceeded) || !time.Now().Before(last) || worked >= step*9/10 || p.used < 0 {
			return 0, nil, err
		}
		wait = max(step-worked, step/10)
	}
}

// kill ends the process at once.
func (p *process) kill() {
	killGroup(p.cmd.Process)
	p.end()
}

// end waits for a process that ends by itself once its pipe is closed.
func (p *process) end() {
	p.in.Close()
	p.out.Close()
	// How it ended is told by the frames that it gave or did not give.
	_ = p.cmd.Wait()
	if p.gone != nil {
		p.gone(p.cmd.ProcessState)
	}
}

// dead says whether the process has been waited for.
func (p *process) dead() bool { return p.cmd.ProcessState != nil }
