package gpio

// A ChipInfo is a GPIO chip as Init found it.
type ChipInfo struct {
	Label string // such as pinctrl-bcm2711
	Path  string // such as /dev/gpiochip0
	Lines []LineInfo
}

// A LineInfo is a line of a chip as Init found it.
type LineInfo struct {
	Name     string // such as GPIO17; empty for a line without one
	Consumer string // who has it, as the kernel says; empty when nobody has
}

// Survey is every chip that Init found, with its lines. It opens nothing.
func Survey() []ChipInfo {
	var chips []ChipInfo
	for _, chip := range found() {
		info := ChipInfo{Label: chip.Label(), Path: chip.Path()}
		for _, l := range chip.Lines() {
			info.Lines = append(info.Lines, LineInfo{Name: l.Name(), Consumer: l.Consumer()})
		}
		chips = append(chips, info)
	}
	return chips
}
