// What time it was, and how long anything took, for recompute.mjs: as the clock of the box
// was read in each of its boots, from the events of a day alone. Durations and instants are
// milliseconds.

const MINUTE = 60_000
const DAY = 86_400_000

// The clock of the box, as it was read in each of its boots. It is doubted when
// nobody vouches for it and it shows what cannot be.

export function newClock(at, opened) {
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

export function tellTime(clock, kind, body, at) {
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

export function bootOf(clock, at) {
  settle(clock)
  return clock.boots.find((b) => b.name === at.boot)
}

// How long after a an instant b is, negative when it is before.
export function apart(clock, a, b) {
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

export function elapsed(clock, start, end) {
  return Math.max(0, apart(clock, start, end))
}

// Over a restart by a clock that nobody believes, some of the time is unknown.
export function isKnown(clock, start, end) {
  return start.boot === end.boot || (bootOf(clock, start).known && bootOf(clock, end).known)
}
