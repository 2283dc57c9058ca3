package display

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"eliminacode/display/web"
)

// assets are the embedded styles, scripts and fonts. Their address carries the
// hash of all of them, so that a browser may keep them for ever and never
// mixes those of two builds.
type assets struct {
	hash   string
	vendor bool // Bootstrap Italia is there
}

func newAssets() (assets, error) {
	sum := sha256.New()
	err := fs.WalkDir(web.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(web.FS, name)
		if err != nil {
			return err
		}
		sum.Write([]byte(name))
		sum.Write(b)
		return nil
	})
	if err != nil {
		return assets{}, err
	}
	_, err = fs.Stat(web.FS, "vendor/bootstrap-italia.min.css")
	return assets{hash: hex.EncodeToString(sum.Sum(nil))[:12], vendor: err == nil}, nil
}

// base is the path before every asset.
func (a assets) base() string { return "/static/" + a.hash }

// serve answers /static/{hash}/{folder}/{file}; false, and nothing, where there is no
// such file.
func (a assets) serve(w http.ResponseWriter, r *http.Request) bool {
	name := path.Clean(r.PathValue("file"))
	folder := "static/"
	if strings.HasPrefix(name, "vendor/") {
		folder = ""
	}
	b, err := fs.ReadFile(web.FS, folder+name)
	if err != nil || r.PathValue("hash") != a.hash {
		return false
	}
	kind := mime.TypeByExtension(path.Ext(name))
	switch path.Ext(name) {
	// The box may have no table of types.
	case ".js":
		kind = "text/javascript; charset=utf-8"
	case ".css":
		kind = "text/css; charset=utf-8"
	case ".svg":
		kind = "image/svg+xml"
	case ".woff2":
		kind = "font/woff2"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(b)
	return true
}

func (s *Server) getAsset(w http.ResponseWriter, r *http.Request) {
	if !s.assets.serve(w, r) {
		s.refuse(w, r, errNoPage)
	}
}
