// Package web holds the templates, styles and scripts of the pages, embedded.
// The folder vendor is filled by npm with Bootstrap Italia's style, fonts and
// icons, and may be empty: the pages look decent without it.
package web

import "embed"

// FS has the folders templates, static and vendor.
//
//go:embed templates static all:vendor
var FS embed.FS
