// Package certificate has the certificate under which the box's pages for the
// staff are served: the one that the office was given, or one that the box makes
// for itself and whose fingerprint people compare when a browser asks them.
//
// It owns the file of the box's own certificate and key in the data folder; a
// given pair is only read. Both may change while pages are served: a Keeper
// looks again every minute, reads a given pair that was replaced, and makes the
// box's own anew before it ends. The box's own key stays the same as long as its
// file does.
package certificate

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"eliminacode/cmd/eliminacode/replace"
)

// Errors. Each ends in what to do.
var (
	// ErrGiven: the pair that the settings name cannot be used.
	ErrGiven = errors.New("the certificate of the settings cannot be used")
	// ErrOwn: the box cannot make or keep its own.
	ErrOwn = errors.New("the box's own certificate cannot be used")
)

const (
	// ownLife is how long the box's own certificate is valid: browsers of one
	// large maker take no server's that lasts more than 825 days.
	ownLife = 800 * 24 * time.Hour
	// renewBefore is how long before its end it is made anew.
	renewBefore = 60 * 24 * time.Hour
	// lookEvery is how often a Keeper looks whether another is there or due.
	lookEvery = time.Minute
	// maxBytes bounds a file of certificates.
	maxBytes = 256 << 10
)

// Config says which certificate is served.
type Config struct {
	// Certificate and Key are the files of a given pair, PEM; both empty is the
	// box's own.
	Certificate, Key string
	// Own is the file of the box's own certificate and key.
	Own string
	// Names are host names and IP addresses that the box's own is made for.
	Names []string
	// Now is the time, as well as the box knows it. The box's own is made for
	// whoever's clock is right, so a clock that is known to be wrong is not to
	// be told here.
	Now func() time.Time
	Log *slog.Logger
}

// A Keeper has the certificate that is served now. It may be used from any
// goroutine.
type Keeper struct {
	cfg Config

	mu     sync.Mutex
	served *tls.Certificate
	looked time.Time // by Now; zero is never
	stamp  [2]fileStamp
}

// A fileStamp changes when a file does.
type fileStamp struct {
	size int64
	at   time.Time
}

// Open reads the given pair, or reads or makes the box's own.
func Open(cfg Config) (*Keeper, error) {
	k := &Keeper{cfg: cfg}
	return k, k.look(cfg.Now())
}

// TLS is the configuration of a listener under the certificate.
func (k *Keeper) TLS() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"http/1.1"}, // websockets are not on HTTP/2
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return k.current(), nil },
	}
}

// current is the certificate to serve now. One that cannot be renewed is served
// on, and the log says why.
func (k *Keeper) current() *tls.Certificate {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.cfg.Now()
	if since := now.Sub(k.looked); since < 0 || since >= lookEvery {
		if err := k.lookLocked(now); err != nil {
			k.cfg.Log.Error("the old certificate is served on", "err", err)
		}
	}
	return k.served
}

// Own tells whether the box made the certificate itself.
func (k *Keeper) Own() bool { return k.cfg.Certificate == "" }

// Fingerprint is the SHA-256 of the certificate as browsers show it: pairs of
// hexadecimal digits with colons.
func (k *Keeper) Fingerprint() string {
	sum := sha256.Sum256(k.current().Certificate[0])
	return strings.ReplaceAll(fmt.Sprintf("% X", sum), " ", ":")
}

// Ends is when the certificate is no longer valid.
func (k *Keeper) Ends() time.Time { return k.current().Leaf.NotAfter }

func (k *Keeper) look(now time.Time) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.lookLocked(now)
}

func (k *Keeper) lookLocked(now time.Time) error {
	k.looked = now
	if k.cfg.Certificate != "" || k.cfg.Key != "" {
		return k.lookGiven()
	}
	return k.lookOwn(now)
}

// lookGiven reads the given pair if it changed.
func (k *Keeper) lookGiven() error {
	stamp := [2]fileStamp{stampOf(k.cfg.Certificate), stampOf(k.cfg.Key)}
	if k.served != nil && stamp == k.stamp {
		return nil
	}
	if k.cfg.Certificate == "" || k.cfg.Key == "" {
		return fmt.Errorf("%w: only one of its two files is named; name both certificate and key, or none", ErrGiven)
	}
	chain, err := read(k.cfg.Certificate)
	if err != nil {
		return fmt.Errorf("%w: %w; correct the path and the rights of the file", ErrGiven, err)
	}
	key, err := read(k.cfg.Key)
	if err != nil {
		return fmt.Errorf("%w: %w; correct the path and the rights of the file", ErrGiven, err)
	}
	pair, err := tls.X509KeyPair(chain, key)
	if err != nil {
		return fmt.Errorf("%w: %w; give the certificate with its chain and the key that belongs to it, both as PEM", ErrGiven, err)
	}
	k.served, k.stamp = &pair, stamp
	return nil
}

func stampOf(path string) fileStamp {
	info, err := os.Stat(path)
	if err != nil {
		return fileStamp{}
	}
	return fileStamp{info.Size(), info.ModTime()}
}

func read(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > maxBytes {
		return nil, fmt.Errorf("%s has %d bytes, which is no certificate", path, info.Size())
	}
	return os.ReadFile(path)
}

// lookOwn reads the box's own the first time, and makes it anew when it is not
// there, makes no sense, ends soon or is for other names.
func (k *Keeper) lookOwn(now time.Time) error {
	why := ""
	var key *ecdsa.PrivateKey
	if k.served == nil {
		switch pair, err := readOwn(k.cfg.Own); {
		case err == nil:
			k.served = pair
		case errors.Is(err, fs.ErrNotExist):
			why = "there is none yet"
		default:
			why = "its file makes no sense: " + err.Error()
		}
	}
	if k.served != nil {
		key, _ = k.served.PrivateKey.(*ecdsa.PrivateKey)
		switch missing := missing(k.served.Leaf, k.cfg.Names); {
		case now.After(k.served.Leaf.NotAfter.Add(-renewBefore)):
			why = "it ends on " + k.served.Leaf.NotAfter.Format(time.DateOnly)
		case missing != "":
			why = "it is not for " + missing
		default:
			return nil
		}
	}
	pair, text, err := makeOwn(key, k.cfg.Names, now)
	if err == nil {
		err = replace.File(k.cfg.Own, text)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrOwn, err)
	}
	k.served = pair
	sum := sha256.Sum256(pair.Certificate[0])
	k.cfg.Log.Info("the box made its certificate: browsers ask once, compare the fingerprint", "why", why,
		"sha256", strings.ReplaceAll(fmt.Sprintf("% X", sum), " ", ":"), "ends", pair.Leaf.NotAfter.Format(time.DateOnly))
	return nil
}

// readOwn reads the box's own certificate and key from one file.
func readOwn(path string) (*tls.Certificate, error) {
	text, err := read(path)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(text, text)
	if err != nil {
		return nil, err
	}
	if _, ok := pair.PrivateKey.(*ecdsa.PrivateKey); !ok {
		return nil, errors.New("its key is of another kind")
	}
	return &pair, nil
}

// missing is the first of the names that a certificate is not for.
func missing(c *x509.Certificate, names []string) string {
	i := slices.IndexFunc(names, func(name string) bool { return c.VerifyHostname(name) != nil })
	if i < 0 {
		return ""
	}
	return names[i]
}

// makeOwn makes a certificate that signs itself, with a key that is kept if there
// is one. It is valid from the day before: readers' clocks are not all alike.
func makeOwn(key *ecdsa.PrivateKey, names []string, now time.Time) (*tls.Certificate, []byte, error) {
	var err error
	if key == nil {
		if key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			return nil, nil, err
		}
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, err
	}
	template := x509.Certificate{
		SerialNumber: serial.Add(serial, big.NewInt(1)),
		Subject:      pkix.Name{CommonName: "eliminacode", OrganizationalUnit: []string{"this box"}},
		NotBefore:    now.Add(-24 * time.Hour), NotAfter: now.Add(-24 * time.Hour).Add(ownLife),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},

		BasicConstraintsValid: true,
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		return nil, nil, fmt.Errorf("making it: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	var text bytes.Buffer
	for _, b := range []pem.Block{{Type: "CERTIFICATE", Bytes: der}, {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := pem.Encode(&text, &b); err != nil {
			return nil, nil, err
		}
	}
	pair, err := tls.X509KeyPair(text.Bytes(), text.Bytes())
	return &pair, text.Bytes(), err
}
