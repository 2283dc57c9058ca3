// The totem. One touch is one ticket: a touch is named, repeated under the same
// name when the line fails, and no other is taken until it is answered and the
// button has rested.
import { act, connect, formatter, officeClock, requestName, say, signOfLife, text, ticking } from './link.js';
import { fit, whenSized } from './fit.js';

// What is on the screen stays until somebody closes it. Who does not touch it for some
// time is asked, seen and heard, whether he needs more, as often as he likes; without
// an answer the totem goes back to the beginning. A number that has no paper is written
// down meanwhile; the printer's word comes within some ten seconds.
const quietMs = { requested: 40_000, printed: 15_000, lost: 15_000 };
const quietPaperlessMs = 45_000;
const quietRefusedMs = 10_000;
// So does a totem that somebody has set for himself or where he chooses several services.
const quietChoosingMs = 20_000;
const quietReadingMs = 45_000;
const askedMs = 20_000;
const tries = 4;
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

const one = (name) => document.querySelector(`[data-${name}]`);
const outlet = one('choose').dataset.outlet;
const answer = one('answer');
// Where one chooses several services, what is chosen stands in the address, and
// this leads back to the totem for one service.
const plain = one('plain')?.href;
const { rest } = one('choose').dataset;
const isSet = 'set' in one('choose').dataset;
const still = one('still');

// A millimetre follows from the diagonal.
document.documentElement.style.setProperty('--inches', one('choose').dataset.inches);

let clock = formatter('UTC');
let zone = 'UTC';
let busy = false;
let restMs = 1_500;
let showing = null; // the ticket on the screen
let papers = null; // of the last tickets of this outlet, by id
let untold = []; // tickets whose paper did not come out, to be shown
let quiet = 0; // the timer of who does not touch the screen
let quietFor = 0;
let quietEnds = null;
let touched = null; // what had the focus before somebody was asked
let services = [];
let first = 0; // of the services that stand on the screen, when they take turns

function paintServices(list) {
  const known = services.map((service) => service.id).join();
  if (services.length && known !== list.map((service) => service.id).join()) {
    // Other services: the page is made anew by the daemon.
    location.reload();
    return;
  }
  services = list;
  if (!one('listed')) return;
  for (const service of list) {
    const button = document.querySelector(`[data-service="${CSS.escape(service.id)}"]`);
    if (!button) {
      location.reload();
      return;
    }
    text(button.querySelector('[data-letters]'), service.letters);
    text(button.querySelector('[data-service-name]'), service.name);
    text(button.querySelector('[data-detail]'), service.detail ?? '');
    text(button.querySelector('[data-waiting]'), service.open ? waiting(service.waiting) : service.hours);
    button.disabled = busy || !service.open;
  }
}

// fitDetails shows what each service is for where all of it stands on the screen,
// if need be with less air, or the beginning of it where an i tells the rest, or else
// none of it: all services are seen without scrolling. In large letters they take turns,
// and so do those that do not stand on one screen for all that.
function fitDetails() {
  const choose = one('choose');
  if (one('board')) return;
  if ('large' in choose.dataset || one('paged')) {
    fitPage();
    return;
  }
  const informs = Boolean(document.querySelector('.service-info'));
  for (const [snug, brief, tight] of [[false, false, false], [true, false, false], [true, informs, !informs], [false, false, true], [true, false, true]]) {
    choose.toggleAttribute('data-snug', snug);
    choose.toggleAttribute('data-brief', brief);
    choose.toggleAttribute('data-tight', tight);
    if (first === 0) showAll();
    if (choose.scrollHeight <= choose.clientHeight) return;
  }
  fitPage();
}

function showAll() {
  for (const row of one('services').children) row.hidden = false;
  one('page-on').hidden = true;
}

// fitPage shows as many services as stand on the screen, from the first of the page.
function fitPage() {
  const choose = one('choose');
  const rows = [...one('services').children];
  const shown = (to) => rows.forEach((row, i) => { row.hidden = i < first || i >= to; });
  one('page-on').hidden = true;
  shown(rows.length);
  if (first === 0 && choose.scrollHeight <= choose.clientHeight) return;
  one('page-on').hidden = false;
  for (let to = rows.length; to > first + 1; to -= 1) {
    shown(to);
    if (choose.scrollHeight <= choose.clientHeight) return;
  }
  shown(first + 1);
}

one('page-on').addEventListener('click', () => {
  const rows = [...one('services').children];
  const next = rows.findLastIndex((row) => !row.hidden) + 1;
  first = next < rows.length ? next : 0;
  fitPage();
  one('services').querySelector('li:not([hidden]) .service:not(:disabled)')?.focus();
});

// The keyboard on the screen: what is written searches by itself.
const letters = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const searchAfterMs = 250;
let searching = 0;

function layKeyboard() {
  const board = one('board');
  if (!board) return;
  const query = one('query');
  const key = (label, name, press, wide = '') => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = `board-key ${wide}`;
    button.textContent = label;
    button.setAttribute('aria-label', name);
    // The field keeps the focus, and its place.
    button.addEventListener('pointerdown', (event) => event.preventDefault());
    button.addEventListener('click', () => {
      press();
      query.dispatchEvent(new Event('input'));
    });
    return button;
  };
  const write = (letter) => () => {
    if (query.value.length < query.maxLength) query.value += letter;
  };
  const erase = () => { query.value = query.value.slice(0, -1); };
  const rows = letters.map((row) => [...row].map((letter) => key(letter, letter, write(letter))));
  rows.at(-1).push(key('⌫', board.dataset.erase, erase, 'board-wide'));
  rows.push([key(board.dataset.space, board.dataset.space, write(' '), 'board-space')]);
  for (const keys of rows) {
    const row = document.createElement('div');
    row.className = 'board-row';
    row.append(...keys);
    board.append(row);
  }
  board.lastChild.append(one('back'));
  board.hidden = false;
  one('search-send').hidden = true;
  query.addEventListener('input', () => {
    clearTimeout(searching);
    searching = setTimeout(search, searchAfterMs);
  });
  one('search').addEventListener('submit', (event) => {
    event.preventDefault();
    search();
  });
  query.focus();
}

// search shows what the daemon finds, which stands in the page of these words.
async function search() {
  const asks = new URLSearchParams(new FormData(one('search')));
  try {
    const answer = await fetch(`/totem?${asks}`, { signal: AbortSignal.timeout(4_000) });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (asks.get('cerca') !== one('query').value) return; // the next answer is under way
    one('found').replaceChildren(...page.querySelector('[data-found]').children);
    for (const link of one('found').querySelectorAll('[data-mode]')) asKey(link);
  } catch {
    // The next letter asks again; the line says itself when it is lost.
  }
}

function waiting(n) {
  return n === 0 ? say('nobody') : say('waiting', n);
}

function lock(isBusy) {
  busy = isBusy;
  one('services').toggleAttribute('data-busy', busy);
  paintServices(services);
}

// whenQuiet does something when nobody touches the screen for so long, nor wants more
// time when he is asked; 0 is never.
function whenQuiet(ms, then) {
  quietFor = ms;
  quietEnds = then;
  listen();
}

function listen() {
  clearTimeout(quiet);
  still.hidden = true;
  if (quietFor > 0) quiet = setTimeout(ask, quietFor);
}

function ask() {
  touched = document.activeElement;
  still.hidden = false;
  one('still-more').focus();
  sound();
  quiet = setTimeout(() => {
    still.hidden = true;
    quietEnds();
  }, askedMs);
}

function moreTime() {
  listen();
  touched?.focus();
}

// sound is two soft tones. Somebody has touched the screen, so that it may play.
let audio = null;
function sound() {
  try {
    audio ??= new AudioContext();
    for (const [at, hertz] of [[0, 660], [0.22, 880]]) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      const from = audio.currentTime + at;
      tone.frequency.value = hertz;
      volume.gain.setValueAtTime(0, from);
      volume.gain.linearRampToValueAtTime(0.25, from + 0.02);
      volume.gain.linearRampToValueAtTime(0, from + 0.2);
      tone.connect(volume).connect(audio.destination);
      tone.start(from);
      tone.stop(from + 0.21);
    }
    document.documentElement.dataset.sounded = Number(document.documentElement.dataset.sounded ?? 0) + 1;
  } catch {
    // A box without sound asks in sight alone.
  }
}

// idle waits for whoever set the totem and goes away.
function idle() {
  if (one('paged') || one('board')) whenQuiet(quietReadingMs, leave);
  else if (isSet || plain) whenQuiet(quietChoosingMs, leave);
  else whenQuiet(0);
}

// held are what the holders of the last numbers that were asked for here are shown who
// have no paper, by ticket.
const held = new Map();
const heldMost = 4;

function hold(ticket) {
  if (!ticket.held) return;
  held.set(ticket.id, ticket.held);
  if (held.size > heldMost) held.delete(held.keys().next().value);
}

// showHeld shows the code of a number, and the way to its page on a phone.
function showHeld(code) {
  one('answer-held').hidden = !code;
  answer.toggleAttribute('data-held', Boolean(code));
  if (!code) return;
  text(one('answer-code'), code.code);
  const drawn = one('answer-qr');
  drawn.toggleAttribute('hidden', !code.qr);
  if (!code.qr) return;
  drawn.setAttribute('viewBox', `0 0 ${code.qr.size} ${code.qr.size}`);
  drawn.lastElementChild.setAttribute('d', code.qr.path);
}

// show puts the answer on the screen; without ms it is only until the next one.
function show({ title, number = '', service = '', todo = '', ahead = '', code, refused = false, ms = 0, closes = ms > 0 }) {
  text(one('answer-title'), title);
  text(one('answer-number'), number);
  text(one('answer-service'), service);
  text(one('answer-do'), todo);
  text(one('answer-ahead'), ahead);
  showHeld(code);
  answer.classList.toggle('answer-refused', refused);
  one('answer-close').hidden = !closes;
  answer.hidden = false;
  fitNumber();
  for (const under of beneath()) under.inert = true;
  whenQuiet(ms, close);
  if (closes) one('answer-close').focus();
}

// beneath is what cannot be touched while an answer lies over it.
function beneath() {
  return [one('choose'), document.querySelector('.keys')];
}

function fitNumber() {
  fit(one('answer-number'), [one('answer-number')]);
}

function close() {
  if ((plain || isSet) && showing && !showing.lost) {
    // The one who chose has the number; the next one begins anew.
    leave();
    return;
  }
  answer.hidden = true;
  for (const under of beneath()) under.inert = !connected;
  showing = null;
  idle();
  tell();
}

function leave() {
  location.replace(rest);
}

function showTicket(ticket) {
  const code = ticket.lost || onPaper(ticket.paper) ? undefined : held.get(ticket.id);
  showing = ticket;
  untold = untold.filter((one) => one.id !== ticket.id);
  show({
    title: say('your-number'), number: ticket.number, service: ticket.service,
    todo: code?.qr ? one('answer-held').dataset.scan : ticket.do,
    ahead: ticket.ahead, code, refused: ticket.lost === true,
    ms: quietMs[ticket.lost ? 'lost' : ticket.paper] ?? quietPaperlessMs,
    // Where the page goes back to the beginning, nobody would be told of a paper that fails.
    closes: !((plain || isSet) && ticket.paper === 'requested'),
  });
}

// follow keeps the number on the screen true to its paper, and shows those whose
// paper did not come out although nobody has them before him any more: what a
// button of this outlet gave, or what was closed too soon.
function follow(tickets) {
  const before = papers;
  papers = new Map(tickets.map((ticket) => [ticket.id, ticket.paper]));
  const mine = tickets.find((ticket) => ticket.id === showing?.id);
  if (mine && (mine.do !== showing.do || mine.paper !== showing.paper)) showTicket(mine);
  if (!before) return;
  const lost = tickets.filter((ticket) => ticket.id !== showing?.id && !onPaper(ticket.paper)
    && (before.get(ticket.id) ?? 'requested') === 'requested');
  untold = [...untold.filter((one) => papers.has(one.id) && !lost.some((ticket) => ticket.id === one.id)), ...lost.reverse()];
  tell();
}

function onPaper(paper) {
  return paper === 'requested' || paper === 'printed';
}

function tell() {
  if (!busy && answer.hidden && untold.length > 0) showTicket(untold[0]);
}

// asked is what the round keys say of the ticket, which stands in the form.
const given = new FormData(one('form') ?? undefined);
const asked = { class: given.get('class') ?? '', language: given.get('language') ?? '', paper: given.get('paper') ?? '' };

async function touch(service, then) {
  if (busy) return;
  lock(true);
  show({ title: say('wait') });
  const request = requestName();
  try {
    const { ticket } = await issue({ ...asked, service, then, request });
    hold(ticket);
    showTicket(ticket);
  } catch (refusal) {
    show({ title: say('no-ticket'), todo: refusal.message, refused: true, ms: quietRefusedMs });
  }
  await pause(restMs);
  lock(false);
  tell();
}

// issue asks again under the same name until the office itself has answered.
async function issue(fields) {
  for (let n = 1; ; n += 1) {
    try {
      return await act(`/api/v1/totem/${encodeURIComponent(outlet)}/tickets${inLanguage('?')}`, fields, 4_000);
    } catch (error) {
      if (error.final || n === tries) throw error;
      await pause(400 * n);
    }
  }
}

function inLanguage(mark) {
  return asked.language ? `${mark}lingua=${asked.language}` : '';
}

one('form')?.addEventListener('submit', (event) => {
  event.preventDefault();
  if (plain) {
    const chosen = new FormData(event.target);
    touch(chosen.get('service'), chosen.getAll('then').join());
  } else if (event.submitter?.value) touch(event.submitter.value);
});
// A key is another address of the same page; going back through them helps nobody.
function asKey(key) {
  key.addEventListener('click', (event) => {
    event.preventDefault();
    location.replace(key.href);
  });
  // A link with the look of a key is pressed with the space bar too.
  key.addEventListener('keydown', (event) => {
    if (event.key === ' ') {
      event.preventDefault();
      key.click();
    }
  });
}
for (const key of document.querySelectorAll('[data-mode],[data-plain],a.service')) asKey(key);
for (const kind of ['pointerdown', 'keydown']) {
  addEventListener(kind, () => {
    if (still.hidden) listen();
  }, { capture: true, passive: true });
}
still.addEventListener('click', moreTime);
one('answer-close').addEventListener('click', close);
addEventListener('contextmenu', (event) => event.preventDefault());

let connected = false;

connect(`/ws?page=totem&outlet=${encodeURIComponent(outlet)}${inLanguage('&')}`, {
  view(view) {
    if (view.outlet !== outlet) {
      // The screen was moved to another outlet.
      location.reload();
      return;
    }
    if (view.office.zone !== zone) {
      zone = view.office.zone;
      clock = formatter(zone);
    }
    text(one('body'), view.office.body);
    text(one('name'), view.office.name);
    for (const [name, value] of [['sign', view.sign], ['moved', view.moved?.join(' ')], ['notice', view.day.notice]]) {
      text(one(name), value ?? '');
      one(name).hidden = !value;
    }
    restMs = view.rest_ms / Math.max(1, officeClock.rate);
    paintServices(view.services);
    fitDetails();
    follow(view.tickets);
  },
  link(up) {
    signOfLife(one('lost'), up);
    connected = up;
    for (const under of beneath()) under.inert = !up || !answer.hidden;
  },
});

whenSized(answer, fitNumber);
whenSized(one('choose'), fitDetails);
layKeyboard();
ticking(() => {
  if (officeClock.at) text(one('clock'), clock(officeClock.now()));
});
idle();
