package private

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// SetAside moves a private file that is damaged out of the way, so that the next Open
// begins an empty one. It answers where the file is now: in the same folder, under its
// own name and the time. Nothing is deleted and nothing is written over.
func SetAside(path string, now time.Time) (aside string, err error) {
	stamp := path + ".damaged-" + now.Format("2006-01-02-150405")
	aside = stamp
	for n := 2; ; n++ {
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			break
		} else if err != nil {
			return "", fmt.Errorf("setting the private file aside: %w; its folder must belong to the user that the program runs as", err)
		}
		aside = fmt.Sprintf("%s-%d", stamp, n)
	}
	if err := errors.Join(os.Rename(path, aside), syncFolder(filepath.Dir(path))); err != nil {
		return "", fmt.Errorf("setting the private file aside: %w; its folder must belong to the user that the program runs as", err)
	}
	return aside, nil
}
