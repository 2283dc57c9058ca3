// Package printers joins the printer profiles of the settings to the printers'
// driver, which know nothing of each other. It stands apart from the program
// so that the driver's tests can be held against every shipped profile.
package printers

import (
	"errors"

	"eliminacode/device"
	"eliminacode/device/escpos"
	config "eliminacode/firmware-config"
)

// Profile is a profile of the settings as the driver knows it. The error says
// which bytes are not written in hexadecimal; accepted settings have none such.
func Profile(p config.Profile) (escpos.Profile, error) {
	var unreadable []error
	bytes := func(text string) []byte {
		b, err := config.Bytes(text)
		unreadable = append(unreadable, err)
		return b
	}
	model := escpos.Profile{
		Name: p.Name, Columns: p.Columns, ColumnsB: p.ColumnsB, HeadDots: p.HeadDots,
		CodePage: p.CodePage, CodePageN: byte(p.CodePageNumber),
		SecondPage: p.SecondCodePage, SecondPageN: byte(p.SecondCodePageNumber),
		Begin: bytes(p.Begin), LargestSize: p.LargestSize,
		StrictFixedBits: p.StrictStatusBits, ASB: p.AutomaticStatus, FullStatus: p.FullStatus,
		NearEndSensor: p.NearEndSensor, NativeQR: p.NativeQR,
		FeedBeforeCutDots: p.FeedBeforeCutDots, CutterGapDots: p.CutterGapDots, Cut: bytes(p.Cut),
		PresentSteps: p.PresentSteps, PresentCuts: p.PresentCuts, NextPushes: p.NextPushes,
		ClearMouth: bytes(p.ClearMouth), ClearMouthSeconds: p.ClearMouthAfter,
		BufferBytes: p.BufferBytes, SettleMillis: p.SettleMs,
	}
	if p.IsRaw() {
		model.SecondPage = ""
		model.Raw = &escpos.Raw{
			Begin: bytes(p.Raw.Begin), BeforeNumber: bytes(p.Raw.BeforeNumber), AfterNumber: bytes(p.Raw.AfterNumber),
			LineEnd: bytes(p.Raw.LineEnd), End: bytes(p.Raw.End),
		}
		return model, errors.Join(unreadable...)
	}
	for _, a := range p.Ack {
		model.Acks = append(model.Acks, device.Rung(a))
	}
	if p.Logo != none {
		model.Logo = escpos.LogoDialect(p.Logo)
	}
	if p.Identity != none {
		model.Identity = escpos.Identity(p.Identity)
	}
	return model, errors.Join(unreadable...)
}

// none is the settings' word for what a printer does not have.
const none = "none"
