// The hall board. The page is fixed: only texts change. It blinks once for each new
// call, remembers across reloads what it has shown, sounds what the daemon plans, and
// tells the daemon what is painted and what was played.
import { connect, formatter, officeClock, say, signOfLife, text, ticking } from './link.js';
import { voice } from './voice.js';
import { fit, whenSized } from './fit.js';

const freshMs = 60_000;
const blinkMs = 5_000;
const memory = 'eliminacode.shown';

const one = (name) => document.querySelector(`[data-${name}]`);
const rows = [...document.querySelectorAll('[data-row]')].map((row) => ({
  row,
  number: row.querySelector('[data-number]'),
  desk: row.querySelector('[data-desk]'),
}));

let clock = formatter('UTC');
let zone = 'UTC';
let shownBefore = remembered();
let mute = true;
let heard = [];
let painted = null;

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

function blink(element) {
  element.classList.remove('called');
  void element.offsetWidth;
  element.classList.add('called');
  clearTimeout(element.blinking);
  element.blinking = setTimeout(() => element.classList.remove('called'), blinkMs);
}

function fitCalls() {
  fit(one('big-number'), [one('big-number')]);
  fit(one('big-desk').parentElement, [one('big-desk')]);
  for (const { row, number, desk } of rows) fit(row, [number, desk]);
}

function paintCalls(calls, news) {
  const [last, ...earlier] = calls;
  text(one('big-number'), last?.number ?? '–');
  text(one('big-desk'), last?.desk ?? '–');
  rows.forEach(({ row, number, desk }, i) => {
    text(number, earlier[i]?.number ?? '');
    text(desk, earlier[i]?.desk ?? '');
    if (earlier[i] && news.includes(earlier[i])) blink(row);
    else if (!earlier[i] || row.dataset.seq !== String(earlier[i].seq)) row.classList.remove('called');
    row.dataset.seq = earlier[i]?.seq ?? '';
  });
  fitCalls();
  if (last && news.includes(last)) blink(one('big'));
}

// paintWaits keeps one cell for each service; cells are only made when the
// services themselves change. More than fit beside each other take turns.
const waitsShown = 8;
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
  });
  turnWaits();
}

function turnWaits() {
  const cells = [...one('waits').children];
  const turns = Math.ceil(cells.length / waitsShown) || 1;
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
  line.report({ journal: painted?.journal ?? '', painted: painted?.painted ?? 0, mute, heard });
}

function paintClock() {
  if (officeClock.at) text(one('clock'), clock(officeClock.now()));
}

ticking(paintClock);
whenSized(one('hall'), fitCalls);
