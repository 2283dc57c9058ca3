package display

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"

	"eliminacode/display/access/private"
	"eliminacode/queue"
	"eliminacode/queue/procedure"
)

// fullProcedures are on a disk that takes nothing.
type fullProcedures struct {
	testProcedures
	err error
}

func (p *fullProcedures) Replace([]byte) (*procedure.Catalogue, error) { return nil, p.err }

// Whatever the disk does not take is told with its reason, and not as a fault.
func TestADiskThatTakesNothingIsToldForEveryWrite(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	kept := &fullProcedures{}
	kept.c = procedure.Reference()
	cfg.Procedures = kept
	s := serve(t, cfg, "")
	for _, x := range []struct {
		disk error
		code string
		says string
	}{
		{syscall.ENOSPC, "not-stored", "il disco è pieno"},
		{syscall.EDQUOT, "not-stored", "il disco è pieno"},
		{syscall.EROFS, "disk-fails", "non accetta scritture"},
		{syscall.EIO, "disk-fails", "non accetta scritture"},
	} {
		failed := &os.PathError{Op: "write", Path: "x", Err: x.disk}
		for _, in := range []error{queue.ErrNotStored, private.ErrNotStored} {
			kept.err = fmt.Errorf("%w: %w", in, failed)
			status, _, body := ask(t, request(t, "PUT", s.url+"/api/v1/procedures.csv", "codice;pratica;servizio\nx;y;z\n", "Content-Type", "text/csv"))
			if status != http.StatusServiceUnavailable || !strings.Contains(body, `"code":"`+x.code+`"`) || !strings.Contains(body, x.says) {
				t.Errorf("%v in %v: %d %s", x.disk, in, status, body)
			}
		}
	}
}
