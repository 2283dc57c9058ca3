// Package notify tells other programs what happened, by webhook.
//
// It owns the list of hooks, how far each has come in the journal, what is to be
// tried again, and a log of the last attempts, all in one private document that
// its caller keeps (Config.Write). It never changes the office and knows nothing
// but the events that display/view tells to programs outside.
//
// # A delivery
//
// The body is a CloudEvent (1.0, structured JSON) whose data is the view.Event; the
// headers are those of Standard Webhooks: webhook-id is the event's own name, so
// that a receiver knows one that comes twice; webhook-timestamp is in seconds;
// webhook-signature is "v1," and the base64 of the HMAC-SHA256 of
// "id.timestamp.body" under the hook's secret.
//
// Any answer of 2xx is success. 410 switches the hook off. Whatever else is tried
// again after growing delays (Delays), over a day, and then given up. The journal is
// the outbox of what was never tried: a hook that has MostPending events to try
// again takes no new ones until some are through, and nothing is lost. After a
// failure new events wait a minute, so that a receiver that is down is not asked
// for each of them. Delivery is at least once and mostly in order.
//
// # What is kept of past days
//
// The log pairs events with times, which events of past days do not tell (view.Event).
// So of a day that is over it has only how many attempts came to what, on disk too, and
// what is to be tried again waits from the end of that day.
//
// # Where a delivery may go
//
// An address is checked when it is entered, as far as it tells itself where it leads,
// so that who enters it is told at once. It is checked again when the connection is
// made, after its name was looked up, so that a name that points elsewhere later
// changes nothing. https may go anywhere
// but to what is refused always: link-local, multicast and unspecified addresses,
// where machines keep their own services. http goes only to private networks, since
// others could read it on the way. Loopback and the addresses of the box's own
// interfaces are refused, since its services answer there, unless the hook says that
// its receiver runs on this box. Redirects
// are not followed: they would lead to where nobody allowed. No proxy is used.
//
// # Use
//
// A Sender may be used from any goroutine. Run delivers until its context ends, with
// one goroutine a hook.
package notify
