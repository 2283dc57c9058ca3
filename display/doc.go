// Package display is the only web face of the house: pages, the API that their
// scripts act through, and one hub of websockets.
//
// It changes nothing itself. A click becomes a queue.Command and goes through
// the same Office.Do as a key of a keypad; what is shown is display/view's
// picture of the newest state of Office.Watch. It never sees devices, the
// journal or the engine, only the small interfaces of Config.
//
// # Pages and addresses
//
//	/                     index of pages
//	/tabellone            hall display (?tema=chiaro|scuro|contrasto, ?nome=Atrio, ?pollici=43&metri=8, ?sala=, ?servizio=)
//	/suoni/{clip}         a sound that the boards play
//	/totem?outlet=totem   touch screen of an outlet; what a citizen sets there for himself stands in
//	                      its address too (lingua, testo, contrasto, tasti, precedenza,
//	                      cerca, informazioni)
//	/voto                 voting screen of the desk where it was paired
//	/accesso              where one signs in; /primo-accesso, /codice with a one-time code
//	/cruscotto[/{desk}]   console of a desk
//	/accoglienza          reception
//	/responsabile         the manager's first page
//	/responsabile/chiamate  why each number was called today
//	/responsabile/attese  waiting times, what was told and contacts, and /responsabile/attese.csv, esiti.csv, contatti.csv
//	/demo/...             virtual paper and buttons, where there is a Demo
//	/attese               what the office publishes of its queues, for everybody
//	/webhook              which programs are told what; package notify delivers
//	/ws                   the hub: ?page=board|totem|voting|console|desks|reception|manager|devices|walk|pulse
//	/api/v1/              the document of the API as a page; openapi.json for programs
//	/api/v1/...           the same commands and views as JSON, typed: see operations
//	/api/v1/open/...      the same as JSON, CSV and NGSI-LD, for any site
//	/api/v1/events        what happens, as server-sent events; /api/v1/events/ws the same over a websocket
//
// Pages for the staff and the totem are plain forms that post and redirect;
// with script the same forms go through the API and the page is refreshed by
// the hub. A call refuses what it does not know: the script sends of a form what its
// call takes. Errors of the API are application/problem+json (RFC 9457).
//
// # The hub
//
// A topic is a page with its arguments. When the state moves on, each topic
// that somebody watches is rendered once and, if it changed, offered to its
// clients as one websocket.PreparedMessage. Three loops do so: one for boards,
// one for totems and consoles, one for the other pages of the staff, which
// rests longer than it works. A client holds one pending message, the newest;
// whoever does not read within the write deadline is dropped and never waited
// for. A client gets a full snapshot when it connects, and a beat every few
// seconds from the loop that renders its topic, so that a page knows a dead
// socket from a quiet office; a topic that cannot be rendered has no beat. A page
// tells back which sequence number it has painted and whether it may sound; a
// number that was never sent to it counts for nothing.
//
// # Events
//
// A stream tells the events of the office to a program, from any sequence on
// (?from=), after the last one that it has (Last-Event-ID, or ?after=), or from
// now on. The journal is its buffer: first the past is read from it, then each
// newer state says how far to read on, so that there is no gap, no event twice,
// and nothing that is not on disk. The first message is a start with the
// journal's identity, then come events (view.Event), a beat every 15 s, and an
// end with the reason when the server ends it. A name of another journal is
// refused: after a restore a reader begins anew. A reader that takes longer over
// a message than it may loses its place, and goes on when it comes back.
//
// # Who asks
//
// Every address stands in the list of routes with the roles that may use it. A
// person has a session, a screen was paired, a program has a token; Config.Access
// tells which, and Config.Open asks nobody. Over plain HTTP another machine finds
// only what is in the hall; the pages of the staff are for this machine, and for
// every other under TLS. The journal never learns who a person is: at a desk
// there is an account that only the key of the day can tie to somebody.
//
// # Safety
//
// Every request passes the guard: the Host must be a loopback name, a
// configured host or an IP address (against DNS rebinding);
// posts must come from the same origin; bodies are small; pages run no inline
// script. The websocket checks the origin again. Connections, websockets,
// requests and tickets are bounded by address and by kind of page (Bounds), so
// that a flood of one machine leaves the others their places.
//
// New starts nothing. Run and Serve block until their context ends and
// everything they started has ended. Handler may be used from any goroutine.
package display
