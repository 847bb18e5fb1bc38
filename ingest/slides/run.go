package slides

import (
	"bytes"
	"context"
	"errors"
	"fmt"
)

// outputBytes is how much of a program's output is kept.
const outputBytes = 8 << 20

// run runs a process of ours that needs no pipes (compiling, or becoming another
// program) until it ends or the context does; then it and all it started are killed.
// What it prints goes to output, if that is given.
func (p *Pool) run(ctx context.Context, r role, output *bytes.Buffer) error {
	cmd, stderr, err := command(r)
	if err != nil {
		return err
	}
	if output != nil {
		cmd.Stdout = &capped{output}
	}
	if err := p.nursery.start(cmd); err != nil {
		return fmt.Errorf("start: %w", err)
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

var errOutput = errors.New("the program prints too much")

// capped is a buffer with an end.
type capped struct{ *bytes.Buffer }

func (c *capped) Write(b []byte) (int, error) {
	if c.Len()+len(b) > outputBytes {
		return 0, errOutput
	}
	return c.Buffer.Write(b)
}
