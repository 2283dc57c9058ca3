package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"eliminacode/queue/waiting"
)

var reportFormats = []string{"table", "csv", "json"}

func (p program) report() *cobra.Command {
	var format, decimals string
	q := waiting.Query{By: waiting.ByDay}
	c := boxCommand(&cobra.Command{
		Use:   "report",
		Short: "Print how long people waited, and what came of it",
		Long: "Print how long people waited, from the journal of the box or of another data folder. Beside a\n" +
			"running daemon the daemon is asked. Without --from and --to the report is about the office's today.\n" +
			"Walk and service times, groups and outcomes are told of closed days, where at least three desks worked: less would tell of an operator.\n" +
			"What was inferred is told, and left out by --observed, where at least three desks have it and at least three have not, by day; or where nobody has it, or all.",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		if !slices.Contains(reportFormats, format) {
			return usageError{fmt.Errorf("--format %q is not known; use %s", format, strings.Join(reportFormats, ", "))}
		}
		if sign := waiting.Decimals(decimals); sign != waiting.Point && sign != waiting.Comma {
			return usageError{fmt.Errorf("--decimals %q is not known; use %s or %s", decimals, waiting.Point, waiting.Comma)}
		}
		if format == "csv" && q.Told && q.Contacts {
			return usageError{errors.New("a csv is one table: ask with --told for outcomes, with --contacts for contacts")}
		}
		var r waiting.Report
		if err := p.withArchive(c.Context(), flags, func(a archive) (err error) {
			if q.From == "" || q.To == "" {
				today, err := a.Today(c.Context())
				if err != nil {
					return err
				}
				q.To = cmp.Or(q.To, max(today, q.From))
				q.From = cmp.Or(q.From, min(today, q.To))
			}
			r, err = a.Report(c.Context(), q)
			return err
		}); err != nil {
			return err
		}
		switch format {
		case "csv":
			switch {
			case q.Told:
				return r.Told.WriteCSV(p.out, waiting.Decimals(decimals))
			case q.Contacts:
				return r.Contacts.WriteCSV(p.out, waiting.Decimals(decimals))
			}
			return r.WriteCSV(p.out, waiting.Decimals(decimals))
		case "json":
			return r.WriteJSON(p.out)
		default:
			return r.WriteTable(p.out)
		}
	})
	c.Flags().StringVar(&q.From, "from", "", "first day, YYYY-MM-DD (default today)")
	c.Flags().StringVar(&q.To, "to", "", "last day, YYYY-MM-DD (default today)")
	c.Flags().StringVar((*string)(&q.By), "by", string(q.By), "group by hour, day, service or group (of desks)")
	c.Flags().BoolVar(&q.LeaveOutInferred, "observed", false, "leave out what was inferred and not observed")
	c.Flags().BoolVar(&q.Told, "told", false, "tell besides what came of services and whom they were for; as csv, only that")
	c.Flags().BoolVar(&q.Contacts, "contacts", false, "tell besides whom the reception helped without a number, by day; as csv, only that")
	c.Flags().StringVar(&format, "format", "table", "table, csv or json")
	c.Flags().StringVar(&decimals, "decimals", string(waiting.Point), "of a csv: point, or comma for the spreadsheets of an Italian desktop")
	return c
}
