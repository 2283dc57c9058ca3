package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
)

// The numbers of bbolt's file format, version 2. Its integers have the byte
// order of the machine.
const (
	pageBytes = 4096 // what we make; what we read may differ

	pageHeader    = 16 // id 8, flags 2, count 2, overflow 4
	elementHeader = 16 // branch: pos 4, key 4, page 8; leaf: flags 4, pos 4, key 4, value 4
	bucketHeader  = 16 // root 8, sequence 8; an inline page follows when root is 0

	flagBranch   = 0x01
	flagLeaf     = 0x02
	flagMeta     = 0x04
	flagFreelist = 0x10
	flagBucket   = 0x01 // of a leaf element

	metaMagic   = 0xED0CDAED
	metaVersion = 2
	metaSummed  = 56 // bytes under the checksum
	metaBytes   = 64

	noFreelist = ^uint64(0)

	minPageBytes = 512
	maxPageBytes = 64 << 10
)

var order = binary.NativeEndian

// A header is one of the two heads of a bbolt file. The valid one with the
// greater transaction is in force.
type header struct {
	pageBytes int
	root      uint64 // page of the root bucket
	freelist  uint64
	pages     uint64 // pages in use, free ones included
	tx        uint64
}

// parseHeader reads a header from the first bytes of its page.
func parseHeader(b []byte, id uint64) (header, error) {
	if len(b) < pageHeader+metaBytes {
		return header{}, errors.New("it is cut off")
	}
	m := b[pageHeader:]
	switch {
	case order.Uint32(m) != metaMagic:
		return header{}, errors.New("it is not a bbolt file")
	case order.Uint32(m[4:]) != metaVersion:
		return header{}, fmt.Errorf("it has version %d of bbolt's format", order.Uint32(m[4:]))
	case order.Uint64(b) != id || order.Uint16(b[8:]) != flagMeta:
		return header{}, errors.New("it stands on the wrong page")
	}
	if metaSum(m) != order.Uint64(m[metaSummed:]) {
		return header{}, errors.New("its checksum is wrong")
	}
	return header{
		pageBytes: int(order.Uint32(m[8:])),
		root:      order.Uint64(m[16:]),
		freelist:  order.Uint64(m[32:]),
		pages:     order.Uint64(m[40:]),
		tx:        order.Uint64(m[48:]),
	}, nil
}

// metaSum is the checksum of a header.
func metaSum(m []byte) uint64 {
	sum := fnv.New64a()
	sum.Write(m[:metaSummed])
	return sum.Sum64()
}

// readHeaders reads both headers of a file. It answers the one in force; the
// second error is that of the other one, or nil when both are good.
func readHeaders(r io.ReaderAt, size int64) (header, error, error) {
	if size == 0 {
		return header{}, errors.New("the file is empty"), nil
	}
	first, err0 := readHeader(r, 0, 0)
	length := first.pageBytes
	if err0 != nil {
		length = pageBytes
	}
	second, err1 := readHeader(r, int64(length), 1)
	best, spare := first, error(nil)
	switch {
	case err0 != nil && err1 != nil:
		return header{}, fmt.Errorf("both headers are bad: %w", err0), nil
	case err0 != nil:
		best, spare = second, fmt.Errorf("the first header is bad: %w", err0)
	case err1 != nil:
		spare = fmt.Errorf("the second header is bad: %w", err1)
	case second.tx > first.tx:
		best = second
	}
	switch {
	case best.pageBytes < minPageBytes || best.pageBytes > maxPageBytes || best.pageBytes&(best.pageBytes-1) != 0:
		return header{}, fmt.Errorf("its pages have %d bytes", best.pageBytes), nil
	case best.pages > 1<<40 || int64(best.pages)*int64(best.pageBytes) > size:
		return header{}, fmt.Errorf("the file is cut off: %d pages of %d bytes do not fit into %d bytes",
			best.pages, best.pageBytes, size), nil
	}
	return best, nil, spare
}

func readHeader(r io.ReaderAt, at int64, id uint64) (header, error) {
	b := make([]byte, pageHeader+metaBytes)
	n, err := r.ReadAt(b, at)
	if err != nil && !errors.Is(err, io.EOF) {
		return header{}, err
	}
	return parseHeader(b[:n], id)
}

// A page is a leaf or a branch whose every reference lies within it.
type page struct {
	id       uint64
	leaf     bool
	overflow uint64 // further pages it fills
	count    int
	b        []byte
}

// parsePage checks a page. Whatever it says later lies within b.
func parsePage(b []byte, id uint64) (page, error) {
	if len(b) < pageHeader {
		return page{}, fmt.Errorf("page %d is cut off", id)
	}
	p := page{id: id, count: int(order.Uint16(b[10:])), overflow: uint64(order.Uint32(b[12:])), b: b}
	switch flags := order.Uint16(b[8:]); {
	case order.Uint64(b) != id:
		return page{}, fmt.Errorf("page %d says that it is page %d", id, order.Uint64(b))
	case flags == flagLeaf:
		p.leaf = true
	case flags != flagBranch:
		return page{}, fmt.Errorf("page %d is of the unknown kind %#x", id, flags)
	}
	if pageHeader+p.count*elementHeader > len(b) {
		return page{}, fmt.Errorf("page %d has more elements than room", id)
	}
	if !p.leaf && p.count == 0 {
		return page{}, fmt.Errorf("page %d is a branch to nowhere", id)
	}
	for i := range p.count {
		pos, k, v := p.extent(i)
		if at := pageHeader + i*elementHeader; uint64(at)+pos+k+v > uint64(len(b)) || pos < uint64((p.count-i)*elementHeader) {
			return page{}, fmt.Errorf("page %d, element %d points outside the page", id, i)
		}
	}
	return p, nil
}

func (p page) element(i int) []byte { return p.b[pageHeader+i*elementHeader:] }

// extent is where an element's key begins, counted from the element, and how
// long its key and value are.
func (p page) extent(i int) (pos, k, v uint64) {
	e := p.element(i)
	if p.leaf {
		return uint64(order.Uint32(e[4:])), uint64(order.Uint32(e[8:])), uint64(order.Uint32(e[12:]))
	}
	return uint64(order.Uint32(e)), uint64(order.Uint32(e[4:])), 0
}

func (p page) key(i int) []byte {
	pos, k, _ := p.extent(i)
	return p.element(i)[pos : pos+k]
}

func (p page) value(i int) []byte {
	pos, k, v := p.extent(i)
	return p.element(i)[pos+k : pos+k+v]
}

// bucket tells whether a leaf's element is a bucket rather than a value.
func (p page) bucket(i int) bool { return p.leaf && order.Uint32(p.element(i))&flagBucket != 0 }

// child is the page that a branch's element leads to.
func (p page) child(i int) uint64 { return order.Uint64(p.element(i)[8:]) }
