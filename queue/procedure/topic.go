package procedure

import (
	"maps"
	"slices"

	"eliminacode/queue"
)

// A Topic is the procedures that the reference office has at one of its services. An
// office that has other services says once for each topic who does that there.
type Topic struct {
	// ID is the service of the reference office; for procedures that it does not have,
	// the one that they name.
	ID         queue.ServiceID
	Procedures []Procedure // by name
	// Service is where all of them are now, or empty for nowhere; Mixed tells that they
	// are at several, one by one.
	Service queue.ServiceID
	Mixed   bool
}

// topic is the topic of a procedure; empty where neither it nor the reference office
// names a service.
func (p Procedure) topic() queue.ServiceID {
	if r, ok := reference().Procedure(p.ID); ok {
		return r.Service
	}
	return p.Service
}

// Topics are the topics of the catalogue, by their ids.
func (c *Catalogue) Topics() []Topic {
	by := map[queue.ServiceID]*Topic{}
	for _, p := range c.all {
		id := p.topic()
		if id == "" {
			continue
		}
		t := by[id]
		if t == nil {
			t = &Topic{ID: id, Service: p.Service}
			by[id] = t
		}
		t.Procedures = append(t.Procedures, p)
		t.Mixed = t.Mixed || p.Service != t.Service
	}
	var all []Topic
	for _, id := range slices.Sorted(maps.Keys(by)) {
		if by[id].Mixed {
			by[id].Service = ""
		}
		all = append(all, *by[id])
	}
	return all
}

// At is the catalogue with whole topics at other services, by the topics' ids; an
// empty service is none, and takes none of those away that the reference office does
// not have: nothing would tell their topic any more. Topics that are not named stay
// where they are.
func (c *Catalogue) At(services map[queue.ServiceID]queue.ServiceID) *Catalogue {
	all := slices.Clone(c.all)
	for i, p := range all {
		service, named := services[p.topic()]
		if _, known := reference().Procedure(p.ID); named && (known || service != "") {
			all[i].Service = service
		}
	}
	return catalogueOf(all)
}

// Example is the catalogue of the reference office for an office that is another: a
// start, with every sheet marked as not its own.
func Example() *Catalogue {
	all := slices.Clone(reference().all)
	for i := range all {
		all[i].Example = true
	}
	return catalogueOf(all)
}

// How much a word of a service's name tells of a topic.
const (
	tellsName      = 100 // the topic's own name has it
	tellsProcedure = 60  // shared among the procedures of the topic, by how many have it
	tellsLeast     = 20  // less is chance
)

// vague are words of services' names that tell no topic from another.
var vague = map[string]bool{"ufficio": true, "uffici": true, "servizio": true, "servizi": true, "sportello": true, "sportelli": true, "pratiche": true}

// Suggest is the service that a topic most likely belongs to, by the names: called is
// the topic's. It is empty where no name tells anything. A service with the topic's
// own id is always the one.
func (t Topic) Suggest(called string, services []queue.Service) queue.ServiceID {
	var best queue.ServiceID
	most := tellsLeast - 1
	own := index{words: slices.Compact(slices.Sorted(slices.Values(wordsOf(called + " " + string(t.ID)))))}
	own.places = make([][]place, len(own.words))
	for i := range own.places {
		own.places[i] = []place{{0, 1}}
	}
	inside := newIndex(t.Procedures, "")
	for _, s := range services {
		if s.ID == t.ID {
			return s.ID
		}
		score := 0
		for _, word := range wordsOf(s.Name) {
			if vague[word] || silent[word] {
				continue
			}
			if own.fits(word, 1)[0] >= fitStart {
				score += tellsName
			}
			having := 0
			for _, fit := range inside.fits(word, len(t.Procedures)) {
				if fit >= fitStart*weighWords {
					having++
				}
			}
			score += tellsProcedure * having / max(1, len(t.Procedures))
		}
		if score > most {
			best, most = s.ID, score
		}
	}
	return best
}
