// Package procedure is the catalogue of what people come for: about seventy
// procedures of a town hall, each with the sheet that the reception reads out
// (who, documents, cost, time, where, responsible office, target days) and the
// service whose queue it belongs to. It finds procedures by words.
//
// It never decides about a ticket, and has no disk: a Catalogue is read from the
// bytes of a CSV file and written as such. Catalogues are values that never change
// once made; any goroutine may search one.
//
// # The file
//
// A line of headings, then a line each procedure, UTF-8 with or without a byte
// order mark, cells divided by semicolons or by commas, as the headings are. Both
// are what a spreadsheet writes as «CSV UTF-8». The headings may stand in any
// order; codice, pratica and servizio must be there:
//
//	codice       the short name that never changes: a-z, 0-9, -
//	pratica      the name
//	servizio     the id of the service, as the office has it
//	altre parole what else people call it, by commas
//	parole tedesche, parole francesi, parole slovene, parole inglesi
//	             what people call it in German, French, Slovene and English, by commas, the
//	             first one as its name; empty for what the reference office has
//	chi          who may ask
//	documenti    what to bring
//	costo        what it costs
//	tempo        how long it takes, or when it is ready
//	dove         at which desk, or where else
//	ufficio      who is responsible
//	giorni       within how many days it is done; empty when at once
//
// Written, a cell that a spreadsheet would run is defused as queue/cell has it.
package procedure
