package procedure

import (
	"testing"

	"eliminacode/queue"
)

// A sheet that is still the example's says so in the file, and one that nobody here
// gives a number for has an empty service.
func TestExampleAndServiceOfNobodyGoOutAndComeIn(t *testing.T) {
	c := Example().At(map[queue.ServiceID]queue.ServiceID{"animali": ""})
	again, err := Parse(c.Format())
	if err != nil {
		t.Fatal(err)
	}
	p, _ := again.Procedure("cambio-residenza")
	if string(again.Format()) != string(c.Format()) || !p.Example {
		t.Errorf("%+v is not what went out", p)
	}
	if astray := again.Astray(queue.Setup{}); len(astray) != 73-8 {
		t.Errorf("%d are astray", len(astray))
	}
	own, err := Parse([]byte("codice;pratica;servizio;esempio\na;A;x;no\nb;B;;SI\n"))
	if err != nil {
		t.Fatal(err)
	}
	a, _ := own.Procedure("a")
	b, _ := own.Procedure("b")
	if a.Example || !b.Example || b.Service != "" {
		t.Errorf("%+v, %+v", a, b)
	}
}

// Whole topics go to other services and back, and one that was put together with
// another stays a topic.
func TestTopicsAreMovedWhole(t *testing.T) {
	c := Example().At(map[queue.ServiceID]queue.ServiceID{"anagrafe": "demografici", "cie": "demografici", "animali": ""})
	by := map[queue.ServiceID]Topic{}
	for _, topic := range c.Topics() {
		by[topic.ID] = topic
	}
	if len(by) != 8 || by["anagrafe"].Service != "demografici" || len(by["cie"].Procedures) != 5 || by["animali"].Service != "" || by["animali"].Mixed {
		t.Errorf("%+v", by)
	}
	if back := c.At(map[queue.ServiceID]queue.ServiceID{"anagrafe": "anagrafe", "cie": "cie", "animali": "animali"}); string(back.Format()) != string(Example().Format()) {
		t.Error("topics that were moved there and back are others")
	}
	own, err := Parse([]byte("codice;pratica;servizio\ncambio-residenza;Residenza;uno\ncambio-indirizzo;Indirizzo;due\nfunghi-nostri;Funghi;boschi\n"))
	if err != nil {
		t.Fatal(err)
	}
	topics := own.Topics()
	if len(topics) != 2 || topics[0].ID != "anagrafe" || !topics[0].Mixed || topics[1].Service != "boschi" {
		t.Errorf("%+v", topics)
	}
	// What nothing would tell the topic of is not taken away.
	if p, _ := own.At(map[queue.ServiceID]queue.ServiceID{"boschi": "", "anagrafe": ""}).Procedure("funghi-nostri"); p.Service != "boschi" {
		t.Errorf("%+v", p)
	}
}

func TestServicesAreSuggestedByTheirNames(t *testing.T) {
	services := []queue.Service{
		{ID: "s1", Name: "Ufficio anagrafe"}, {ID: "s2", Name: "Nascite, matrimoni e decessi"}, {ID: "s3", Name: "Carte d'identità"},
		{ID: "s4", Name: "Elettorale"}, {ID: "s5", Name: "Protocollo e URP"}, {ID: "s6", Name: "Mensa scolastica"},
	}
	called := map[queue.ServiceID]string{
		"anagrafe": "Anagrafe e certificati", "stato-civile": "Stato civile", "cie": "Carta d'identità elettronica", "elettorale": "Elettorale e leva",
		"protocollo": "Informazioni e protocollo", "animali": "Animali, caccia e pesca",
	}
	want := map[queue.ServiceID]queue.ServiceID{"anagrafe": "s1", "cie": "s3", "elettorale": "s4", "protocollo": "s5", "animali": ""}
	for _, topic := range Example().Topics() {
		if service, asked := want[topic.ID]; asked {
			if got := topic.Suggest(called[topic.ID], services); got != service {
				t.Errorf("%s: %q, want %q", topic.ID, got, service)
			}
		}
	}
	all := append(services, queue.Service{ID: "animali", Name: "Altro"})
	for _, topic := range Example().Topics() {
		if got := topic.Suggest("", all); topic.ID == "animali" && got != "animali" {
			t.Errorf("a service with the topic's own id is not the one: %q", got)
		}
	}
}

// Where not everything is offered, what is offered fills the list.
func TestWhatIsNotOfferedIsNotFound(t *testing.T) {
	c := Reference()
	offered := func(p Procedure) bool { return p.Service == "cie" }
	for _, p := range c.FindAmong("it", "carta", 3, offered) {
		if p.Service != "cie" {
			t.Errorf("%+v is found", p)
		}
	}
	if len(c.FindAmong("it", "carta", 3, offered)) == 0 {
		t.Error("nothing is found")
	}
}
