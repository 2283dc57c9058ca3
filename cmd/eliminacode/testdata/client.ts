// A program of the office, over the client that was generated from the document.
import { client } from './office/client.gen'
import {
  getEvents, getOffice, getOfficeDraft, getOfficeDraftEffect, getProcedures, getReportsWaits, getStateConsole,
  postDesksFinish, postDesksNext, postDesksOpen, postOfficeDraftSave, postOfficeDraftSet, postReceptionIssue,
} from './office/sdk.gen'
import type { Answer, Event, Problem } from './office/types.gen'

declare const process: { argv: string[]; exit(code: number): never }

client.setConfig({ baseUrl: process.argv[2] })

// A token has one role, so that this program has three.
const reception = { auth: () => process.argv[3] }
const clerk = { auth: () => process.argv[4] }
const manager = { auth: () => process.argv[5] }

// good is the answer of a call that was carried out.
function good<T>(r: { data?: T; error?: unknown }): T {
  if (r.data === undefined) throw new Error(JSON.stringify(r.error))
  return r.data
}

function number(a: Answer): string {
  if (!a.ticket) throw new Error('no ticket in ' + JSON.stringify(a))
  return a.ticket.number
}

async function main() {
  const issue = {
    ...reception,
    headers: { 'Idempotency-Key': 'the-first' },
    body: { service: 'anagrafe', outlet: 'accoglienza' },
  }
  const issued: Answer = good(await postReceptionIssue(issue))
  console.log('issued', number(issued))
  console.log('again', number(good(await postReceptionIssue(issue))))

  const path = { desk: 's1' }
  console.log(good(await postDesksOpen({ ...clerk, path, body: {} })).code)
  const called = good(await postDesksNext({ ...clerk, path, body: {} }))
  console.log(called.code, number(called))
  const console1 = good(await getStateConsole({ ...clerk, query: { desk: 's1' } }))
  const ticket = console1.view.holding?.ticket ?? ''
  const served = good(await postDesksFinish({ ...clerk, path, body: { ticket } }))
  console.log(served.ticket?.state, number(served))

  const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Rome' }).format(new Date(console1.now))
  console.log('reported', good(await getReportsWaits({ ...manager, query: { from: today, to: today, by: 'service' } })).visits)

  const { stream } = await getEvents({ ...manager, query: { from: '1' } })
  for await (const e of stream as AsyncIterable<Event>) {
    if (!e.kind?.startsWith('ticket.')) continue
    console.log(e.kind, e.data.number)
    if (e.kind === 'ticket.served') break
  }

  const found = good(await getProcedures({ ...reception, query: { q: 'residensa' } })).found ?? []
  console.log('found', found.some(p => /residenza/i.test(p.name)))

  // A longer standard for the first service: drafted, looked at, put in force.
  const value = 'service[1].standard'
  const draft = good(await getOfficeDraft(manager))
  const changed = good(await postOfficeDraftSet({ ...manager, body: { mark: draft.mark, values: { [value]: '25m' } } }))
  console.log('drafted', changed.kept, changed.changes)
  const effect = good(await getOfficeDraftEffect(manager))
  for (const thing of effect.things ?? []) {
    for (const v of thing.values ?? []) console.log('effect', v.before, v.after)
  }
  console.log(good(await postOfficeDraftSave({ ...manager, body: { mark: changed.mark, why: 'Carta dei servizi' } })).code)
  console.log('in force', good(await getOffice(manager)).values?.find(v => v.path === value)?.text)

  const refused = await postDesksNext({ ...clerk, path: { desk: 'none' }, body: {} })
  console.log('refused', (refused.error as Problem).code)
}

main().then(() => process.exit(0), fault => {
  console.log(String(fault))
  process.exit(1)
})
