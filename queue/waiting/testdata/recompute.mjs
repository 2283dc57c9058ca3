// Recomputes the waiting-time reports from the events of a journal, to check
// those of the program. It shares no code with the program: it was written
// from the definitions of the trade alone, goes event by event, keeps every
// wait in a list and sorts it.
//
//   eliminacode journal dump | node recompute.mjs [--from YYYY-MM-DD] [--to YYYY-MM-DD]
//
// It reads one JSON object a line from standard input and prints one JSON
// object with the reports by hour, day, service and group.

import { readFileSync } from 'node:fs'

const options = { from: null, to: null }
for (let i = 2; i < process.argv.length; i += 2) {
  const name = process.argv[i].replace(/^--/, '')
  if (!(name in options) || process.argv[i + 1] === undefined) {
    console.error('usage: node recompute.mjs [--from YYYY-MM-DD] [--to YYYY-MM-DD] < events')
    process.exit(2)
  }
  options[name] = process.argv[i + 1]
}

const formats = new Map() // of local hours, by zone
const days = readDays(readFileSync(0, 'utf8'))
const dates = days.map((d) => d.date).sort()
const from = options.from ?? dates[0] ?? ''
const to = options.to ?? dates[dates.length - 1] ?? ''
const chosen = days.filter((d) => d.date >= from && d.date <= to)
const legs = chosen.flatMap(legsOf)
const reports = {}
for (const by of ['hour', 'day', 'service', 'group']) reports[by] = report(by)
console.log(JSON.stringify(reports))

// Part one: what happened, day by day.

function readDays(text) {
  const days = []
  let day = null
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const { kind, body, at, by } = JSON.parse(line)
    if (kind === 'DayOpened') {
      day = {
        date: body.plan.date, zone: body.setup.office.zone, bands: body.plan.bands ?? [],
        correction: body.correction_ms ?? 0, mends: [], suspensions: [], lastAt: at, services: new Map(), desks: new Map(), tickets: new Map(),
      }
      learn(day, body.setup)
      days.push(day)
    } else if (day) {
      happen(day, kind, body, at, by)
      if (kind === 'DayClosed') day = null
    }
  }
  return days
}

// The last word of the day on a service or a desk holds for the whole day.
function learn(day, setup) {
  day.zone = setup.office.zone
  for (const s of setup.services ?? []) day.services.set(s.id, s)
  for (const d of setup.desks ?? []) day.desks.set(d.id, d)
}

function happen(day, kind, body, at, by) {
  if (kind === 'SetupChanged') learn(day, body.setup)
  day.lastAt = at
  if (kind === 'DayReplanned' || kind === 'DayRedated') {
    day.bands = body.plan.bands ?? []
    day.date = body.plan.date
  }
  if (kind === 'ClockSet') day.correction = body.correction_ms
  if (kind === 'ClockSynced') {
    day.correction = body.correction_ms ?? 0
    day.mends.push(at)
  }
  const suspended = day.suspensions.find((s) => s.to === null)
  if (kind === 'OfficeSuspended') day.suspensions.push({ from: at, to: null })
  if (kind === 'OfficeResumed' && suspended) suspended.to = at
  if (kind === 'TicketIssued') {
    day.tickets.set(body.ticket, { ended: false, legs: [newLeg(body.service, at, by, true)] })
    return
  }
  const ticket = day.tickets.get(body.ticket)
  if (!ticket) return
  if (kind === 'TicketReturned' || kind === 'TicketReinstated') return goOn(ticket, at, by)
  if (ticket.ended) return
  if (kind === 'CallUndone') {
    restore(ticket)
    if (body.reopened) restore(day.tickets.get(body.reopened))
    return
  }
  if (['TicketCalled', 'TicketServed', 'TicketNoShow'].includes(kind)) ticket.before = structuredClone({ ...ticket, before: null })
  const leg = ticket.legs[ticket.legs.length - 1]
  const end = (how) => {
    next(leg, null, at, by)
    leg.end = how
    ticket.ended = true
  }
  switch (kind) {
    case 'TicketCalled':
      next(leg, 'called', at, by)
      leg.calledAt = at
      leg.walk = null
      leg.desk = body.desk
      break
    case 'ServiceStarted':
      next(leg, 'serving', body.from_call ? leg.calledAt : at, by)
      leg.walk = body.from_call ? null : elapsed(leg.calledAt, at)
      break
    case 'TicketPutBack':
      next(leg, 'waiting', at, by)
      break
    case 'TicketParked':
      next(leg, 'parked', at, by)
      break
    case 'TicketResumed':
      next(leg, body.desk ? 'serving' : 'waiting', at, by)
      if (body.desk) leg.desk = body.desk
      break
    case 'TicketTransferred':
      next(leg, null, at, by)
      leg.end = 'transferred'
      ticket.legs.push(newLeg(body.service, at, by, false))
      break
    case 'TicketServed':
      end('served')
      if (body.unknown_end) leg.unknownEnd = leg.inferred = true
      break
    case 'TicketNoShow': end('no_shows'); break
    case 'TicketCancelled': end('cancelled'); break
    case 'TicketExpired': end('expired'); break
  }
}

// A call that was taken back never was, nor the end that came with it.
function restore(ticket) {
  if (ticket?.before) Object.assign(ticket, ticket.before)
}

// A visit that had ended goes on: it waits again, from now.
function goOn(ticket, at, by) {
  const leg = ticket.legs[ticket.legs.length - 1]
  ticket.ended = false
  leg.end = 'open'
  leg.periods.push({ what: 'waiting', start: at, end: null })
  if (by.inferred) leg.inferred = true
}

function newLeg(service, at, by, first) {
  return {
    service, first, arrived: at, desk: null, calledAt: null, walk: null, end: 'open',
    unknownEnd: false, inferred: Boolean(by.inferred), periods: [{ what: 'waiting', start: at, end: null }],
  }
}

// One period ends and the next, if any, begins.
function next(leg, what, at, by) {
  leg.periods[leg.periods.length - 1].end = at
  if (what) leg.periods.push({ what, start: at, end: null })
  if (by.inferred) leg.inferred = true
}

// Part two: how long it took.

function elapsed(start, end) {
  return Math.max(0, start.boot === end.boot ? end.mono - start.mono : end.wall - start.wall)
}

function legsOf(day) {
  const out = []
  for (const ticket of day.tickets.values()) {
    for (const leg of ticket.legs) out.push(measure(day, leg))
  }
  return out
}

function measure(day, leg) {
  const waits = leg.periods.filter((p) => p.what === 'waiting' && p.end).map((p) => waited(day, p))
  const services = leg.periods.filter((p) => p.what === 'serving' && p.end)
  const service = day.services.get(leg.service)
  const desk = day.desks.get(leg.desk)
  const hour = localHour(day.zone, officeTime(day, leg.arrived))
  let group = { key: desk?.group || '-', label: desk?.group || '(senza gruppo)', rank: desk?.group ? 0 : 1 }
  if (leg.desk === null) group = { key: '', label: '(nessuno sportello)', rank: 2 }
  return {
    ...leg,
    called: leg.calledAt !== null,
    firstWait: waits[0],
    wait: waits.reduce((a, b) => a + b, 0),
    serviceTime: services.length && !leg.unknownEnd ? services.reduce((a, p) => a + elapsed(p.start, p.end), 0) : null,
    standard: service?.standard_ms ?? 0,
    keys: {
      hour: { key: String(hour), label: `${hour}-${hour + 1}`, rank: hour },
      day: { key: day.date, label: day.date, rank: 0 },
      service: { key: leg.service, label: service?.name ?? leg.service, rank: 0 },
      group,
    },
    date: day.date,
  }
}

// Office time as known at the end of the day: before its boot's clock became
// right, an instant is as long before that moment as time had to go by.
function officeTime(day, at) {
  const mend = day.mends.find((m) => m.boot === at.boot && at.mono < m.mono)
  return (mend ? mend.wall - (mend.mono - at.mono) : at.wall) + day.correction
}

function after(a, b) {
  return a.boot === b.boot ? b.mono - a.mono : b.wall - a.wall
}

// The wait without the minutes in which no band of the day was open, though
// one had been before and one was to come, and without those in which the
// office was suspended: counted by cutting the wait at every opening, closing,
// suspension and resumption.
function waited(day, period) {
  const ms = elapsed(period.start, period.end)
  const start = officeTime(day, period.start)
  const bands = day.bands.filter((b) => b.closes > b.opens)
  const pauses = day.suspensions.map((s) => {
    const from = start + after(period.start, s.from)
    return { from, to: from + Math.max(0, after(s.from, s.to ?? day.lastAt)) }
  })
  const cuts = [start, start + ms]
  for (const cut of [...bands.flatMap((b) => [b.opens, b.closes]), ...pauses.flatMap((p) => [p.from, p.to])]) {
    if (cut > start && cut < start + ms) cuts.push(cut)
  }
  cuts.sort((a, b) => a - b)
  let sum = 0
  for (let i = 1; i < cuts.length; i++) {
    const at = cuts[i - 1]
    const open = bands.some((b) => b.opens <= at && at < b.closes)
    const between = bands.some((b) => b.closes <= at) && bands.some((b) => b.opens > at)
    const suspended = pauses.some((p) => p.from <= at && at < p.to)
    if ((open || !between) && !suspended) sum += cuts[i] - cuts[i - 1]
  }
  return sum
}

function localHour(zone, ms) {
  if (!formats.has(zone)) formats.set(zone, hourFormat(zone))
  return Number(formats.get(zone).format(new Date(ms)))
}

function hourFormat(zone) {
  const form = { hour: '2-digit', hourCycle: 'h23' }
  try {
    return new Intl.DateTimeFormat('en-GB', { ...form, timeZone: zone })
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...form, timeZone: 'UTC' })
  }
}

// Part three: the figures.

function report(by) {
  const groups = new Map()
  for (const leg of legs) {
    const name = leg.keys[by]
    if (!groups.has(name.key)) groups.set(name.key, { name, named: leg.date, legs: [] })
    const group = groups.get(name.key)
    group.legs.push(leg)
    if (leg.date >= group.named) Object.assign(group, { name, named: leg.date })
  }
  const rows = [...groups.values()]
    .sort((a, b) => a.name.rank - b.name.rank || (a.name.key < b.name.key ? -1 : 1))
    .map((g) => ({ key: g.name.key, label: g.name.label, ...figures(g.legs) }))
  const total = { key: 'total', label: 'Totale', ...figures(legs) }
  const withTickets = new Set(chosen.filter((d) => d.tickets.size > 0).map((d) => d.date))
  return { from, to, by, visits: total.visits, days: withTickets.size, rows, total }
}

function figures(legs) {
  const count = (wanted) => legs.filter(wanted).length
  const seen = legs.filter((l) => l.called && (l.end === 'served' || l.end === 'transferred'))
  const waits = seen.map((l) => l.wait).sort((a, b) => a - b)
  const walks = seen.map((l) => l.walk).filter((ms) => ms !== null)
  const times = seen.map((l) => l.serviceTime).filter((ms) => ms !== null)
  const judged = legs.filter((l) => {
    if (!(l.standard > 0) || l.end === 'open' || l.end === 'cancelled') return false
    if (l.called) return true
    return l.end === 'expired' && l.firstWait >= l.standard
  })
  const mean = (list) => (list.length ? list.reduce((a, b) => a + b, 0) / list.length : null)
  const rank = (percent) => (waits.length ? waits[Math.ceil((percent * waits.length) / 100) - 1] : null)
  return {
    visits: count((l) => l.first),
    legs: legs.length,
    served: count((l) => l.end === 'served'),
    no_shows: count((l) => l.end === 'no_shows'),
    transferred: count((l) => l.end === 'transferred'),
    cancelled: count((l) => l.end === 'cancelled'),
    expired: count((l) => l.end === 'expired'),
    open: count((l) => l.end === 'open'),
    mean_wait_ms: mean(waits),
    median_wait_ms: rank(50),
    p90_wait_ms: rank(90),
    wait_n: waits.length,
    standard_n: judged.length,
    within_standard: judged.length ? judged.filter((l) => l.firstWait < l.standard).length / judged.length : null,
    mean_walk_ms: mean(walks),
    walk_n: walks.length,
    mean_service_ms: mean(times),
    service_n: times.length,
    inferred: count((l) => l.inferred),
  }
}
