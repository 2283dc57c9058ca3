// Package web holds the templates, styles and scripts of the pages, embedded.
// The folder vendor is filled by npm with what the pages use of Bootstrap
// Italia's style, and its fonts, and may be empty: the pages look decent without it.
package web

import "embed"

// FS has the folders templates, static and vendor.
//
//go:embed templates static all:vendor
var FS embed.FS
