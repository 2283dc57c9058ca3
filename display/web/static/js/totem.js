// The totem. One touch is one ticket: a touch is named, repeated under the same
// name when the line fails, and no other is taken until it is answered and the
// button has rested.
import { act, connect, formatter, officeClock, requestName, say, signOfLife, text, ticking } from './link.js';
import { fit, whenSized } from './fit.js';

// A number stays on the screen until its paper is out, and some time longer;
// the printer's word comes within some ten seconds.
const printingMs = 40_000;
const shownMs = 7_000;
const shownPaperlessMs = 20_000;
const refusedMs = 6_000;
// Who goes away in the middle of choosing several services is asked, and leaves the
// totem to the next one.
const choosingMs = 60_000;
const askedMs = 20_000;
const tries = 4;
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

const one = (name) => document.querySelector(`[data-${name}]`);
const outlet = one('choose').dataset.outlet;
const answer = one('answer');
// Where one chooses several services, what is chosen stands in the address, and
// this leads back to the totem for one service.
const plain = one('plain')?.href;
const done = one('answer-close').textContent;

let clock = formatter('UTC');
let zone = 'UTC';
let busy = false;
let restMs = 1_500;
let showing = null; // the ticket on the screen
let papers = null; // of the last tickets of this outlet, by id
let untold = []; // tickets whose paper did not come out, to be shown
let closing = 0;
let services = [];

function paintServices(list) {
  const known = services.map((service) => service.id).join();
  if (services.length && known !== list.map((service) => service.id).join()) {
    // Other services: the page is made anew by the daemon.
    location.reload();
    return;
  }
  services = list;
  if (plain) return;
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
// if need be with less air, or else none of it: all services are seen without
// scrolling, and no text is cut.
function fitDetails() {
  const choose = one('choose');
  for (const [snug, tight] of [[false, false], [true, false], [false, true]]) {
    choose.toggleAttribute('data-snug', snug);
    choose.toggleAttribute('data-tight', tight);
    if (choose.scrollHeight <= choose.clientHeight) return;
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

// show puts the answer on the screen for some time; 0 is until the next one.
function show({ title, number = '', service = '', todo = '', ahead = '', refused = false, ms = 0, button = done, after = close }) {
  text(one('answer-title'), title);
  text(one('answer-number'), number);
  text(one('answer-service'), service);
  text(one('answer-do'), todo);
  text(one('answer-ahead'), ahead);
  answer.classList.toggle('answer-refused', refused);
  text(one('answer-close'), button);
  one('answer-close').hidden = ms === 0 || !button;
  answer.hidden = false;
  fitNumber();
  one('choose').inert = true;
  clearTimeout(closing);
  if (ms > 0) {
    one('answer-close').focus();
    closing = setTimeout(after, ms);
  }
}

function fitNumber() {
  fit(one('answer-number'), [one('answer-number')]);
}

function close() {
  clearTimeout(closing);
  if (plain && showing && !showing.lost) {
    // The one who chose has the number; the next one begins anew.
    leave();
    return;
  }
  answer.hidden = true;
  one('choose').inert = false;
  showing = null;
  tell();
}

function leave() {
  location.replace(plain);
}

// ask goes back to one service unless somebody answers.
function ask() {
  setTimeout(ask, askedMs + choosingMs);
  if (busy || !answer.hidden) return;
  show({ title: say('still-choosing'), ms: askedMs, button: say('go-on'), after: leave });
}

// How long a number is shown, by what became of its paper.
const shownFor = { requested: printingMs, printed: shownMs };

function showTicket(ticket) {
  showing = ticket;
  untold = untold.filter((one) => one.id !== ticket.id);
  show({
    title: say('your-number'), number: ticket.number, service: ticket.service,
    todo: ticket.do, ahead: ticket.ahead, refused: ticket.lost === true,
    ms: shownFor[ticket.paper] ?? shownPaperlessMs,
    // Where the page goes back to one service, nobody would be told of a paper that fails.
    button: plain && ticket.paper === 'requested' ? '' : done,
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
  const onPaper = (paper) => paper in shownFor;
  const lost = tickets.filter((ticket) => ticket.id !== showing?.id && !onPaper(ticket.paper)
    && (before.get(ticket.id) ?? 'requested') === 'requested');
  untold = [...untold.filter((one) => papers.has(one.id) && !lost.some((ticket) => ticket.id === one.id)), ...lost.reverse()];
  tell();
}

function tell() {
  if (!busy && answer.hidden && untold.length > 0) showTicket(untold[0]);
}

async function touch(service, then) {
  if (busy) return;
  lock(true);
  show({ title: say('wait') });
  const request = requestName();
  try {
    showTicket((await issue({ service, then, request })).ticket);
  } catch (refusal) {
    show({ title: say('no-ticket'), todo: refusal.message, refused: true, ms: refusedMs });
  }
  await pause(restMs);
  lock(false);
  tell();
}

// issue asks again under the same name until the office itself has answered.
async function issue(asked) {
  for (let n = 1; ; n += 1) {
    try {
      return await act(`/api/v1/totem/${encodeURIComponent(outlet)}/tickets`, asked, 4_000);
    } catch (error) {
      if (error.final || n === tries) throw error;
      await pause(400 * n);
    }
  }
}

one('form').addEventListener('submit', (event) => {
  event.preventDefault();
  if (plain) {
    const chosen = new FormData(event.target);
    touch(chosen.get('service'), chosen.getAll('then').join());
  } else if (event.submitter?.value) touch(event.submitter.value);
});
if (plain) setTimeout(ask, choosingMs);
one('answer-close').addEventListener('click', close);
addEventListener('contextmenu', (event) => event.preventDefault());

connect(`/ws?page=totem&outlet=${encodeURIComponent(outlet)}`, {
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
    one('choose').inert = !up || !answer.hidden;
  },
});

whenSized(answer, fitNumber);
whenSized(one('choose'), fitDetails);
ticking(() => {
  if (officeClock.at) text(one('clock'), clock(officeClock.now()));
});
