package simulate

import "eliminacode/queue"

// Rules are the rules that can choose somebody in an office, in the order of
// the page: a trial that is long enough sees them all.
func Rules(setup queue.Setup) []queue.Rule {
	ordinary := queue.RuleLongest
	switch setup.Rules.Discipline {
	case queue.FirstCome:
		ordinary = queue.RuleFirstCome
	case queue.StrictProfile:
		ordinary = queue.RuleStrict
	}
	rules := []queue.Rule{
		queue.RuleTransferred, queue.RuleReturned, queue.RuleAppointment, queue.RulePriority, queue.RuleOverdue, ordinary,
	}
	for _, d := range setup.Desks {
		if len(d.Profile.Help) > 0 {
			rules = append(rules, queue.RuleHelp)
			break
		}
	}
	if setup.Rules.CallByNumber {
		rules = append(rules, queue.RuleByNumber)
	}
	return append(rules, queue.RuleResumed)
}
