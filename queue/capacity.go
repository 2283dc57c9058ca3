package queue

// mostInHall bounds a capacity, so that a slip of the hand is refused.
const mostInHall = 100_000

func (c SetHallCapacity) decide(d *decision) error {
	if err := between("people", int64(c.People), 0, mostInHall); err != nil {
		return err
	}
	if c.People != d.s.index.setup.Rules.HallCapacity {
		d.emit(HallCapacitySet{People: c.People})
	}
	return nil
}

// InHall is how many people are taken to be in the hall: those who wait, or were
// called and are on their way to a desk.
func (s *State) InHall() int { return s.totals.Waiting + s.totals.Called }

// HallFull tells whether as many people wait as the hall may hold.
func (s *State) HallFull() bool {
	most := s.known().setup.Rules.HallCapacity
	return most > 0 && s.InHall() >= most
}

// withCapacity is the index of the setup in which the hall has another capacity.
func (o *setupIndex) withCapacity(people int) *setupIndex {
	setup := o.setup
	setup.Rules.HallCapacity = people
	return indexSetup(setup, o)
}
