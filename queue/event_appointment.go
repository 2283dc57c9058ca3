package queue

// The events of today's appointments. Checking in is TicketIssued.
type (
	AppointmentBooked struct {
		Appointment Booking `json:"appointment"`
	}
	AppointmentCancelled struct {
		Appointment AppointmentID `json:"appointment"`
	}
	// AppointmentMissed tells that nobody came within the tolerance.
	AppointmentMissed struct {
		Appointment AppointmentID `json:"appointment"`
	}
)

func (AppointmentBooked) Kind() string    { return "AppointmentBooked" }
func (AppointmentCancelled) Kind() string { return "AppointmentCancelled" }
func (AppointmentMissed) Kind() string    { return "AppointmentMissed" }
