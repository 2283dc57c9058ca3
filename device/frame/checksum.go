package frame

// checksums are the kinds that a frame may have; see the package's comment.
var checksums = map[string]struct {
	size int
	of   func([]byte) []byte
}{
	"sum8":         {1, sum8},
	"xor8":         {1, xor8},
	"lrc":          {1, lrc},
	"crc16-modbus": {2, crc16Modbus},
	"crc16-ccitt":  {2, crc16CCITT},
}

func sum8(data []byte) []byte {
	var sum byte
	for _, b := range data {
		sum += b
	}
	return []byte{sum}
}

func xor8(data []byte) []byte {
	var sum byte
	for _, b := range data {
		sum ^= b
	}
	return []byte{sum}
}

func lrc(data []byte) []byte { return []byte{-sum8(data)[0]} }

func crc16Modbus(data []byte) []byte {
	crc := uint16(0xffff)
	for _, b := range data {
		crc ^= uint16(b)
		for range 8 {
			carry := crc & 1
			crc >>= 1
			if carry != 0 {
				crc ^= 0xa001
			}
		}
	}
	return []byte{byte(crc), byte(crc >> 8)}
}

func crc16CCITT(data []byte) []byte {
	crc := uint16(0xffff)
	for _, b := range data {
		crc ^= uint16(b) << 8
		for range 8 {
			carry := crc & 0x8000
			crc <<= 1
			if carry != 0 {
				crc ^= 0x1021
			}
		}
	}
	return []byte{byte(crc >> 8), byte(crc)}
}
