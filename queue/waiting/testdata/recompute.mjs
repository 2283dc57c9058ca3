// Recomputes the waiting-time reports from the events of a journal, to check
// those of the program. It shares no code with the program: it was written
// from the definitions of the trade alone, goes event by event, keeps every
// wait in a list and sorts it.
//
//   eliminacode journal dump | node recompute.mjs [--from YYYY-MM-DD] [--to YYYY-MM-DD]
//
// It reads one JSON object a line from standard input and prints one JSON
// object with the reports by hour, day, service and group, each with what was
// told of the services that ended; and, under "observed", the same without what
// was inferred.

import { readFileSync } from 'node:fs'

import { apart, bootOf, elapsed, isKnown, newClock, tellTime } from './recompute-clock.mjs'

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
chosen.forEach(part)
const reports = { observed: {} }
for (const by of ['hour', 'day', 'service', 'group']) {
  reports[by] = report(by, [])
  reports.observed[by] = report(by, legs.filter((l) => l.inferred && (l.of.parts === 'all' || (by === 'day' && l.of.apart))))
}
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
        clock: newClock(at, body), suspensions: [], lastAt: at, services: new Map(), desks: new Map(), tickets: new Map(), categories: new Map(),
      }
      learn(day, body.setup)
      days.push(day)
    } else if (day) {
      happen(day, kind, body, at, by)
      if (kind === 'DayClosed') {
        day.closed = true
        day = null
      }
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
  tellTime(day.clock, kind, body, at)
  if (kind === 'DayReplanned' || kind === 'DayRedated') {
    day.bands = body.plan.bands ?? []
    day.date = body.plan.date
  }
  const suspended = day.suspensions.find((s) => s.to === null)
  if (kind === 'OfficeSuspended') day.suspensions.push({ from: at, to: null })
  if (kind === 'OfficeResumed' && suspended) suspended.to = at
  if (['TicketIssued', 'TicketIssuedAtDesk', 'CategorySet'].includes(kind)) day.categories.set(body.ticket, body.category ?? '')
  if (kind === 'TicketIssued') {
    day.tickets.set(body.ticket, { ended: false, legs: [newLeg(body.service, at, by, true)] })
    return
  }
  if (kind === 'TicketIssuedAtDesk') {
    const leg = { ...newLeg(body.service, at, by, true), desk: body.desk, periods: [{ what: 'serving', start: at, end: null }] }
    day.tickets.set(body.ticket, { ended: false, legs: [leg] })
    return
  }
  const ticket = day.tickets.get(body.ticket)
  if (!ticket) return
  if (kind === 'TicketReturned' || kind === 'TicketReinstated') return goOn(ticket, at, by)
  if (ticket.ended) return
  if (kind === 'CallUndone') {
    const called = ticket.legs[ticket.legs.length - 1].calledAt
    restore(ticket)
    const waits = ticket.legs[ticket.legs.length - 1].periods
    waits[waits.length - 1].cuts = [...(waits[waits.length - 1].cuts ?? []), called, at]
    if (body.reopened) restore(day.tickets.get(body.reopened))
    return
  }
  const sentOn = kind === 'TicketTransferred' && body.planned
  if (['TicketCalled', 'TicketServed', 'TicketNoShow'].includes(kind) || sentOn) ticket.before = structuredClone({ ...ticket, before: null })
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
      leg.walk = body.from_call ? null : [leg.calledAt, at]
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
      if (body.planned) finish(leg, body)
      if (body.unknown_end) leg.unknownEnd = leg.inferred = true
      ticket.legs.push(newLeg(body.service, at, by, false))
      break
    case 'ServiceContinued':
      next(leg, null, at, by)
      leg.end = 'transferred'
      finish(leg, body)
      ticket.legs.push({ ...newLeg(body.service, at, by, false), desk: body.desk, periods: [{ what: 'serving', start: at, end: null }] })
      break
    case 'TicketServed':
      end('served')
      finish(leg, body)
      if (body.unknown_end) leg.unknownEnd = leg.inferred = true
      break
    case 'TicketNoShow': end('no_shows'); break
    case 'TicketCancelled': end('cancelled'); break
    case 'TicketExpired': end('expired'); break
  }
}

// A service ended, and its clerk told what came of it, or nothing.
function finish(leg, body) {
  leg.finished = true
  leg.told = body.outcome ?? ''
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
    service, first, arrived: at, desk: null, calledAt: null, walk: null, end: 'open', finished: false, told: '',
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

function legsOf(day) {
  const out = []
  for (const [id, ticket] of day.tickets) {
    for (const leg of ticket.legs) out.push({ ...measure(day, leg), category: day.categories.get(id) })
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
    walk: leg.walk && elapsed(day.clock, ...leg.walk),
    inferred: leg.inferred || leg.periods.some((p) => {
      const edges = [p.start, ...(p.cuts ?? []), p.end ?? day.lastAt]
      return p.what && edges.slice(1).some((edge, i) => !isKnown(day.clock, edges[i], edge))
    }),
    wasServed: services.length > 0,
    serviceTime: services.length && !leg.unknownEnd ? services.reduce((a, p) => a + elapsed(day.clock, p.start, p.end), 0) : null,
    standard: service?.standard_ms ?? 0,
    keys: {
      hour: { key: String(hour), label: `${hour}-${hour + 1}`, rank: hour },
      day: { key: day.date, label: day.date, rank: 0 },
      service: { key: leg.service, label: service?.name ?? leg.service, rank: 0 },
      group,
    },
    date: day.date,
    of: day,
  }
}

// Office time as known at the end of the day.
function officeTime(day, at) {
  return bootOf(day.clock, at).time(at)
}

// The wait without the minutes in which no band of the day was open, though
// one had been before and one was to come, and without those in which the
// office was suspended: counted by cutting the wait at every opening, closing,
// suspension and resumption.
function waited(day, period) {
  const ms = elapsed(day.clock, period.start, period.end)
  const start = officeTime(day, period.start)
  const bands = day.bands.filter((b) => b.closes > b.opens)
  const pauses = day.suspensions.map((s) => ({
    from: start + apart(day.clock, period.start, s.from),
    to: start + apart(day.clock, period.start, s.to ?? day.lastAt),
  }))
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
  const of = (timeZone) => new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone })
  try {
    return of(zone)
  } catch {
    return of('UTC')
  }
}

// Part three: the figures.

function report(by, out) {
  const absent = new Set(out)
  const kept = legs.filter((l) => !absent.has(l))
  const groups = new Map()
  for (const leg of kept) {
    const name = leg.keys[by]
    if (!groups.has(name.key)) groups.set(name.key, { name, named: leg.date, legs: [] })
    const group = groups.get(name.key)
    group.legs.push(leg)
    if (leg.date >= group.named) Object.assign(group, { name, named: leg.date })
  }
  const order = (a, b) => a.name.rank - b.name.rank || (a.name.key < b.name.key ? -1 : 1)
  let sorted = [...groups.values()].sort(order)
  let homes = new Map(out.filter((l) => l.desk !== null).map((l) => [l, l.keys[by].key]))
  if (by === 'group') {
    const merged = byDays(sorted, (l) => l.desk !== null).map((day) => smallOf(day).map((g) => g.of.name.key))
    homes = new Map([...homes].map(([l, key]) => [l, merged[chosen.indexOf(l.of)].includes(key) ? '*' : key]))
    sorted = mergeSmall(sorted, order, (l) => l.desk !== null)
  }
  const told = toldOf(sorted, order, homes)
  const unsaid = { walks: unsaidOf(sorted, (l) => isWalk(l), homes), times: unsaidOf(sorted, (l) => isService(l), homes, (l) => isTime(l)) }
  const usual = new Map(chosen.map((day) => [day, usualTime(kept.filter((l) => l.of === day && isTime(l)))]))
  const rows = sorted
    .map((g) => ({ key: g.name.key, label: g.name.label, ...figures(g.legs, usual, unsaid.walks.rows, unsaid.times.rows, by === 'day') }))
  const total = { key: 'total', label: 'Totale', ...figures(kept, usual, unsaid.walks.total, unsaid.times.total, true) }
  const withTickets = new Set(chosen.filter((d) => d.tickets.size > 0).map((d) => d.date))
  return { from, to, by, visits: total.visits, days: withTickets.size, ...(out.length && { left_out: out.length }), rows, total, told }
}

// What fewer than three desks did in a row on a day tells of their operators.

function desksOf(groups) {
  return new Set(groups.flatMap((g) => g.speak.map((l) => l.desk))).size
}

// Too few desks, or what was left out beside them was of too few.
function isFew(groups, absent = new Set(groups.flatMap((g) => g.absent.map((l) => l.desk))).size) {
  return desksOf(groups) < 3 || absent === 1 || absent === 2
}

// The groups, day by day, with those of their legs that are wanted, and those that were
// left out of them; what those tell of desks, only some may speak of.
function byDays(groups, wanted, homes = new Map(), speaks = wanted) {
  const absent = [...homes.keys()].filter(speaks)
  return chosen.map((day) =>
    groups.map((g) => ({
      of: g, legs: g.legs.filter((l) => l.of === day && wanted(l)), absent: absent.filter((l) => l.of === day && homes.get(l) === g.name.key),
    })).filter((g) => g.legs.length > 0).map((g) => ({ ...g, speak: g.legs.filter(speaks) })))
}

// Of groups of one day those of too few desks, with the smallest of the others for as long
// as together they are too few.
function smallOf(groups) {
  const small = groups.filter((g) => isFew([g]))
  while (small.length > 0 && small.length < groups.length && isFew(small)) {
    const others = groups.filter((g) => !small.includes(g))
    small.push(others.reduce((least, g) => (g.legs.length < least.legs.length ? g : least)))
  }
  return small
}

// The groups, with the legs of small ones in one group, day by day.
function mergeSmall(groups, order, wanted, homes) {
  const moved = new Set()
  for (const day of byDays(groups, wanted, homes)) {
    for (const g of smallOf(day)) g.legs.forEach((l) => moved.add(l))
  }
  const isOne = (g) => g.name.key === '*'
  const one = { name: { key: '*', label: '(uniti, meno di 3 sportelli)', rank: 1 }, legs: [...moved] }
  for (const g of groups.filter(isOne)) one.legs.push(...g.legs.filter((l) => !moved.has(l)))
  const rest = groups.filter((g) => !isOne(g)).map((g) => ({ ...g, legs: g.legs.filter((l) => !moved.has(l)) }))
  return [...rest, one].filter((g) => g.legs.length > 0).sort(order)
}

// Whether all of a day is of too few desks, with all that was left out of it.
function isDark(day, at, wanted, homes) {
  return isFew(day, new Set([...homes.keys()].filter((l) => l.of === at && wanted(l)).map((l) => l.desk)).size)
}

// The legs whose time is not said in the rows, and those where it is not in the total.
function unsaidOf(groups, wanted, homes, known = wanted) {
  const rows = new Set()
  const total = new Set()
  byDays(groups, wanted, homes, known).forEach((day, i) => {
    const none = isDark(day, chosen[i], known, homes)
    for (const g of none ? day : smallOf(day)) g.legs.forEach((l) => rows.add(l))
    if (none) day.forEach((g) => g.legs.forEach((l) => total.add(l)))
  })
  return { rows, total }
}

// What was told of the services that ended, in the groups of a report.
function toldOf(groups, order, homes) {
  const silent = new Set()
  const finished = (l) => l.finished
  byDays(groups, finished, homes).forEach((day, i) => {
    if (isDark(day, chosen[i], finished, homes)) day.forEach((g) => g.legs.forEach((l) => silent.add(l)))
  })
  const ended = groups.map((g) => ({ ...g, legs: g.legs.filter((l) => l.finished && !silent.has(l)) })).filter((g) => g.legs.length > 0)
  const tally = (legs, field, names) =>
    Object.fromEntries([...names, 'not-told'].map((name) => [name.replace('-', '_'), legs.filter((l) => l[field] === (name === 'not-told' ? '' : name)).length]))
  const row = (key, label, legs) => ({
    key, label, services: legs.length,
    outcomes: tally(legs, 'told', ['released', 'back-office', 'incomplete', 'other-desk']),
    categories: tally(legs, 'category', ['citizen', 'firm', 'association', 'body']),
  })
  const last = (g) => (g.name.key === '*' ? 1 : 0)
  const rows = mergeSmall(ended, order, finished, homes).sort((a, b) => last(a) - last(b))
  return {
    rows: rows.map((g) => row(g.name.key, g.name.label, g.legs)),
    total: row('total', 'Totale', ended.flatMap((g) => g.legs)),
    few_desks: silent.size,
  }
}

function isWalk(l) {
  return l.called && (l.end === 'served' || l.end === 'transferred') && l.walk !== null
}

// Also of who was served on where the service before had ended, and was called by nobody.
function isTime(l) {
  return (l.end === 'served' || l.end === 'transferred') && l.serviceTime !== null
}

// The same, where its end may be unknown too.
function isService(l) {
  return (l.end === 'served' || l.end === 'transferred') && l.wasServed
}

// What a service of unknown end counts as: the mean of those of its day of known end.
function usualTime(timed) {
  return Math.round(timed.reduce((sum, l) => sum + l.serviceTime, 0) / timed.length)
}

// Where it may be said of a day which of its legs were inferred, and which had a walk:
// 'all' rows, the row of the 'day', or 'none'.
function part(day) {
  day.parts = 'none'
  if (!day.closed) return
  const own = legs.filter((l) => l.of === day && l.desk !== null)
  const seen = own.filter((l) => l.called && (l.end === 'served' || l.end === 'transferred'))
  const served = seen.filter((l) => l.periods.some((p) => p.what === 'serving' && p.end))
  const answers = [sides(own, (l) => l.inferred), sides(seen, (l) => l.inferred), sides(served, isWalk)]
  if (answers.every((a) => a === 'all')) day.parts = 'all'
  else if (!answers.includes('none')) day.parts = 'day'
  day.apart = day.parts === 'day' && own.every((l) => sides(own.filter((o) => o.end === l.end), (o) => o.inferred) !== 'none')
}

function sides(legs, is) {
  const both = [legs.filter(is), legs.filter((l) => !is(l))]
  if (both.some((side) => side.length === 0)) return 'all'
  const veiled = both.every((side) => {
    const counts = [...new Set(side.map((l) => l.desk))].map((desk) => side.filter((l) => l.desk === desk).length)
    return counts.length >= 3 && Math.max(...counts) * 2 <= side.length
  })
  return veiled ? 'day' : 'none'
}

function figures(legs, usual, unsaidWalks, unsaidTimes, ofDays) {
  const dark = new Set(legs.filter((l) => l.of.parts === 'none' || (l.of.parts === 'day' && !ofDays)))
  const count = (wanted) => legs.filter(wanted).length
  const seen = legs.filter((l) => l.called && (l.end === 'served' || l.end === 'transferred'))
  const waits = seen.map((l) => l.wait).sort((a, b) => a - b)
  const walks = legs.filter((l) => isWalk(l) && !dark.has(l) && !unsaidWalks.has(l)).map((l) => l.walk)
  const times = legs.filter((l) => isService(l) && !unsaidTimes.has(l)).map((l) => l.serviceTime ?? usual.get(l.of))
  const judged = legs.filter((l) => {
    if (!(l.standard > 0) || l.end === 'open' || l.end === 'cancelled') return false
    if (l.called) return true
    return l.end === 'expired' && l.firstWait > l.standard
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
    within_standard: judged.length ? judged.filter((l) => l.firstWait <= l.standard).length / judged.length : null,
    mean_walk_ms: mean(walks),
    walk_n: walks.length,
    walk_few_desks: seen.filter((l) => dark.has(l) || (isWalk(l) && unsaidWalks.has(l))).length,
    mean_service_ms: mean(times),
    service_n: times.length,
    service_few_desks: count((l) => isService(l) && unsaidTimes.has(l)),
    inferred: count((l) => l.inferred && !dark.has(l)),
    inferred_few_desks: dark.size,
  }
}
