package printers_test

import (
	"testing"

	"eliminacode/cmd/eliminacode/printers"
	"eliminacode/device/escpos"
	config "eliminacode/firmware-config"
)

// Every shipped profile is one that the driver accepts.
func TestShippedProfiles(t *testing.T) {
	for _, p := range config.BuiltInProfiles() {
		model, err := printers.Profile(p)
		if err != nil {
			t.Fatalf("%s: %v", p.Name, err)
		}
		if err := model.Validate(); err != nil {
			t.Error(err)
		}
		if (model.Raw != nil) != (p.Name == "raw") {
			t.Errorf("%s: raw is %v", p.Name, model.Raw)
		}
	}
}

// Nothing of a profile is lost on the way to the driver.
func TestProfile(t *testing.T) {
	vkp80, ok := config.Settings{}.Profile("custom-vkp80")
	if !ok {
		t.Fatal("custom-vkp80 is not shipped")
	}
	got, err := printers.Profile(vkp80)
	if err != nil {
		t.Fatal(err)
	}
	if !got.PresentCuts || got.PresentSteps != 12 || !got.NextPushes || string(got.ClearMouth) != "\x1de\x05" ||
		got.ClearMouthSeconds != 60 || got.Identity != escpos.IdentityByte || got.Logo != escpos.LogoNone || !got.FullStatus {
		t.Errorf("custom-vkp80 became %+v", got)
	}
	vkp80.ClearMouth = "XY"
	if _, err := printers.Profile(vkp80); err == nil {
		t.Error("bytes that are none were accepted")
	}
}
