package rig

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
)

// Numbers of the NBD protocol, doc/proto.md of NetworkBlockDevice/nbd.
const (
	nbdGreeting  = "NBDMAGICIHAVEOPT\x00\x03" // fixed newstyle, no zeroes
	nbdReply     = 0x0003e889045565a9
	nbdRequest   = 0x25609513
	nbdAnswer    = 0x67446698
	nbdHas       = 1 | 1<<2 | 1<<3 // flags are given; flush and FUA are known
	nbdFUA       = 1
	maxNBDOption = 64 << 10
)

// Options of the client, kinds of replies, commands, errors.
const (
	optName, optAbort, optInfo, optGo = 1, 2, 6, 7
	repAck, repInfo                   = 1, 3
	repUnknown                        = 1<<31 | 1
	cmdRead, cmdWrite, cmdEnd         = 0, 1, 2
	cmdFlush                          = 3
	nbdInvalid                        = 22
)

// Serve offers the disk on a socket of this path until stop is called.
func (d *Disk) Serve(path string) (stop func() error, err error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				// What ends it is the machine's business: it sees its disk go.
				_ = d.serve(conn)
			}()
		}
	}()
	return l.Close, nil
}

// serve answers one client until it goes, breaks the protocol, or the power is
// cut.
func (d *Disk) serve(conn io.ReadWriter) error {
	if err := d.negotiate(conn); err != nil {
		return err
	}
	for {
		var head [28]byte
		if _, err := io.ReadFull(conn, head[:]); err != nil {
			return err
		}
		if binary.BigEndian.Uint32(head[:]) != nbdRequest {
			return errors.New("that is not a request")
		}
		answer := binary.BigEndian.AppendUint32(nil, nbdAnswer)
		answer = append(answer, 0, 0, 0, 0)
		answer = append(answer, head[8:16]...)
		data, err := d.carryOut(conn, head)
		if errors.Is(err, errRange) {
			binary.BigEndian.PutUint32(answer[4:], nbdInvalid)
		} else if err != nil {
			return err
		}
		if _, err := conn.Write(append(answer, data...)); err != nil {
			return err
		}
	}
}

// carryOut does what a request asks for and gives what was read.
func (d *Disk) carryOut(conn io.Reader, head [28]byte) ([]byte, error) {
	flags, command := binary.BigEndian.Uint16(head[4:]), binary.BigEndian.Uint16(head[6:])
	at, n := int64(binary.BigEndian.Uint64(head[16:])), int(binary.BigEndian.Uint32(head[24:]))
	switch command {
	case cmdRead:
		return d.read(at, n)
	case cmdWrite:
		if n > maxTransfer {
			return nil, fmt.Errorf("a write of %d bytes", n)
		}
		data := make([]byte, n)
		if _, err := io.ReadFull(conn, data); err != nil {
			return nil, err
		}
		return nil, d.write(at, data, flags&nbdFUA != 0)
	case cmdFlush:
		return nil, d.flush()
	case cmdEnd:
		return nil, io.EOF
	}
	return nil, errRange
}

// negotiate agrees with a client on the one disk that there is.
func (d *Disk) negotiate(conn io.ReadWriter) error {
	if _, err := io.WriteString(conn, nbdGreeting); err != nil {
		return err
	}
	var flags [4]byte
	if _, err := io.ReadFull(conn, flags[:]); err != nil {
		return err
	}
	about := binary.BigEndian.AppendUint64(nil, uint64(d.size()))
	about = binary.BigEndian.AppendUint16(about, nbdHas)
	for {
		var head [16]byte
		if _, err := io.ReadFull(conn, head[:]); err != nil {
			return err
		}
		option, n := binary.BigEndian.Uint32(head[8:]), binary.BigEndian.Uint32(head[12:])
		if n > maxNBDOption {
			return fmt.Errorf("an option of %d bytes", n)
		}
		if _, err := io.CopyN(io.Discard, conn, int64(n)); err != nil {
			return err
		}
		var err error
		switch option {
		case optName:
			_, err = conn.Write(about)
			return err
		case optAbort:
			return errors.Join(io.EOF, reply(conn, option, repAck, nil))
		case optInfo, optGo:
			err = errors.Join(reply(conn, option, repInfo, append([]byte{0, 0}, about...)), reply(conn, option, repAck, nil))
			if err == nil && option == optGo {
				return nil
			}
		default:
			err = reply(conn, option, repUnknown, nil)
		}
		if err != nil {
			return err
		}
	}
}

func reply(conn io.Writer, option, kind uint32, data []byte) error {
	b := binary.BigEndian.AppendUint64(nil, nbdReply)
	b = binary.BigEndian.AppendUint32(b, option)
	b = binary.BigEndian.AppendUint32(b, kind)
	b = binary.BigEndian.AppendUint32(b, uint32(len(data)))
	_, err := conn.Write(append(b, data...))
	return err
}
