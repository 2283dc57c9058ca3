package waiting

import "slices"

// A Query asks for a report.
type Query struct {
	// From and To are the first and the last business day, "2026-11-24",
	// both included.
	From, To string
	By       Grouping
	// LeaveOutInferred leaves out legs of which some moment was inferred, of days
	// where that tells of no desk; the report says how many. Where it would tell of
	// one they stay: in every row that has InferredFewDesks, and of most days in
	// every report that is not by day.
	LeaveOutInferred bool
	// Told asks besides for what was told of outcomes and categories.
	Told bool
	// Contacts asks besides for who was helped without a ticket.
	Contacts bool
}

// A Report is the answer. Its JSON is read by pages and by people's own tools:
// fields are added and never changed.
type Report struct {
	From string   `json:"from"`
	To   string   `json:"to"`
	By   Grouping `json:"by"`
	// Visits is the tickets issued, and Days the dates on which any was.
	Visits int `json:"visits"`
	Days   int `json:"days"`
	// LeftOut is the legs left out on demand. They are in no figure.
	LeftOut int   `json:"left_out,omitempty"`
	Rows    []Row `json:"rows"` // only those with a leg; in order of hour, date or name
	Total   Row   `json:"total"`
	// Told is what was told of outcomes and categories, when the query asked for it.
	Told *Told `json:"told,omitempty"`
	// Contacts is who was helped without a ticket, when the query asked for it.
	Contacts *Contacts `json:"contacts,omitempty"`
}

// A Row is the figures of one group of legs.
type Row struct {
	Key   string `json:"key"`
	Label string `json:"label"` // in Italian, or as the newest day of the range named it
	Figures
}

// Figures are what is known of some legs. A mean, percentile or share of no
// leg at all is nil, null in JSON: nobody waited, which is not a wait of zero.
type Figures struct {
	// Visits is the first legs, each a ticket issued, and Legs all of them;
	// Legs is the sum of the six outcomes.
	Visits      int `json:"visits"`
	Legs        int `json:"legs"`
	Served      int `json:"served"`
	NoShows     int `json:"no_shows"`
	Transferred int `json:"transferred"`
	Cancelled   int `json:"cancelled"`
	Expired     int `json:"expired"`
	Open        int `json:"open"`

	// The wait, over the WaitN legs that were called and ended served or
	// transferred. No-shows, cancelled and expired legs are apart, and legs
	// under way are not known yet. Median and p90 are by nearest rank.
	MeanWaitMs   *float64 `json:"mean_wait_ms"`
	MedianWaitMs *int64   `json:"median_wait_ms"`
	P90WaitMs    *int64   `json:"p90_wait_ms"`
	WaitN        int      `json:"wait_n"`

	// WithinStandard is the share, 0 to 1, of the StandardN legs whose first
	// wait was at most their service's standard. Held against
	// it are the legs that were called and ended served, transferred, no-show
	// or expired (after a hold), each by its first wait; and the legs that
	// expired with no call once they had waited for longer than the standard, as
	// missed. An expired leg that waited less shows nothing and is apart, and
	// so is every cancelled leg, every leg under way, and every leg of a
	// service without a standard.
	StandardN      int      `json:"standard_n"`
	WithinStandard *float64 `json:"within_standard"`

	// The walk and the service time, over those of the WaitN legs of which
	// they are known: WalkN had an observed start. The
	// service time is also of legs that began at the desk where the visit was
	// already: nobody waited for those, and they are in no wait. Of which legs the end
	// of the service is unknown is nowhere told, since that is the way of desks that have a
	// keypad: they are in ServiceN and ServiceFewDesks, and in the mean each with the
	// mean of its day's known services, in whole milliseconds. In neither are the
	// legs of days on which fewer than three desks would have been told of here, or
	// of the day that goes on:
	// WalkFewDesks and ServiceFewDesks, which are in no other figure of the two.
	MeanWalkMs      *float64 `json:"mean_walk_ms"`
	WalkN           int      `json:"walk_n"`
	WalkFewDesks    int      `json:"walk_few_desks"`
	MeanServiceMs   *float64 `json:"mean_service_ms"`
	ServiceN        int      `json:"service_n"`
	ServiceFewDesks int      `json:"service_few_desks"`

	// Inferred is the legs of which some moment was inferred, which is the way of
	// desks that have a keypad. InferredFewDesks are legs, inferred or not, of which
	// it is not told, and no walk either: all those of the day that goes on, and of
	// days on which fewer than three desks had such legs, or others, or one had most
	// of them; and, in rows that are not by day, all those of any day on which some
	// desks had such legs and others had not. WalkFewDesks has all of them that were
	// waited for.
	Inferred         int `json:"inferred"`
	InferredFewDesks int `json:"inferred_few_desks"`
}

// InferredOf is how many legs Inferred tells of.
func (f Figures) InferredOf() int { return f.Legs - f.InferredFewDesks }

// InferredFewDesks is the legs of which no row tells whether they were inferred.
func (r Report) InferredFewDesks() (n int) {
	for _, row := range r.Rows {
		n += row.InferredFewDesks
	}
	return n
}

// FewDesks tells whether something of the report is left out since fewer than three
// desks worked, or since the day goes on.
func (r Report) FewDesks() bool {
	for _, row := range r.Rows {
		if row.ServiceFewDesks > 0 || row.WalkFewDesks > 0 && row.InferredFewDesks == 0 || row.Key == KeyMerged {
			return true
		}
	}
	return r.Told != nil && (r.Told.FewDesks > 0 || slices.ContainsFunc(r.Told.Rows, func(row ToldRow) bool { return row.Key == KeyMerged }))
}
