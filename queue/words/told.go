package words

import "eliminacode/queue"

// Outcome is the word for what came of a service.
func Outcome(o queue.Outcome) string {
	switch o {
	case queue.OutcomeReleased:
		return "rilasciato"
	case queue.OutcomeBackOffice:
		return "inviato al back office"
	case queue.OutcomeIncomplete:
		return "incompleto"
	case queue.OutcomeOtherDesk:
		return "altro sportello"
	case "":
		return "non indicato"
	default:
		return "altro esito"
	}
}

// Category is the word for who somebody comes for.
func Category(c queue.Category) string {
	switch c {
	case queue.CategoryCitizen:
		return "cittadino"
	case queue.CategoryFirm:
		return "impresa"
	case queue.CategoryAssociation:
		return "associazione"
	case queue.CategoryBody:
		return "ente pubblico"
	case "":
		return "non indicata"
	default:
		return "altra categoria"
	}
}
