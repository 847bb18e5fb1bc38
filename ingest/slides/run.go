package slides

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"syscall"

	"rostrum/internal/aside"
)

// outputBytes is how much of a program's output is kept.
const outputBytes = 8 << 20

// run runs a process of ours that needs no pipes (compiling, or becoming another
// program) until it ends or the context does; then it and all it started are killed.
// What it prints goes to output, if that is given.
func (p *Pool) run(ctx context.Context, r role, output *bytes.Buffer) error {
	cmd, stderr, err := p.launch(r, output)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { killGroup(cmd.Process) })
	err = cmd.Wait()
	stop()
	killGroup(cmd.Process) // what it may have left behind
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && stderr.String() != "":
		return fmt.Errorf("%w: %s", err, stderr)
	}
	return err
}

// launch starts the process. Other people's programs have no business on the network
// either; where the kernel does not let us take it from them they run with it.
func (p *Pool) launch(r role, output *bytes.Buffer) (cmd *exec.Cmd, stderr *aside.Opening, err error) {
	ways := []*syscall.SysProcAttr{procAttr()}
	if r.Do == doRun {
		ways = append(noNetwork(), ways...)
	}
	for _, attr := range ways {
		if cmd, stderr, err = command(r); err != nil {
			return nil, nil, err
		}
		cmd.SysProcAttr = attr
		if output != nil {
			cmd.Stdout = &capped{output}
		}
		if err = p.nursery.start(cmd); err == nil {
			return cmd, stderr, nil
		}
	}
	return nil, nil, fmt.Errorf("start: %w", err)
}

var errOutput = errors.New("the program prints too much")

// capped is a buffer with an end.
type capped struct{ *bytes.Buffer }

func (c *capped) Write(b []byte) (int, error) {
	if c.Len()+len(b) > outputBytes {
		return 0, errOutput
	}
	return c.Buffer.Write(b)
}
