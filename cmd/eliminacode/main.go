// Command eliminacode runs the queue of a public office on a small board:
// buttons and keypads in, ticket printer and hall boards out, every moment of
// every ticket on disk.
//
// It reads settings, picks drivers, starts, waits and stops in order. No rule
// of the office is here: nothing in this folder asks what a ticket is.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"eliminacode/queue/journal"
)

// version is set by the linker.
var version = ""

func main() {
	os.Exit(program{in: os.Stdin, out: os.Stdout, errs: os.Stderr, machine: thisMachine()}.run(os.Args[1:]))
}

// A program is one run of the command.
type program struct {
	in   io.Reader
	out  io.Writer
	errs io.Writer
	// journal are the options of a journal opened for writing; a test may ask
	// for one that does not sync, to prove that another test would notice.
	journal journal.Options
	// machine is the one that check and device look at.
	machine machine
	// rehearsed is the box whose first run is rehearsed; nil for a real one.
	rehearsed *virtualBox
}

// Exit codes: 1 is a failure that the message explains, 2 a command line that
// makes no sense.
const (
	exitFailure = 1
	exitUsage   = 2
)

// errReported is a failure whose whole story was already printed.
var errReported = errors.New("already reported")

// usageError is a fault of the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// root is the whole command line.
func (p program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "eliminacode",
		Short: "The queue of a public office: tickets, calls, boards, waiting times",
		Long: "eliminacode runs the queue of a public office on a small board.\n" +
			"Try it with no hardware:  eliminacode demo",
		Version:       buildVersion(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.SetOut(p.out)
	root.SetErr(p.errs)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(p.init(), p.serve(), p.demo(), p.check(), p.device(), p.report(), p.simulate(), p.configCommand(), p.officeCommand(), p.procedureCommand(), p.clockCommand(), p.suspendCommand(), p.resumeCommand(), p.serviceCommand(), p.seriesCommand(), p.tokenCommand(), p.journalCommand(), p.restore(), p.privacyCommand(), p.versionCommand())
	exemplify(root)
	return root
}

func (p program) run(args []string) int {
	root := p.root()
	root.SetArgs(args)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errReported):
		return exitFailure
	}
	priority := ""
	if keptBySystemd(p.errs) {
		priority = priorityOf("ERROR")
	}
	fmt.Fprintln(p.errs, priority+"eliminacode:", strings.ReplaceAll(err.Error(), "\n", "\n"+priority))
	var usage usageError
	if errors.As(err, &usage) {
		fmt.Fprintln(p.errs, "Run 'eliminacode --help' for how to use it.")
		return exitUsage
	}
	return exitFailure
}

// commandGroup is a command that does nothing but hold others.
func commandGroup(use, short, long string, below ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use: use, Short: short, Long: long, Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(below...)
	return c
}

func (p program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of the program",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintln(p.out, "eliminacode", buildVersion())
			return nil
		},
	}
}

// buildVersion is the linker's version, or what Go recorded of the build.
func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
