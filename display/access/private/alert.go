package private

import (
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"eliminacode/display/access"
)

var alertKey = []byte("desk-alert")

// loadAlert reads the alert of desks; a file that has none marks nothing.
func (s *Store) loadAlert(meta *bbolt.Bucket) error {
	value := meta.Get(alertKey)
	if value == nil {
		return nil
	}
	err := decodeRow(value, &s.alert)
	if err == nil && s.alert != (access.DeskAlert{}) {
		err = s.alert.Validate()
	}
	if err != nil {
		return fmt.Errorf("the alert of desks: %w", err)
	}
	return nil
}

// DeskAlert is the alert of desks that is switched on; the zero value is none.
func (s *Store) DeskAlert() access.DeskAlert {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.alert
}

// SetDeskAlert switches the alert of desks on. It answers what DeskAlert.Validate
// does.
func (s *Store) SetDeskAlert(now time.Time, by access.By, a access.DeskAlert) error {
	if err := a.Validate(); err != nil {
		return err
	}
	return s.putAlert(now, by, "alert.on", a)
}

// ClearDeskAlert switches the alert of desks off.
func (s *Store) ClearDeskAlert(now time.Time, by access.By) error {
	return s.putAlert(now, by, "alert.off", access.DeskAlert{})
}

// putAlert keeps the alert of desks; the zero value is none.
func (s *Store) putAlert(now time.Time, by access.By, what string, a access.DeskAlert) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if a == s.alert {
		return nil
	}
	put := change{
		func(tx *bbolt.Tx) error {
			value, err := encodeRow(a)
			if err != nil {
				return err
			}
			return tx.Bucket(metaBucket).Put(alertKey, value)
		},
		func() { s.alert = a },
	}
	return s.commit(put, s.audit(now, by, what, "", s.alert, a))
}
