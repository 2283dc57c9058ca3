package display

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"eliminacode/display/access"
	"eliminacode/display/view"
	"eliminacode/queue"
)

const (
	// longestBoardName bounds the name that a board gives itself, in bytes.
	longestBoardName = 40
	// mostBoardNames bounds those that are offered for a message.
	mostBoardNames = 32
)

// A boardPage is a board with its name.
type boardPage struct {
	view.Board
	Name  string
	Hangs access.Display
	setup queue.Setup
}

// Numbers is a number of each series as long as it can get, a line each.
func (p boardPage) Numbers() string {
	var all []string
	for _, s := range p.setup.Series {
		all = append(all, s.Letters+strings.Repeat("0", s.Digits()))
	}
	return strings.Join(all, "\n")
}

// Desks is the label of every desk, a line each.
func (p boardPage) Desks() string {
	var all []string
	for _, d := range p.setup.Desks {
		all = append(all, d.Label)
	}
	return strings.Join(all, "\n")
}

// Places tells that a desk is said to be somewhere.
func (p boardPage) Places() bool {
	return slices.ContainsFunc(p.setup.Desks, func(d queue.Desk) bool { return d.Floor != "" || d.Room != "" })
}

// Socket is where the board is kept fresh.
func (p boardPage) Socket() string {
	q := url.Values{"page": {"board"}, "service": p.Hangs.Services}
	for name, value := range map[string]string{"nome": p.Name, "hall": p.Hangs.Hall} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "/ws?" + q.Encode()
}

// Volume is how loud it plays, in percent.
func (p boardPage) Volume() int {
	if p.Hangs.Silent {
		return 0
	}
	return p.Hangs.Volume
}

// boardName is what a board is called: as it was paired, else as its address says.
func (s *Server) boardName(r *http.Request) string {
	if v := s.visitor(r); v.Kind == access.Screen && v.Name != "" {
		return v.Name
	}
	name := r.URL.Query().Get("nome")
	if len(name) > longestBoardName || !utf8.ValidString(name) {
		return ""
	}
	return name
}

// boardNames are the boards that a message can be for: those that are paired, and
// those that are there with a name.
func (s *Server) boardNames() []string {
	names := s.hub.boardNames()
	if s.cfg.Administration != nil {
		for _, p := range s.cfg.Administration.Screens() {
			if p.Role == access.Board {
				names = append(names, p.Name)
			}
		}
	}
	slices.SortFunc(names, queue.CompareNames)
	return slices.Compact(names)
}

// offeredBoards are those that a page offers for a message.
func (s *Server) offeredBoards() []string {
	names := s.boardNames()
	return names[:min(len(names), mostBoardNames)]
}

// boardNames are the names of the boards that are connected.
func (h *hub) boardNames() (names []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.boards() {
		if c.name != "" {
			names = append(names, c.name)
		}
	}
	return names
}
