package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	config "eliminacode/firmware-config"
)

// storeMost bounds the storing of a logo: a printer may take a minute over it.
const storeMost = 2 * time.Minute

func (p program) deviceLogo() *cobra.Command {
	var printer string
	var yes bool
	c := boxCommand(&cobra.Command{
		Use:   "logo FILE.png",
		Short: "Store a picture in a printer, for the head of its tickets",
		Long: "Store a picture in a printer's own memory, from where every ticket prints it for a few bytes, if the\n" +
			"office's texts have it. This is done once, by an installer: the memory wears, and some printers forget\n" +
			"their other pictures. The daemon must not run: it holds the printer.",
		Args: cobra.ExactArgs(1),
	}, func(c *cobra.Command, flags boxFlags, files []string) error {
		gpioErr := p.machine.init()
		s, err := flags.settings(p.machine)
		if err != nil {
			return errors.Join(err, gpioErr)
		}
		picture, err := readPicture(files[0])
		if err != nil {
			return err
		}
		if s, err = onePrinter(s, printer); err != nil {
			return err
		}
		if err := alone(c.Context(), s, "printers"); err != nil {
			return err
		}
		if !yes && !p.agreed(fmt.Sprintf("Storing a picture wears the memory of printer %s; it is done once. Store it?", s.Printers[0].Name)) {
			return fmt.Errorf("nothing is stored; answer y, or say --yes")
		}
		ctx, cancel := context.WithTimeout(c.Context(), storeMost)
		defer cancel()
		return p.storeLogo(ctx, s, picture)
	})
	c.Flags().StringVar(&printer, "printer", "", "the printer's name in the settings (default the only one)")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

// What a picture may have at most: more than a head has dots for.
const (
	maxPictureBytes = 8 << 20
	maxPictureSide  = 4096
)

// readPicture reads a PNG.
func readPicture(name string) (image.Image, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading the picture: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxPictureBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading the picture: %w", err)
	}
	size, err := png.DecodeConfig(bytes.NewReader(b))
	if err == nil && (len(b) > maxPictureBytes || size.Width > maxPictureSide || size.Height > maxPictureSide) {
		err = fmt.Errorf("its size in dots is %d by %d; scale it down, a printer has no more than 640 across", size.Width, size.Height)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the picture %s: %w", name, err)
	}
	picture, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("reading the picture %s: %w; save it as PNG again", name, err)
	}
	return picture, nil
}

// onePrinter are the settings with the printer of that name alone.
func onePrinter(s config.Settings, name string) (config.Settings, error) {
	chosen, err := choosePrinters(s, name)
	if err != nil {
		return s, err
	}
	if len(chosen) > 1 {
		return s, fmt.Errorf("the settings name %s; say which one with --printer", many(len(chosen), "printer"))
	}
	return printersOnly(s, chosen), nil
}

// agreed asks a person.
func (p program) agreed(question string) bool {
	fmt.Fprint(p.out, question, " [y/N] ")
	line, _ := bufio.NewReader(io.LimitReader(p.in, 1024)).ReadString('\n')
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "y" || answer == "yes" || answer == "s" || answer == "sì"
}

// storeLogo opens the printer of the settings and stores the picture.
func (p program) storeLogo(ctx context.Context, s config.Settings, picture image.Image) error {
	h, err := p.machine.wire(s, slog.New(slog.DiscardHandler))
	if err != nil {
		return fmt.Errorf("making the printer: %w", err)
	}
	stop := h.start(ctx)
	defer stop()
	to := h.printers[0]
	to.heard(ctx)
	begun := time.Now()
	if err := to.printer.StoreLogo(ctx, picture); err != nil {
		p.tell(health{Kind: "printer", Status: to.printer.Status()}.told())
		return err
	}
	fmt.Fprintf(p.out, "Stored in printer %s in %.0f s. Look at a PROVA: eliminacode device test printer %s\n", to.name, time.Since(begun).Seconds(), to.name)
	return nil
}
