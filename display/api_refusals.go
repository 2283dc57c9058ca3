package display

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"eliminacode/queue/words"
)

// A refusalStatus is a status with which calls refuse, and what it says to who writes a
// program.
type refusalStatus struct {
	status int
	name   string // of the response in the document
	means  string
	// of tells which calls may refuse so.
	of func(w who, op *huma.Operation) bool
}

// refusalStatuses are those of the API, in the order of the document.
var refusalStatuses = []refusalStatus{
	{http.StatusBadRequest, "BadRequest", "The request cannot be read, or a value in it makes no sense to the office. Correct it: sent again as it is, it is refused again.", anyCall},
	{http.StatusUnauthorized, "NotSignedIn", "Nobody is recognised: the token is missing, wrong, revoked or past its day. Show a good one.", forSomebody},
	{http.StatusForbidden, "NotAllowed", "The role or the scopes of the token are not those of this call, or what the office itself does not allow was asked for.", forSomebody},
	{http.StatusNotFound, "NotThere", "What the address or the body names is not there, or no more, or is not of today.", anyCall},
	{http.StatusMethodNotAllowed, "WrongMethod", "The address is there and does not take the method of the request: Allow says which it takes. No call of this document is refused so.", noCall},
	{http.StatusConflict, "Refused", "The office, or an entry of it, is not in a state in which this can be done; nothing was done. Read how it is now, and decide anew. Where a call takes seen, version or mark, somebody else has changed the thing since that answer.", anyCall},
	{http.StatusGone, "Gone", "What is asked for is kept no more. Of events the first that there is stands in oldest: go on with it, and know that what lies before is missing.",
		func(_ who, op *huma.Operation) bool { return tellsOld(op) }},
	{http.StatusRequestEntityTooLarge, "TooLarge", "The body is longer than the call takes.", anyCall},
	{http.StatusUnsupportedMediaType, "WrongType", "Content-Type is not that of the call.",
		func(_ who, op *huma.Operation) bool { return op.RequestBody != nil }},
	{http.StatusUnprocessableEntity, "WrongFields", "A field of the body or of the address is unknown, missing or not as the document says: errors names each. Or an Idempotency-Key was used for another request.", anyCall},
	{http.StatusTooManyRequests, "TooMany", "Too many requests, tickets or presses for now. Wait for the seconds of Retry-After, and send the same again, by the same Idempotency-Key.", anyCall},
	{http.StatusServiceUnavailable, "Unavailable", "The box cannot do it at present: nothing was done. Send the same again later, by the same Idempotency-Key.", anyCall},
}

func anyCall(who, *huma.Operation) bool { return true }

func noCall(who, *huma.Operation) bool { return false }

func forSomebody(w who, _ *huma.Operation) bool { return w.roles != nil || w.topic }

// tellsOld tells that a call asks for events from a sequence on, or for a day that was.
func tellsOld(op *huma.Operation) bool {
	return op.Path == "/api/v1/events" || strings.HasSuffix(op.Path, "/replay") || strings.Contains(op.Path, "/closing")
}

// ofPages are the codes that pages alone refuse with, and no call.
var ofPages = []string{
	"bad-decimals", "closing-unread",
	"provider-away", "not-proven", "wrong-login", "pin-opens-nothing", "access-disabled", "wait", "signing-in-busy",
	"pin-short", "password-short", "password-digits", "secret-long", "secret-row", "secret-repeated", "pin-date", "secret-few", "password-letters", "password-common", "secret-unreadable", "not-a-pin", "secret-like-name",
}

// refusalCodes are the codes with which calls refuse, by their status.
func refusalCodes() map[int][]string {
	all := map[int][]string{}
	add := func(err error) {
		status, code := explanation(err)
		if !slices.Contains(ofPages, code) && !slices.Contains(all[status], code) {
			all[status] = append(all[status], code)
		}
	}
	for _, e := range explained {
		add(e.err)
	}
	for _, err := range words.Refusals() {
		add(err)
	}
	for _, codes := range all {
		slices.Sort(codes)
	}
	return all
}

// describeRefusals puts what every call may be refused with into the document, once.
func (o *operations) describeRefusals() {
	d, codes := o.api.OpenAPI(), refusalCodes()
	schema := d.Components.Schemas.Schema(reflect.TypeFor[problem](), true, problemSchema)
	d.Components.Responses = map[string]*huma.Response{}
	for _, x := range refusalStatuses {
		made := &huma.Response{
			Description: x.means + " Codes: " + strings.Join(codes[x.status], ", ") + ".",
			Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: schema}},
		}
		if x.status == http.StatusTooManyRequests {
			made.Headers = map[string]*huma.Param{"Retry-After": {Description: "For how many seconds to wait", Schema: &huma.Schema{Type: huma.TypeInteger}}}
		}
		d.Components.Responses[x.name] = made
	}
}

// refusing says in the document which of them a call may be refused with.
func refusing(w who, op *huma.Operation) {
	for _, x := range refusalStatuses {
		if x.of(w, op) {
			op.Responses[strconv.Itoa(x.status)] = &huma.Response{Ref: "#/components/responses/" + x.name}
		}
	}
}

// An apiRefusal is a status of the page of the API, and the codes that come with it.
type apiRefusal struct {
	Status int
	Means  string
	Codes  []apiCode
}

// An apiCode is a code, and its sentence in English.
type apiCode struct{ Code, Says string }

// readableRefusals are the refusals as a person reads them.
func readableRefusals() (all []apiRefusal) {
	codes, english := refusalCodes(), words.In("en")
	for _, x := range refusalStatuses {
		one := apiRefusal{Status: x.status, Means: x.means}
		for _, code := range codes[x.status] {
			says, _ := english.ByCode(code)
			one.Codes = append(one.Codes, apiCode{code, says})
		}
		all = append(all, one)
	}
	return all
}

// tagAbout are the subjects of calls, in the words of the document.
var tagAbout = []huma.Tag{
	{Name: "desks", Description: "What a clerk does at a desk: POST open, then next again and again; start, finish, recall, no-show, park and transfer are about the ticket that next answered with. A desk is opened before it calls."},
	{Name: "reception", Description: "What the reception does: tickets, appointments of today, and contacts that need no ticket."},
	{Name: "blocks", Description: "Numbers that are handed out on paper while a machine is dead, and called as any other."},
	{Name: "totem", Description: "A ticket for who stands at a totem; what is said is for citizens, in the language of the office."},
	{Name: "manager", Description: "What the manager decides about the open day. It holds for today; what holds for longer is the office."},
	{Name: "clock", Description: "The clock of the office."},
	{Name: "devices", Description: "Printers, and the box itself."},
	{Name: "state", Description: "What each page shows, as it is now. Events tell when it has changed: there is no need to ask again and again."},
	{Name: "reports", Description: "How long people waited. Nothing is told of a single desk or clerk."},
	{Name: "events", Description: "What happens, as it happens and from any sequence on, without a gap."},
	{Name: "open", Description: "Figures for everybody, without a token, where the office publishes them."},
	{Name: "procedures", Description: "The catalogue of what citizens come for."},
	{Name: "webhooks", Description: "Programs that are told of events. Each delivery is a post of a CloudEvent, signed as Standard Webhooks have it (webhook-id, webhook-timestamp, webhook-signature), and is repeated over a day until it is answered with 2xx: what has the same webhook-id was told before."},
	{Name: "people", Description: "Accounts of people. They are for administrators who have signed in, and for no token."},
	{Name: "screens", Description: "Boards, totems and voting screens that were paired."},
	{Name: "tokens", Description: "What lets programs in."},
	{Name: "acts", Description: "What who administers has changed."},
	{Name: officeTag, Description: "What the office is, value by value. Whoever calls has a draft: read it, set values with its mark, look at the effect, and save."},
	{Name: "rehearsal", Description: "Buttons, keypads and faults of a box without hardware."},
}

// describeTags puts the subjects that the document has into it.
func (o *operations) describeTags() {
	d := o.api.OpenAPI()
	for _, tag := range tagAbout {
		used := false
		for _, item := range d.Paths {
			for _, op := range methodsOf(item) {
				used = used || slices.Contains(op.Tags, tag.Name)
			}
		}
		if used {
			d.Tags = append(d.Tags, &tag)
		}
	}
}

// methodsOf are the calls of an address.
func methodsOf(item *huma.PathItem) (all []*huma.Operation) {
	for _, op := range []*huma.Operation{item.Get, item.Post, item.Put} {
		if op != nil {
			all = append(all, op)
		}
	}
	return all
}

// documented is a call of the document; nil when it has none.
func (o *operations) documented(method, path string) *huma.Operation {
	item := o.api.OpenAPI().Paths[path]
	if item == nil {
		return nil
	}
	return map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put}[method]
}
