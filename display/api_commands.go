package display

import (
	"net/http"
	"slices"
	"strings"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// commandsOf are the commands that calls give, by the address of the post.
var commandsOf = map[string][]queue.Command{
	"/api/v1/desks/{desk}/open":     {queue.OpenDesk{}},
	"/api/v1/desks/{desk}/move":     {queue.CloseDesk{}, queue.OpenDesk{}},
	"/api/v1/desks/{desk}/close":    {queue.CloseDesk{}},
	"/api/v1/desks/{desk}/pause":    {queue.PauseDesk{}},
	"/api/v1/desks/{desk}/next":     {queue.CallNext{}},
	"/api/v1/desks/{desk}/call":     {queue.CallTicket{}},
	"/api/v1/desks/{desk}/recall":   {queue.RecallTicket{}},
	"/api/v1/desks/{desk}/start":    {queue.StartService{}},
	"/api/v1/desks/{desk}/finish":   {queue.FinishTicket{}},
	"/api/v1/desks/{desk}/no-show":  {queue.MarkNoShow{}},
	"/api/v1/desks/{desk}/undo":     {queue.UndoCall{}},
	"/api/v1/desks/{desk}/put-back": {queue.PutBack{}},
	"/api/v1/desks/{desk}/transfer": {queue.TransferTicket{}},
	"/api/v1/desks/{desk}/serve-on": {queue.ServeOn{}},
	"/api/v1/desks/{desk}/plan":     {queue.PlanServices{}},
	"/api/v1/desks/{desk}/issue":    {queue.IssueAtDesk{}},
	"/api/v1/desks/{desk}/park":     {queue.ParkTicket{}},
	"/api/v1/desks/{desk}/resume":   {queue.ResumeTicket{}},

	"/api/v1/reception/issue":        {queue.IssueTicket{}},
	"/api/v1/reception/contact":      {queue.RecordContact{}},
	"/api/v1/reception/book":         {queue.BookAppointment{}},
	"/api/v1/reception/unbook":       {queue.CancelAppointment{}},
	"/api/v1/reception/check-in":     {queue.CheckIn{}},
	"/api/v1/reception/grant":        {queue.GrantPriority{}},
	"/api/v1/reception/withdraw":     {queue.WithdrawPriority{}},
	"/api/v1/reception/category":     {queue.SetCategory{}},
	"/api/v1/reception/cancel":       {queue.CancelTicket{}},
	"/api/v1/reception/return":       {queue.ReturnTicket{}},
	"/api/v1/reception/reinstate":    {queue.Reinstate{}},
	"/api/v1/reception/reprint":      {queue.Reprint{}},
	"/api/v1/reception/burst":        {queue.CancelTickets{}},
	"/api/v1/blocks/reserve":         {queue.ReserveBlock{}},
	"/api/v1/blocks/admit":           {queue.AdmitReserved{}},
	"/api/v1/totem/{outlet}/tickets": {queue.IssueTicket{}},

	"/api/v1/manager/suspend":  {queue.SuspendOffice{}},
	"/api/v1/manager/resume":   {queue.ResumeOffice{}},
	"/api/v1/manager/stop":     {queue.StopService{}},
	"/api/v1/manager/reopen":   {queue.ReopenService{}},
	"/api/v1/manager/profile":  {queue.SetDeskProfile{}},
	"/api/v1/manager/capacity": {queue.SetHallCapacity{}},
	"/api/v1/manager/restart":  {queue.RestartSeries{}},
	"/api/v1/manager/post":     {queue.PostMessage{}},
	"/api/v1/manager/withdraw": {queue.WithdrawMessage{}},
	"/api/v1/clock/confirm":    {queue.SetClock{}},
	"/api/v1/clock/set":        {queue.SetClock{}},
}

// xRefusals is the name in the document of the codes with which the rules of the office
// may refuse a call.
const xRefusals = "x-refusals"

// ruledCodes are the codes with which the rules of the office may refuse commands.
func ruledCodes(commands []queue.Command) (codes []string) {
	for _, c := range commands {
		for _, err := range queue.Refusals(c) {
			codes = append(codes, words.RefusalCode(err))
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// describeRules says of each call that gives commands with which codes the rules of the
// office may refuse those very commands.
func (o *operations) describeRules() {
	for path, commands := range commandsOf {
		op := o.documented(http.MethodPost, path)
		codes := ruledCodes(commands)
		op.Extensions = map[string]any{xRefusals: codes}
		op.Description += " The rules of the office may refuse it with " + strings.Join(codes, ", ") + "."
	}
}
