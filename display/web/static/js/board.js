// The hall board. The page is fixed: only texts change. It blinks once for each new
// call, remembers across reloads what it has shown, sounds what the daemon plans, and
// tells the daemon what is painted and what was played.
import { connect, formatter, officeClock, say, signOfLife, text, ticking } from './link.js';
import { voice } from './voice.js';
import { stage } from './stage.js';

const freshMs = 60_000;
const blinkMs = 5_000;
const halfBlinkMs = 500;
const memory = 'eliminacode.shown';

const one = (name) => document.querySelector(`[data-${name}]`);
const rows = [...document.querySelectorAll('[data-row]')].map((row) => ({
  row,
  number: row.querySelector('[data-number]'),
  desk: row.querySelector('[data-desk]'),
  seq: 0,
}));
const big = one('big');

let clock = formatter('UTC');
let zone = 'UTC';
let shownBefore = remembered();
let mute = true;
let heard = [];
let painted = null;
let legibleTo = null;

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(memory)) ?? { journal: '', seq: 0 };
  } catch {
    return { journal: '', seq: 0 };
  }
}

// fresh are the calls that were not on this board before and are not too old to
// blink, oldest first. Another journal has other sequence numbers.
function fresh(calls, journal) {
  if (shownBefore.journal !== journal) shownBefore = { journal, seq: 0 };
  const now = officeClock.now();
  const age = freshMs * Math.max(1, officeClock.rate);
  const found = calls.filter((call) => call.seq > shownBefore.seq && now - call.at <= age).reverse();
  shownBefore.seq = calls.reduce((most, call) => Math.max(most, call.seq), shownBefore.seq);
  try {
    sessionStorage.setItem(memory, JSON.stringify(shownBefore));
  } catch {
    // A browser that keeps nothing blinks once more after a reload.
  }
  return found;
}

// blink shows an element the other way round every half second, by a class, and never
// at once: the frame that shows a call has nothing to do but its texts.
const still = matchMedia('(prefers-reduced-motion:reduce)').matches;

function blink(element) {
  unblink(element);
  if (still) {
    element.classList.add('called');
    element.blinking = setTimeout(unblink, blinkMs, element);
    return;
  }
  let left = blinkMs / halfBlinkMs;
  element.blinking = setInterval(() => {
    left -= 1;
    if (left <= 0) unblink(element);
    else element.classList.toggle('called');
  }, halfBlinkMs);
}

function unblink(element) {
  clearInterval(element.blinking);
  element.blinking = 0;
  element.classList.remove('called');
}

let shown = [];

// paintCalls writes the calls, and only what is not there already.
function paintCalls(calls, news) {
  shown = calls;
  const [last, ...earlier] = calls;
  board.call(last);
  rows.forEach((row, i) => {
    board.row(row, earlier[i]);
    const seq = earlier[i]?.seq ?? 0;
    if (earlier[i] && news.includes(earlier[i])) blink(row.row);
    else if (row.seq !== seq && row.row.blinking) unblink(row.row);
    row.seq = seq;
  });
  if (last && news.includes(last)) blink(big);
}

// paintWaits keeps one cell for each service; cells are only made when the
// services themselves change. More than fit beside each other take turns.
const waitsShown = 8;
let waitsFit = waitsShown;
const turnMs = 8_000;
let turn = 0;

function paintWaits(lines) {
  const list = one('waits');
  while (list.children.length > lines.length) list.lastChild.remove();
  while (list.children.length < lines.length) {
    const cell = document.createElement('li');
    cell.className = 'wait';
    cell.innerHTML = '<div class="wait-top"><span class="wait-letters"></span><span></span></div><div class="wait-name"></div>';
    list.append(cell);
  }
  lines.forEach((line, i) => {
    const [letters, count] = list.children[i].firstChild.children;
    text(letters, line.letters);
    const closed = !line.open && line.waiting === 0;
    count.className = closed ? 'wait-count-closed' : 'wait-count';
    text(count, closed ? say('closed') : String(line.waiting));
    text(list.children[i].lastChild, line.name);
    // A count of many digits is narrower, never cut.
    if (!closed) list.children[i].style.setProperty('--many', board.fits(line.letters + line.waiting));
  });
  one('strip').dataset.lines = lines.length;
  turnWaits();
}

function turnWaits() {
  const cells = [...one('waits').children];
  const turns = Math.ceil(cells.length / waitsFit) || 1;
  const each = Math.ceil(cells.length / turns) || 1;
  cells.forEach((cell, i) => { cell.hidden = Math.floor(i / each) !== turn % turns; });
  one('waits').style.setProperty('--columns', each);
}

setInterval(() => {
  turn += 1;
  turnWaits();
  paintMessages();
}, turnMs);

// paintMessages shows the messages whose time it is and that are for this board.
// More than one take turns, so that what they say stands big enough.
const own = one('hall').dataset.own;
let messages = [];

function paintMessages() {
  const now = officeClock.at ? officeClock.now() : 0;
  const shown = messages.filter((m) => (!m.boards?.length || m.boards.includes(own)) && (!m.from || m.from <= now) && (!m.until || now < m.until));
  const list = one('messages');
  list.hidden = shown.length === 0;
  const lines = shown.length ? shown[turn % shown.length].lines : [];
  while (list.children.length > lines.length) list.lastChild.remove();
  while (list.children.length < lines.length) list.append(document.createElement('li'));
  lines.forEach((words, i) => text(list.children[i], words));
}

const hall = one('hall').dataset;

// board is where the texts stand. What it finds legible goes to the daemon.
const board = stage({
  rows,
  waitsShown,
  onLaid(fits, legible) {
    waitsFit = fits;
    turnWaits();
    legibleTo = legible;
    repaint();
    tell();
  },
});

// repaint writes the calls into a layout that is new.
function repaint() {
  board.call(shown[0]);
  rows.forEach((row, i) => board.row(row, shown[i + 1]));
}

const line = connect(hall.socket, {
  view(view, envelope) {
    if (view.office.zone !== zone) {
      zone = view.office.zone;
      clock = formatter(zone);
    }
    text(one('body'), view.office.body);
    text(one('name'), view.office.name);
    text(one('date'), view.day.date);
    text(one('notice'), view.day.notice ?? '');
    one('notice').hidden = !view.day.notice;
    paintCalls(view.calls, fresh(view.calls, envelope.journal));
    speaker.plan(view.announcements ?? [], envelope.journal);
    messages = view.messages ?? [];
    paintMessages();
    paintWaits(view.waiting);
    paintClock();
    // The second frame comes when the first has been on the screen.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      painted = { journal: envelope.journal, painted: envelope.seq };
      tell();
    }));
  },
  link(up) {
    signOfLife(one('lost'), up);
    // What is behind the sign is not read aloud either.
    one('hall').inert = !up;
  },
});

const speaker = voice({
  volume: Number(hall.volume),
  onMute(isMute) {
    mute = isMute;
    tell();
  },
  onHeard(seqs) {
    heard = seqs;
    tell();
  },
});

function tell() {
  line.report({ journal: painted?.journal ?? '', painted: painted?.painted ?? 0, mute, heard, legible: legibleTo ?? undefined });
}

function paintClock() {
  if (officeClock.at) text(one('clock'), clock(officeClock.now()));
}

ticking(paintClock);
board.watch();
