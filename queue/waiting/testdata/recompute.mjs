// Recomputes the waiting-time reports from the events of a journal, to check
// those of the program. It shares no code with the program: it was written
// from the definitions of the trade alone, goes event by event, keeps every
// wait in a list and sorts it.
//
//   eliminacode journal dump | node recompute.mjs [--from YYYY-MM-DD] [--to YYYY-MM-DD]
//
// It reads one JSON object a line from standard input and prints one JSON
// object with the reports by hour, day, service and group, each with what was
// told of the services that ended.

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

const MINUTE = 60_000
const DAY = 86_400_000
const formats = new Map() // of local hours, by zone
const days = readDays(readFileSync(0, 'utf8'))
const dates = days.map((d) => d.date).sort()
const from = options.from ?? dates[0] ?? ''
const to = options.to ?? dates[dates.length - 1] ?? ''
const chosen = days.filter((d) => d.date >= from && d.date <= to)
const legs = chosen.flatMap(legsOf)
chosen.forEach(part)
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

// The clock of the box, as it was read in each of its boots. It is doubted when
// nobody vouches for it and it shows what cannot be.

function newClock(at, opened) {
  const clock = {
    boots: [], prev: at, fix: opened.correction_ms ?? 0, doubted: Boolean(opened.plan.provisional),
    sure: !opened.provisional, came: opened.reached ?? 0, ends: opened.plan.ends,
  }
  if (!clock.doubted) clock.came = at.wall + clock.fix
  newBoot(clock, at, at.wall + clock.fix)
  return clock
}

function newBoot(clock, at, shown) {
  clock.boots.push({
    name: at.boot, from: at, to: at, shown, known: !clock.doubted, vouched: !clock.doubted && clock.sure,
    marks: clock.doubted ? [] : [{ at, office: shown, asRead: true, fix: shown - at.wall }],
  })
}

function tellTime(clock, kind, body, at) {
  const shown = at.wall + (at.synced && !clock.prev.synced ? 0 : clock.fix)
  const running = at.boot === clock.prev.boot
  const ran = running ? at.mono - clock.prev.mono : 0
  const moved = running && Math.abs(at.wall - clock.prev.wall - ran) >= 5000
  const wasDoubted = clock.doubted
  const wasSure = clock.sure
  if (at.synced) clock.doubted = false
  else if (moved || !running) {
    const slack = !running ? 0 : wasDoubted ? MINUTE : 60 * MINUTE
    const least = clock.came + ran - slack
    clock.doubted = shown < Date.UTC(2026, 0, 1) || (clock.came !== 0 && (shown < least || shown > least + 366 * DAY))
  }
  clock.sure = Boolean(at.synced) || (!clock.doubted && wasSure && (running || shown >= clock.ends))
  if (!clock.doubted) clock.came = shown
  else if (clock.came !== 0) clock.came += ran
  if (!running) newBoot(clock, at, shown)
  const boot = clock.boots[clock.boots.length - 1]
  if (running && clock.doubted && !wasDoubted) boot.marks.push({ at: clock.prev, office: read(boot, clock.prev), asRead: false })
  boot.to = at
  clock.prev = at
  const told = () => {
    clock.doubted = false
    clock.sure = boot.known = boot.vouched = true
    clock.came = at.wall + clock.fix
    // What was before it in this boot is counted back from here.
    boot.marks = [{ at, office: clock.came, asRead: true, fix: clock.fix }]
  }
  if (kind === 'DayRedated' || kind === 'DayReplanned') clock.ends = body.plan.ends
  if (kind === 'ClockStepped' && !clock.sure && !clock.doubted) told()
  if (kind === 'ClockSynced') {
    clock.fix = body.correction_ms ?? 0
    told()
  }
  if (kind === 'ClockSet') {
    const by = body.correction_ms - clock.fix
    clock.fix = body.correction_ms
    if (!(wasSure && running)) return told()
    clock.came = at.wall + clock.fix
    for (const m of boot.marks) {
      m.office += by
      m.fix += by
    }
  }
}

// The time at an instant by what the boot's own clock told.
function read(boot, at) {
  const mark = boot.marks.findLast((m) => m.at.mono <= at.mono) ?? boot.marks[0]
  if (mark.asRead && at.mono > mark.at.mono) return at.wall + mark.fix
  return mark.office + at.mono - mark.at.mono
}

// Boots in order, each with how long after the day's first event it began and
// what time it was then.
function settle(clock) {
  if (clock.settled) return
  clock.settled = true
  const { boots } = clock
  let limit = Infinity
  for (const b of [...boots].reverse()) {
    if (!b.known) continue
    if (!b.vouched && read(b, b.to) > limit) {
      b.known = false
      continue
    }
    if (b.vouched || limit < Infinity) limit = read(b, b.from)
  }
  let sum = 0
  let known = null
  for (const b of boots) {
    if (b.known && known) sum = Math.max(sum, known.began + known.to.mono - known.from.mono + read(b, b.from) - read(known, known.to))
    b.began = sum
    b.after = known
    if (b.known) known = b
    sum += b.to.mono - b.from.mono
  }
  for (const [i, b] of boots.entries()) {
    const next = boots.slice(i + 1).find((x) => x.known)
    if (b.known) b.time = (at) => read(b, at)
    else if (b.after) b.time = (at) => read(b.after, b.after.to) + b.began - (b.after.began + b.after.to.mono - b.after.from.mono) + at.mono - b.from.mono
    else if (next) b.time = (at) => read(next, next.from) - (next.began - b.began) + at.mono - b.from.mono
    else b.time = (at) => boots[0].shown + b.began + at.mono - b.from.mono
  }
}

function bootOf(clock, at) {
  settle(clock)
  return clock.boots.find((b) => b.name === at.boot)
}

// How long after a an instant b is, negative when it is before.
function apart(clock, a, b) {
  if (a.boot === b.boot) return b.mono - a.mono
  const [x, y] = [bootOf(clock, a), bootOf(clock, b)]
  const [i, j] = [x, y].map((boot) => clock.boots.indexOf(boot))
  const next = clock.boots.findIndex((boot, k) => k > i && k <= j && boot.known)
  if (!x.known && next >= 0) {
    // How long the box was off before the next boot nobody knows.
    const on = clock.boots.slice(i + 1, next).reduce((sum, boot) => sum + boot.to.mono - boot.from.mono, x.to.mono - a.mono)
    return on + apart(clock, clock.boots[next].from, b)
  }
  return y.began + b.mono - y.from.mono - (x.began + a.mono - x.from.mono)
}

function elapsed(clock, start, end) {
  return Math.max(0, apart(clock, start, end))
}

// Over a restart by a clock that nobody believes, some of the time is unknown.
function isKnown(clock, start, end) {
  return start.boot === end.boot || (bootOf(clock, start).known && bootOf(clock, end).known)
}

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
  const order = (a, b) => a.name.rank - b.name.rank || (a.name.key < b.name.key ? -1 : 1)
  let sorted = [...groups.values()].sort(order)
  if (by === 'group') sorted = mergeSmall(sorted, order, (l) => l.desk !== null)
  const told = toldOf(sorted, order)
  const unsaid = { walks: unsaidOf(sorted, (l) => isWalk(l)), times: unsaidOf(sorted, (l) => isTime(l)) }
  const rows = sorted
    .map((g) => ({ key: g.name.key, label: g.name.label, ...figures(g.legs, unsaid.walks.rows, unsaid.times.rows, by === 'day') }))
  const total = { key: 'total', label: 'Totale', ...figures(legs, unsaid.walks.total, unsaid.times.total, true) }
  const withTickets = new Set(chosen.filter((d) => d.tickets.size > 0).map((d) => d.date))
  return { from, to, by, visits: total.visits, days: withTickets.size, rows, total, told }
}

// What fewer than three desks did in a row on a day tells of their operators.

function desksOf(groups) {
  return new Set(groups.flatMap((g) => g.legs.map((l) => l.desk))).size
}

// The groups, day by day, with those of their legs that are wanted.
function byDays(groups, wanted) {
  return chosen.map((day) =>
    groups.map((g) => ({ of: g, legs: g.legs.filter((l) => l.of === day && wanted(l)) })).filter((g) => g.legs.length > 0))
}

// Of groups of one day those of fewer than three desks, with the smallest of the others
// where together they have no three desks either.
function smallOf(groups) {
  const small = groups.filter((g) => desksOf([g]) < 3)
  const others = groups.filter((g) => !small.includes(g))
  if (small.length > 0 && desksOf(small) < 3 && others.length > 0) {
    small.push(others.reduce((least, g) => (g.legs.length < least.legs.length ? g : least)))
  }
  return small
}

// The groups, with the legs of small ones in one group, day by day.
function mergeSmall(groups, order, wanted) {
  const moved = new Set()
  for (const day of byDays(groups, wanted)) {
    for (const g of smallOf(day)) g.legs.forEach((l) => moved.add(l))
  }
  const isOne = (g) => g.name.key === '*'
  const one = { name: { key: '*', label: '(uniti, meno di 3 sportelli)', rank: 1 }, legs: [...moved] }
  for (const g of groups.filter(isOne)) one.legs.push(...g.legs.filter((l) => !moved.has(l)))
  const rest = groups.filter((g) => !isOne(g)).map((g) => ({ ...g, legs: g.legs.filter((l) => !moved.has(l)) }))
  return [...rest, one].filter((g) => g.legs.length > 0).sort(order)
}

// The legs whose time is not said in the rows, and those where it is not in the total.
function unsaidOf(groups, known) {
  const rows = new Set()
  const total = new Set()
  for (const day of byDays(groups, known)) {
    const none = desksOf(day) < 3
    for (const g of none ? day : smallOf(day)) g.legs.forEach((l) => rows.add(l))
    if (none) day.forEach((g) => g.legs.forEach((l) => total.add(l)))
  }
  return { rows, total }
}

// What was told of the services that ended, in the groups of a report.
function toldOf(groups, order) {
  const silent = new Set()
  for (const day of byDays(groups, (l) => l.finished)) {
    if (desksOf(day) < 3) day.forEach((g) => g.legs.forEach((l) => silent.add(l)))
  }
  const ended = groups.map((g) => ({ ...g, legs: g.legs.filter((l) => l.finished && !silent.has(l)) })).filter((g) => g.legs.length > 0)
  const row = (key, label, legs) => {
    const count = (field, value) => legs.filter((l) => l[field] === value).length
    return {
      key, label, services: legs.length,
      outcomes: {
        released: count('told', 'released'), back_office: count('told', 'back-office'), incomplete: count('told', 'incomplete'),
        other_desk: count('told', 'other-desk'), not_told: count('told', ''),
      },
      categories: {
        citizen: count('category', 'citizen'), firm: count('category', 'firm'), association: count('category', 'association'),
        body: count('category', 'body'), not_told: count('category', ''),
      },
    }
  }
  const last = (g) => (g.name.key === '*' ? 1 : 0)
  const rows = mergeSmall(ended, order, () => true).sort((a, b) => last(a) - last(b))
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

function figures(legs, unsaidWalks, unsaidTimes, ofDays) {
  const dark = new Set(legs.filter((l) => l.of.parts === 'none' || (l.of.parts === 'day' && !ofDays)))
  const count = (wanted) => legs.filter(wanted).length
  const seen = legs.filter((l) => l.called && (l.end === 'served' || l.end === 'transferred'))
  const waits = seen.map((l) => l.wait).sort((a, b) => a - b)
  const walks = legs.filter((l) => isWalk(l) && !dark.has(l) && !unsaidWalks.has(l)).map((l) => l.walk)
  const times = legs.filter((l) => isTime(l) && !unsaidTimes.has(l)).map((l) => l.serviceTime)
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
    service_few_desks: count((l) => isTime(l) && unsaidTimes.has(l)),
    inferred: count((l) => l.inferred && !dark.has(l)),
    inferred_few_desks: dark.size,
  }
}
