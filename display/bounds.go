package display

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

// Bounds are how much of the box may be taken at once, so that one machine or
// one kind of page never shuts out the others. Zero is the default.
//
// One address is one IPv4 address or one /64 of IPv6. Who comes through a proxy
// on this box counts by the address that the proxy wrote last into
// X-Forwarded-For.
type Bounds struct {
	// Boards, Totems, Consoles and Pages are the websockets kept for each kind
	// of page, Consoles for the voting screens of desks too; the places of one kind are never given to another. One address
	// holds at most half of a kind. The defaults are 64, 32, 96 and 64.
	Boards, Totems, Consoles, Pages int
	// Streams is how many event streams there may be; one address holds at most
	// half of them. The default is 16.
	Streams int
	// Phones is how many phones may follow their tickets live; one address holds at most
	// half of them, since all phones in a hall may come through one. The others fetch
	// their pages. The default is 240.
	Phones int
	// Connections is the most TCP connections, at most a sixth of them of one
	// address: more than its websockets. One more takes the place of one that has no
	// request under way. The default is 1,024, some 15 MB.
	Connections int
	// Requests is how many requests of one address may be under way; the
	// default is 64. Four times as many may be in all. One more takes the place of one
	// whose body does not come.
	Requests int
	// Tickets is how many tickets one address may ask for at once, and
	// TicketsPerMinute how many more each minute. The defaults are 200 and 60:
	// more than a reception hands out, and less than a day of a series.
	Tickets, TicketsPerMinute int
}

const (
	// readsPerSecond is how many pages one address may read, after readsAtOnce.
	// A page that adds up the whole day counts as heavyReads.
	readsPerSecond, readsAtOnce, heavyReads = 1000, 2000, 5
	// addressesKept is how many addresses are told apart; further ones share
	// one account.
	addressesKept = 4096
	// heavyWait is how long a page that adds up the day waits for the one
	// before it, and heavyQueue how many may wait.
	heavyWait, heavyQueue = 5 * time.Second, 32
)

func (b Bounds) filled() Bounds {
	fill := func(n *int, usual int) {
		if *n <= 0 {
			*n = usual
		}
	}
	fill(&b.Boards, 64)
	fill(&b.Totems, 32)
	fill(&b.Consoles, 96)
	fill(&b.Pages, 64)
	fill(&b.Streams, 16)
	fill(&b.Phones, 240)
	fill(&b.Connections, 1024)
	fill(&b.Requests, 64)
	fill(&b.Tickets, 200)
	fill(&b.TicketsPerMinute, 60)
	return b
}

// places is how many websockets a kind of page may have.
func (b Bounds) places(r role) int {
	switch r {
	case boardRole:
		return b.Boards
	case totemRole:
		return b.Totems
	case consoleRole:
		return b.Consoles
	default:
		return b.Pages
	}
}

// half is what one address may have of a number of places.
func half(n int) int { return max(1, n/2) }

// An address is who asks, as far as bounds tell people apart.
type address string

// addressOf is where a request comes from.
func addressOf(r *http.Request) address {
	ip := ipOf(r.RemoteAddr)
	if ip.IsLoopback() {
		if far, err := netip.ParseAddr(lastOf(r, "X-Forwarded-For")); err == nil {
			ip = far
		}
	}
	return machine(ip)
}

// lastOf is the last value of a header that is a list: what a proxy adds stands last,
// and what a client made up before it.
func lastOf(r *http.Request, header string) string {
	said := r.Header.Values(header)
	if len(said) == 0 {
		return ""
	}
	all := strings.Split(said[len(said)-1], ",")
	return strings.TrimSpace(all[len(all)-1])
}

// forwards are the headers by which a proxy is known.
var forwards = []string{"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-Ip", "Forwarded"}

// forwarded tells that a proxy on this machine passes on what another machine sends.
func forwarded(r *http.Request) bool {
	if !ipOf(r.RemoteAddr).IsLoopback() {
		return false // who is no proxy of this box forwards nothing
	}
	if far, err := netip.ParseAddr(lastOf(r, "X-Forwarded-For")); err == nil {
		return !far.IsLoopback()
	}
	return slices.ContainsFunc(forwards, func(h string) bool { return len(r.Header.Values(h)) > 0 })
}

// underTLS tells that a request left its sender's machine under TLS: to this box, or to
// a proxy on it that says so.
func underTLS(r *http.Request) bool {
	return r.TLS != nil || forwarded(r) && lastOf(r, "X-Forwarded-Proto") == "https"
}

func ipOf(hostPort string) netip.Addr {
	ap, err := netip.ParseAddrPort(hostPort)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr()
}

// machine is the part of an IP address that one machine cannot change: the
// whole of an IPv4 one, the first half of an IPv6 one.
func machine(ip netip.Addr) address {
	ip = ip.Unmap().WithZone("")
	if ip.Is6() && !ip.IsLoopback() {
		if p, err := ip.Prefix(64); err == nil {
			return address(p.String())
		}
	}
	return address(ip.String())
}

// A bucket lets so many through at once, and then as many as flow in.
type bucket struct {
	left float64
	at   time.Time
}

// take takes n of a bucket that holds most and fills with perSecond; false when
// there are not so many.
func (b *bucket) take(now time.Time, n, most, perSecond float64) bool {
	if b.at.IsZero() {
		b.left = most
	} else {
		b.left = min(most, b.left+now.Sub(b.at).Seconds()*perSecond)
	}
	b.at = now
	if b.left < n {
		return false
	}
	b.left -= n
	return true
}

// An account is what one address has under way and has had lately.
type account struct {
	underway int
	bodies   map[*underWay]bool // those under way whose body is still to come
	reads    bucket
	tickets  bucket
}

// idleAfter is when an account that has nothing under way says nothing any
// more: its buckets are full again.
const idleAfter = 5 * time.Minute

// accounts are those of all addresses. They may be used from any goroutine.
type accounts struct {
	bounds Bounds

	mu       sync.Mutex
	by       map[address]*account
	underway int

	heavy   chan struct{} // the one page that adds up the day; capacity 1
	waiting chan struct{} // who waits for it; capacity heavyQueue
}

func newAccounts(b Bounds) *accounts {
	return &accounts{
		bounds: b, by: map[address]*account{},
		heavy: make(chan struct{}, 1), waiting: make(chan struct{}, heavyQueue),
	}
}

// of is the account of an address. The caller holds the lock.
func (a *accounts) of(from address, now time.Time) *account {
	if one := a.by[from]; one != nil {
		return one
	}
	if len(a.by) >= addressesKept {
		for other, one := range a.by {
			if one.underway == 0 && now.Sub(one.reads.at) > idleAfter && now.Sub(one.tickets.at) > idleAfter {
				delete(a.by, other)
			}
		}
		if len(a.by) >= addressesKept {
			from = ""
			if one := a.by[from]; one != nil {
				return one
			}
		}
	}
	one := &account{}
	a.by[from] = one
	return one
}

// An underWay is a request that is being answered.
type underWay struct {
	of   *account
	at   time.Time    // when something of its body came last
	cut  func() error // ends the reading of its body
	left bool
}

// enter lets a request in, or answers errBusy. Where there is no room it takes the
// place of one whose body has been awaited longest, which is cut. The caller calls
// leave when it is over.
func (a *accounts) enter(from address, now time.Time) (*underWay, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	one := a.of(from, now)
	switch {
	case one.underway >= a.bounds.Requests:
		if !a.displace(oldestBody(nil, one)) {
			return nil, errBusy
		}
	case a.underway >= 4*a.bounds.Requests:
		var oldest *underWay
		for _, other := range a.by {
			oldest = oldestBody(oldest, other)
		}
		if !a.displace(oldest) {
			return nil, errBusy
		}
	}
	one.underway++
	a.underway++
	return &underWay{of: one}, nil
}

// oldestBody is the request of an account whose body has been awaited longest, and
// longer than that of another one.
func oldestBody(than *underWay, one *account) *underWay {
	for r := range one.bodies {
		if than == nil || r.at.Before(than.at) {
			than = r
		}
	}
	return than
}

// displace cuts a request and gives its place back; false for none, or one that cannot
// be cut. The caller holds the lock.
func (a *accounts) displace(r *underWay) bool {
	if r == nil || r.cut() != nil {
		return false
	}
	a.drop(r)
	return true
}

// drop gives the place of a request back, once. The caller holds the lock.
func (a *accounts) drop(r *underWay) {
	if delete(r.of.bodies, r); !r.left {
		r.left = true
		r.of.underway--
		a.underway--
	}
}

// leave tells that a request is over.
func (a *accounts) leave(r *underWay) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.drop(r)
}

// awaits tells that the body of a request is still to come; cut ends the reading of it
// and does not wait.
func (a *accounts) awaits(r *underWay, body io.ReadCloser, cut func() error) io.ReadCloser {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.of.bodies == nil {
		r.of.bodies = map[*underWay]bool{}
	}
	r.at, r.cut, r.of.bodies[r] = time.Now(), cut, true
	return &awaitedBody{body, a, r}
}

// An awaitedBody tells its account when something of it has come, and when all has.
type awaitedBody struct {
	io.ReadCloser
	a *accounts
	r *underWay
}

func (b *awaitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.a.mu.Lock()
	defer b.a.mu.Unlock()
	if n > 0 {
		b.r.at = time.Now()
	}
	if err != nil {
		delete(b.r.of.bodies, b.r)
	}
	return n, err
}

// read counts a page that is read, by its weight.
func (a *accounts) read(from address, now time.Time, weight int) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.of(from, now).reads.take(now, float64(weight), readsAtOnce, readsPerSecond) {
		return errBusy
	}
	return nil
}

// ticket counts a ticket that is asked for.
func (a *accounts) ticket(from address, now time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.of(from, now).tickets.take(now, 1, float64(a.bounds.Tickets), float64(a.bounds.TicketsPerMinute)/60) {
		return errManyTickets
	}
	return nil
}

// alone waits until no other page adds up the day: readers take one core at
// most. The caller calls done when it is over.
func (a *accounts) alone(ctx context.Context) (done func(), err error) {
	select {
	case a.waiting <- struct{}{}:
	default:
		return nil, errBusy
	}
	defer func() { <-a.waiting }()
	patience := time.NewTimer(heavyWait)
	defer patience.Stop()
	select {
	case a.heavy <- struct{}{}:
		return func() { <-a.heavy }, nil
	case <-patience.C:
	case <-ctx.Done():
	}
	return nil, errBusy
}

// A boundedListener bounds the connections that are open: whoever holds many leaves
// room for the others. One beyond the bounds takes the place of the one that has waited
// longest with no request under way, be it that none came, that its head is still to
// come, or that the last was answered: of its own address where that has its share, or
// else of any. Where each has a request under way, the new one is closed as it comes.
type boundedListener struct {
	net.Listener
	most int

	mu  sync.Mutex
	all int
	by  map[address]map[*boundedConn]bool
}

func newBoundedListener(l net.Listener, most int) *boundedListener {
	return &boundedListener{Listener: l, most: most, by: map[address]map[*boundedConn]bool{}}
}

func (l *boundedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		tcp, ok := conn.(*net.TCPConn)
		if !ok {
			return conn, nil
		}
		one := &boundedConn{TCPConn: tcp, l: l, from: machine(ipOf(conn.RemoteAddr().String())), since: time.Now()}
		instead, ok := l.enter(one)
		if instead != nil {
			instead.cut()
		}
		if ok {
			return one, nil
		}
		one.cut()
	}
}

// enter lets a connection in, if there is room or one that makes room, which the caller
// cuts.
func (l *boundedListener) enter(one *boundedConn) (instead *boundedConn, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch own := l.by[one.from]; {
	case len(own) >= max(1, l.most/6):
		instead = oldestWaiting(own)
	case l.all >= l.most:
		for _, held := range l.by {
			if x := oldestWaiting(held); instead == nil || x != nil && x.since.Before(instead.since) {
				instead = x
			}
		}
	default:
		ok = true
	}
	if ok = ok || instead != nil; !ok {
		return nil, false
	}
	l.drop(instead)
	if l.by[one.from] == nil {
		l.by[one.from] = map[*boundedConn]bool{}
	}
	l.by[one.from][one] = true
	l.all++
	return instead, true
}

// oldestWaiting is the connection that has waited longest for a request; nil for none.
func oldestWaiting(held map[*boundedConn]bool) (oldest *boundedConn) {
	for x := range held {
		if !x.busy && (oldest == nil || x.since.Before(oldest.since)) {
			oldest = x
		}
	}
	return oldest
}

// drop gives the place of a connection back, if it has one. The caller holds the lock.
func (l *boundedListener) drop(one *boundedConn) {
	if one == nil || !l.by[one.from][one] {
		return
	}
	l.all--
	if delete(l.by[one.from], one); len(l.by[one.from]) == 0 {
		delete(l.by, one.from)
	}
}

// A boundedConn gives its place back when it is closed.
type boundedConn struct {
	*net.TCPConn
	l    *boundedListener
	from address

	// Held by the lock of l:
	busy  bool      // a request is under way, or it is a websocket
	since time.Time // when it was opened, or its last request was answered
}

func (c *boundedConn) Close() error {
	c.l.mu.Lock()
	c.l.drop(c)
	c.l.mu.Unlock()
	return c.TCPConn.Close()
}

// cut closes a connection of which no state stays in the kernel.
func (c *boundedConn) cut() {
	_ = c.SetLinger(0)
	_ = c.TCPConn.Close()
}

// keepBusy follows what a web server says of a connection, so that none with a request
// under way is closed for another one.
func keepBusy(conn net.Conn, state http.ConnState) {
	if under, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = under.NetConn() // of TLS
	}
	c, ok := conn.(*boundedConn)
	if !ok {
		return
	}
	c.l.mu.Lock()
	defer c.l.mu.Unlock()
	c.busy = state == http.StateActive || state == http.StateHijacked
	if state == http.StateIdle {
		c.since = time.Now()
	}
}
