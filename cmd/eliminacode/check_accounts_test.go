package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"eliminacode/display/access"
	"eliminacode/display/access/private"
	"eliminacode/queue/words"
)

// TestCheckNamesDamagedAccounts: check names the damaged account with what to do, whether
// or not a daemon has the file, and the pages have an alarm. Where no administrator can be
// read, a technician's grip sets the file aside; else it never does.
func TestCheckNamesDamagedAccounts(t *testing.T) {
	data := t.TempDir()
	store, err := openAccounts(data, private.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, login := range []string{"anna", "bruno"} {
		if _, err := store.MakeMember(time.Now(), onTheBox, access.Member{Login: login, Name: login, Roles: []access.Role{access.Clerk}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	said := func(found []finding) (all string) {
		for _, f := range found {
			told := f.in(english())
			all += told.State + " " + told.Found + " -> " + told.Do + "\n"
		}
		return all
	}
	if got := said(accounts(t.Context(), data, nil)); got != "OK all accounts can be read -> \n" {
		t.Errorf("whole accounts: %s", got)
	}
	if aside, err := accessAnew(data); aside != "" || err != nil {
		t.Errorf("whole accounts are set aside: %q %v", aside, err)
	}
	file := filepath.Join(data, privateName, accountsName)
	db, err := bbolt.Open(file, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte("members"))
		return b.ForEach(func(k, v []byte) error {
			if !strings.Contains(string(v), `"anna"`) {
				return nil
			}
			return b.Put(append([]byte(nil), k...), []byte("00000000 "+string(v[9:])))
		})
	}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	named := func(got string) {
		t.Helper()
		says(t, "check", got, "WARN the account anna is damaged on disk and opens nothing; the others work -> an administrator adds it again at People")
		says(t, "check", got, "FAIL an account is damaged on disk and no administrator can be read", "hold two buttons down together for 10 seconds", file)
	}
	named(said(accounts(t.Context(), data, nil)))

	o := &office{anew: make(chan struct{}, 1)}
	if o.access, err = openAccounts(data, private.Options{}); err != nil {
		t.Fatal(err)
	}
	named(said(foundRows(partOf("accounts"), o.foundAccounts(), file)))
	if text := words.In("it").Alarm(words.AlarmAccessRows); text.What == words.In("it").Alarm("another").What || text.Do == "" {
		t.Errorf("the alarm says %+v", text)
	}
	if !o.damagedAccess() {
		t.Error("a grip cannot begin the accounts anew where no administrator can be read")
	}
	if err := o.access.Close(); err != nil {
		t.Fatal(err)
	}
	aside, err := accessAnew(data)
	if err != nil || !strings.HasPrefix(aside, file+".damaged-") {
		t.Errorf("set aside as %q, %v", aside, err)
	}
	if o.access, err = openAccounts(data, private.Options{}); err != nil {
		t.Fatal(err)
	}
	defer o.access.Close()
	if o.damagedAccess() || !o.access.NeedsFirst() {
		t.Error("the new accounts are damaged, or have an administrator")
	}
}
