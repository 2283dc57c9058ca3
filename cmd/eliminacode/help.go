package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// examples are what one types, and what one types next, by command: the part of
// each help that a technician copies.
var examples = map[string]string{
	"eliminacode": `
eliminacode demo              # a whole simulated town hall, with no hardware
eliminacode check             # on a box: every part of it, and what to do
eliminacode serve             # run the office`,
	"eliminacode init": `
eliminacode init --office office.toml
systemctl enable --now eliminacode     # next: the first start begins the office
eliminacode check                      # and then: is every part well?`,
	"eliminacode serve": `
eliminacode serve --config /etc/eliminacode/box.toml
eliminacode serve --simulate printer     # a rehearsal: its paper is on the page /demo/carta
eliminacode serve --simulate printer --data trial     # where no office is yet: the first run, kept in the folder trial
eliminacode check                        # next, in another terminal: is every part well?`,
	"eliminacode demo": `
eliminacode demo
eliminacode demo --speed 5 --data town --for 2m
eliminacode report --data town --from 2026-11-24 --to 2026-11-24     # next: what came of it`,
	"eliminacode check": `
eliminacode check
eliminacode check --json
eliminacode device test printer     # next: try what check has found`,
	"eliminacode simulate": `
eliminacode simulate --office office.toml --days 10 --out town
eliminacode report --data town --from 2026-01-05 --to 2026-01-31     # next: how long they waited`,
	"eliminacode report": `
eliminacode report --from 2026-11-01 --to 2026-11-30 --by service
eliminacode report --by hour --format csv --decimals comma > attese.csv     # for a spreadsheet
eliminacode report --by service --told     # and how often people got what they came for`,
	"eliminacode version": `
eliminacode version
eliminacode check     # next: what version the box runs, and how it is`,
	"eliminacode config": `
eliminacode config example > box.toml     # then edit it
eliminacode config check box.toml`,
	"eliminacode config example": `
eliminacode config example > box.toml
eliminacode config check box.toml     # next, when it is edited`,
	"eliminacode config check": `
eliminacode config check box.toml
eliminacode check --config box.toml     # next: look at the devices too`,
	"eliminacode office": `
eliminacode office show > office.toml      # then edit it
eliminacode office check office.toml
eliminacode office change office.toml`,
	"eliminacode office example": `
eliminacode office example > office.toml
eliminacode office check office.toml     # next, when it is edited`,
	"eliminacode office check": `
eliminacode office check office.toml
eliminacode simulate --office office.toml     # next: live days of it`,
	"eliminacode office show": `
eliminacode office show > office.toml
eliminacode office check office.toml     # next, when it is edited`,
	"eliminacode office change": `
eliminacode office check office.toml                # before
eliminacode office change --dry-run office.toml     # what would change, and for whom
eliminacode office change office.toml
eliminacode office change --sure office.toml        # although people are left whom no open desk serves`,
	"eliminacode procedure": `
eliminacode procedure export > pratiche.csv     # then edit it with a spreadsheet
eliminacode procedure check pratiche.csv
eliminacode procedure import pratiche.csv`,
	"eliminacode procedure export": `
eliminacode procedure export > pratiche.csv
eliminacode procedure check pratiche.csv     # next, when it is edited`,
	"eliminacode procedure import": `
eliminacode procedure check pratiche.csv      # before
eliminacode procedure import pratiche.csv`,
	"eliminacode procedure check": `
eliminacode procedure check pratiche.csv
eliminacode procedure import pratiche.csv     # next: put it in force`,
	"eliminacode suspend": `
eliminacode suspend --why blackout
eliminacode resume     # next, when it goes on`,
	"eliminacode resume": `
eliminacode resume`,
	"eliminacode service": `
eliminacode service stop cie
eliminacode service reopen cie`,
	"eliminacode service stop": `
eliminacode office show               # what are the services called?
eliminacode service stop cie --why staff
eliminacode service reopen cie        # next, when there are hands again`,
	"eliminacode service reopen": `
eliminacode service reopen cie`,
	"eliminacode series": `
eliminacode series restart A 58`,
	"eliminacode series restart": `
eliminacode series restart A 58          # the next ticket is A058
eliminacode series restart A 2 --again   # though A002 was given today, and nobody can use it any more`,
	"eliminacode clock": `
eliminacode clock
eliminacode clock set 2026-11-24 10:31`,
	"eliminacode token": `
eliminacode token create --role manager --name intranet
eliminacode token list`,
	"eliminacode token create": `
eliminacode token create --role manager --name intranet
eliminacode token create --role reception --name bookings --expires 365d --scope reception
eliminacode token list     # next: which programs may come in`,
	"eliminacode token list": `
eliminacode token list
eliminacode token revoke 9f86d081     # next: take one back, by its ID`,
	"eliminacode token revoke": `
eliminacode token list                # which ID has it?
eliminacode token revoke 9f86d081`,
	"eliminacode clock set": `
eliminacode clock set 10:31                  # today
eliminacode clock set 11:31 --sure           # although the box shows 10:31
eliminacode clock set 2026-11-24 10:31
eliminacode clock                            # next: who says that it is right`,
	"eliminacode clock confirm": `
eliminacode clock             # what time does the office have?
eliminacode clock confirm     # that is right`,
	"eliminacode journal": `
eliminacode journal verify
eliminacode journal backup --to /media/stick/journal`,
	"eliminacode journal verify": `
eliminacode journal verify
eliminacode journal verify --event 12345 --hash 0123456789abcdef     # as the slip of a closed day says
eliminacode journal backup --to /media/stick/journal     # next: keep a copy`,
	"eliminacode journal dump": `
eliminacode journal dump --from 1000 | head
eliminacode report     # next: the same, added up`,
	"eliminacode journal backup": `
eliminacode journal backup --to /media/stick/journal
eliminacode restore --from /media/stick/journal     # if it is ever needed`,
	"eliminacode restore": `
systemctl stop eliminacode
eliminacode restore --from /media/stick/journal
systemctl start eliminacode
eliminacode journal verify     # next: what was put back is whole`,
	"eliminacode privacy": `
eliminacode privacy sheet --out privacy
ls privacy     # next: complete what is marked in them`,
	"eliminacode privacy sheet": `
eliminacode privacy sheet --out privacy --language de,sl
ls privacy     # next: complete what is marked in them`,
	"eliminacode device": `
eliminacode device list
eliminacode device test printer`,
	"eliminacode device list": `
eliminacode device list
eliminacode device test printer     # next: try one that does not work`,
	"eliminacode device legend": `
eliminacode device legend
eliminacode device test keypads     # next: press each key`,
	"eliminacode device logo": `
eliminacode device logo stemma.png --printer atrio
eliminacode device test printer atrio     # next: look at a ticket`,
	"eliminacode device test": `
systemctl stop eliminacode
eliminacode device test buttons
systemctl start eliminacode`,
	"eliminacode device test printer": `
eliminacode device test printer
eliminacode device list     # next: how it is`,
	"eliminacode device test buttons": `
systemctl stop eliminacode
eliminacode device test buttons --for 30s
systemctl start eliminacode`,
	"eliminacode device test keypads": `
systemctl stop eliminacode
eliminacode device test keypads --for 30s
systemctl start eliminacode`,
	"eliminacode device test lamps": `
systemctl stop eliminacode
eliminacode device test lamps
systemctl start eliminacode`,
	"eliminacode device test panels": `
systemctl stop eliminacode
eliminacode device test panels
systemctl start eliminacode`,
}

// exemplify puts the examples into a command's help and its subcommands', and
// says of an argument too many what it is.
func exemplify(c *cobra.Command) {
	if text := examples[c.CommandPath()]; text != "" {
		c.Example = strings.ReplaceAll(text, "\n", "\n  ")[1:]
	}
	for _, sub := range c.Commands() {
		exemplify(sub)
	}
	if judge := c.Args; !c.HasSubCommands() {
		// cobra calls what is too much an unknown command.
		c.Args = func(c *cobra.Command, args []string) error {
			err := judge(c, args)
			if err == nil || len(args) == 0 {
				return err
			}
			return usageError{fmt.Errorf("%q is too much for %s, or lacks its flag; see %[2]s --help", args[len(args)-1], c.CommandPath())}
		}
	}
}
