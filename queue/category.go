package queue

import "slices"

// A Category is who somebody comes for. It is optional, and the empty one is not
// told; it has no part in who is next.
type Category string

// The categories.
const (
	CategoryCitizen     Category = "citizen" // for himself or herself
	CategoryFirm        Category = "firm"
	CategoryAssociation Category = "association"
	CategoryBody        Category = "body" // another public body
)

// Categories are all that can be told, in the order in which they are offered.
var Categories = [...]Category{CategoryCitizen, CategoryFirm, CategoryAssociation, CategoryBody}

// known refuses a category that is not one.
func (c Category) known() error {
	if c != "" && !slices.Contains(Categories[:], c) {
		return oneOf("category", c, Categories[:]...)
	}
	return nil
}

func (c SetCategory) decide(d *decision) error {
	t, err := d.ticket(c.Ticket)
	if err != nil {
		return err
	}
	if err := c.Category.known(); err != nil {
		return err
	}
	if t.Category != c.Category {
		d.emit(CategorySet{Ticket: t.ID, Category: c.Category})
	}
	return nil
}
