// Package smallfile reads the small files that flags name.
package smallfile

import (
	"fmt"
	"io"
	"os"
)

// most is the largest size of such a file in bytes.
const most = 1 << 20

// Read returns what is in a regular file of at most 1 MiB. It refuses others:
// opening a pipe waits for its writer, and a device may never end.
func Read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && len(text) > most {
		err = fmt.Errorf("%s is too long; want at most %d bytes", path, most)
	}
	return text, err
}
