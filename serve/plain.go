package serve

import "encoding/binary"

// plain checks what a client says before its packets are encrypted: a line with
// its version, and packets up to the one that says that new keys are taken into
// use. What could not be a client of SSH is told by its first bytes, and is not
// waited for.
type plain struct {
	line   int     // bytes of the version's line
	lined  bool    // that line has ended
	header [6]byte // of a packet: its length, its padding's length and its kind
	read   int     // bytes of the header
	skip   int     // bytes of the packet that are still to come
	over   bool    // what follows is encrypted
}

const (
	versionStart = "SSH-"
	longestLine  = 255    // RFC 4253, section 4.2
	longestPlain = 35_000 // bytes of a packet that everyone must be able to take (section 6.1)
	newKeys      = 21     // the kind of packet that is the last one in plain
)

// check takes the next bytes and returns what is wrong with them, if anything is.
func (p *plain) check(bytes []byte) string {
	for len(bytes) > 0 && !p.over {
		if p.skip > 0 {
			n := min(p.skip, len(bytes))
			p.skip -= n
			bytes = bytes[n:]
			continue
		}
		b := bytes[0]
		bytes = bytes[1:]
		if !p.lined {
			if p.line < len(versionStart) && b != versionStart[p.line] {
				return "does not speak SSH"
			}
			if p.line++; p.line > longestLine {
				return "a version too long"
			}
			p.lined = b == '\n'
			continue
		}
		p.header[p.read] = b
		p.read++
		length := binary.BigEndian.Uint32(p.header[:4])
		switch {
		case p.read >= 4 && (length < 2 || length > longestPlain):
			return "a packet of an invalid length"
		case p.read == len(p.header):
			p.read = 0
			p.skip = int(length) - 2 // the header has two of them
			p.over = p.header[5] == newKeys
		}
	}
	return ""
}
