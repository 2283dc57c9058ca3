package main

import "testing"

// TestStableNames compares with what udev 252 calls the same devices.
func TestStableNames(t *testing.T) {
	const bus = "/sys/devices/platform/4010000000.pcie/pci0000:00/0000:00:10.0/usb1"
	for _, c := range []struct{ device, want string }{
		{bus + "/1-2/1-2:1.0/0003:0627:0001.0002/input/input2/event2", "platform-4010000000.pcie-pci-0000:00:10.0-usb-0:2:1.0"},
		{bus + "/1-1/1-1.4/1-1.4:1.1/input/input2/event2", "platform-4010000000.pcie-pci-0000:00:10.0-usb-0:1.4:1.1"},
		{bus + "/1-3/1-3:1.0/ttyUSB0/tty/ttyUSB0", "platform-4010000000.pcie-pci-0000:00:10.0-usb-0:3:1.0-port0"},
		{"/sys/devices/platform/dummy_hcd.0/usb3/3-1/3-1:1.0/tty/ttyACM0", "platform-dummy_hcd.0-usb-0:1:1.0"},
	} {
		if got, ok := stableName(c.device); !ok || got != c.want {
			t.Errorf("%s is %q, %v; want %q", c.device, got, ok, c.want)
		}
	}
	if name, ok := stableName("/sys/devices/platform/gpio-keys/input/input0/event0"); ok {
		t.Errorf("what hangs on no USB is %q", name)
	}
}
