package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"eliminacode/queue/waiting"
)

var reportFormats = []string{"table", "csv", "json"}

func (p program) report() *cobra.Command {
	var data, format string
	q := waiting.Query{By: waiting.ByDay}
	c := &cobra.Command{
		Use:   "report",
		Short: "Print how long people waited",
		Long: "Print how long people waited, from the journal in a data folder. Beside a running\n" +
			"daemon the daemon is asked. Without --from and --to the report is about today.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if !slices.Contains(reportFormats, format) {
				return usageError{fmt.Errorf("--format %q is not known; use %s", format, strings.Join(reportFormats, ", "))}
			}
			today := time.Now().Format(time.DateOnly)
			if q.To == "" {
				q.To = max(today, q.From)
			}
			if q.From == "" {
				q.From = min(today, q.To)
			}
			var r waiting.Report
			if err := withArchive(c.Context(), data, func(a archive) (err error) {
				r, err = a.Report(c.Context(), q)
				return err
			}); err != nil {
				return err
			}
			switch format {
			case "csv":
				return r.WriteCSV(p.out)
			case "json":
				return r.WriteJSON(p.out)
			default:
				return r.WriteTable(p.out)
			}
		},
	}
	dataFlag(c, &data)
	c.Flags().StringVar(&q.From, "from", "", "first day, YYYY-MM-DD (default today)")
	c.Flags().StringVar(&q.To, "to", "", "last day, YYYY-MM-DD (default today)")
	c.Flags().StringVar((*string)(&q.By), "by", string(q.By), "group by hour, day, service or group (of desks)")
	c.Flags().BoolVar(&q.LeaveOutInferred, "observed", false, "leave out what was inferred and not observed")
	c.Flags().StringVar(&format, "format", "table", "table, csv or json")
	return c
}

// dataFlag is the data folder, for the commands that read one.
func dataFlag(c *cobra.Command, data *string) {
	c.Flags().StringVar(data, "data", defaultData, "the data folder")
}
