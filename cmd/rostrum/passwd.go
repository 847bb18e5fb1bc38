package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"rostrum/internal/passwd"
)

// organizersFile holds who may sign in at the desk, readable by its owner alone.
func (a *app) organizersFile() string { return filepath.Join(a.data, "organizers") }

func newPasswd(a *app) *cobra.Command {
	remove, fromInput := false, false
	cmd := &cobra.Command{
		Use:   "passwd [NAME]",
		Short: "Set an organizer's password for the desk",
		Long: `Passwd sets the password by which an organizer signs in at /desk, where talks, editions and
people are corrected in the browser. What they decide stands in the history under their
NAME, which is yours when none is given. A changed password signs them out everywhere.`,
		Example: examples(`
rostrum passwd anna                          asks for the password, twice
rostrum passwd anna --stdin <password.txt
rostrum passwd anna --remove`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			name := a.caller()
			if len(args) == 1 {
				name = args[0]
			}
			if name == "" {
				return &misuseError{"whose password: nobody says who you are here, so give a NAME"}
			}
			if why := passwd.CheckName(name); why != "" {
				return &misuseError{why}
			}
			if remove && fromInput {
				return &misuseError{"--remove takes no password"}
			}
			return a.passwd(name, remove, fromInput)
		},
	}
	cmd.Flags().BoolVar(&remove, "remove", false, "let them sign in no more")
	cmd.Flags().BoolVar(&fromInput, "stdin", false, "read the password from standard input, one line")
	return cmd
}

func (a *app) passwd(name string, remove, fromInput bool) error {
	if _, err := os.Stat(a.data); err != nil {
		return hint(fmt.Errorf("there is no data folder %s", a.data), "rostrum add SOURCE makes one; --data or ROSTRUM_DATA names another")
	}
	password := ""
	if !remove {
		var err error
		if password, err = a.askPassword(name, fromInput); err != nil {
			return err
		}
		if why := passwd.CheckPassword(password); why != "" {
			return errors.New(why)
		}
	}
	had, err := passwd.Set(a.organizersFile(), name, password)
	if err != nil {
		return fmt.Errorf("keep the password of %s: %w", name, err)
	}
	switch {
	case remove && !had:
		return fmt.Errorf("%s has no password", printable(name))
	case remove:
		fmt.Fprintf(a.out, "%s can sign in no more\n", printable(name))
	case had:
		fmt.Fprintf(a.out, "%s has a new password\n", printable(name))
	default:
		fmt.Fprintf(a.out, "%s can sign in at /desk\n", printable(name))
	}
	return nil
}

// askPassword reads a password twice from the terminal, or once from a file
// that is piped in.
func (a *app) askPassword(name string, fromInput bool) (string, error) {
	if fromInput {
		line, err := bufio.NewReader(io.LimitReader(a.in, passwd.MaxPassword+2)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the password: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	terminal, ok := a.in.(*os.File)
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		return "", hint(errors.New("there is no terminal to ask for the password"), "--stdin reads it from standard input")
	}
	var typed [2]string
	for i, ask := range []string{"Password for " + printable(name) + ": ", "Again: "} {
		fmt.Fprint(a.err, ask)
		b, err := term.ReadPassword(int(terminal.Fd()))
		fmt.Fprintln(a.err)
		if err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}
		typed[i] = string(b)
	}
	if typed[0] != typed[1] {
		return "", errors.New("the two are not the same")
	}
	return typed[0], nil
}
