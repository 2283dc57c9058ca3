package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"eliminacode/display/view"
)

// typePrefix stands before the kind of an event in a CloudEvent's type.
const typePrefix = "eliminacode."

// KindTest is the kind of the event that a test sends.
const KindTest = "test"

// A cloudEvent is a CloudEvent 1.0 in structured JSON.
type cloudEvent struct {
	SpecVersion     string     `json:"specversion"`
	ID              string     `json:"id"`
	Source          string     `json:"source"`
	Type            string     `json:"type"`
	Subject         string     `json:"subject,omitempty"`
	Time            string     `json:"time"`
	DataContentType string     `json:"datacontenttype"`
	Data            view.Event `json:"data"`
}

// bodyOf is the body that tells an event.
func bodyOf(e view.Event) ([]byte, error) {
	b, err := json.Marshal(cloudEvent{
		SpecVersion: "1.0", ID: e.ID, Source: "urn:eliminacode:" + e.Journal, Type: typePrefix + e.Kind,
		Subject: e.Data.Ticket, Time: e.At, DataContentType: "application/json", Data: e,
	})
	if err != nil {
		return nil, fmt.Errorf("encoding event %s: %w", e.ID, err)
	}
	return b, nil
}

// sign puts the headers of Standard Webhooks on a request.
func sign(h http.Header, secret, id string, at time.Time, body []byte) error {
	k, err := key(secret)
	if err != nil {
		return err
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, k)
	fmt.Fprintf(mac, "%s.%s.", id, stamp)
	mac.Write(body)
	h.Set("webhook-id", id)
	h.Set("webhook-timestamp", stamp)
	h.Set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return nil
}
