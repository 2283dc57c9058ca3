// The totem. One touch is one ticket: a touch is named, repeated under the same
// name when the line fails, and no other is taken until it is answered and the
// button has rested.
import { act, connect, formatter, officeClock, requestName, ticking } from './link.js';

const shownMs = 7_000;
const shownPaperlessMs = 20_000;
const refusedMs = 6_000;
const tries = 4;
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

const one = (name) => document.querySelector(`[data-${name}]`);
const text = (element, value) => {
  if (element.textContent !== value) element.textContent = value;
};
const outlet = one('choose').dataset.outlet;
const answer = one('answer');

let clock = formatter('UTC');
let zone = 'UTC';
let busy = false;
let restMs = 1_500;
let showing = null; // id of the ticket on the screen
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

function waiting(n) {
  return n === 0 ? 'Nessuno in attesa' : `${n} in attesa`;
}

function lock(isBusy) {
  busy = isBusy;
  one('services').toggleAttribute('data-busy', busy);
  paintServices(services);
}

// show puts the answer on the screen for some time; 0 is until the next one.
function show({ title, number = '', service = '', todo = '', ahead = '', refused = false, ms = 0 }) {
  text(one('answer-title'), title);
  text(one('answer-number'), number);
  text(one('answer-service'), service);
  text(one('answer-do'), todo);
  text(one('answer-ahead'), ahead);
  answer.classList.toggle('answer-refused', refused);
  one('answer-close').hidden = ms === 0;
  answer.hidden = false;
  one('choose').inert = true;
  clearTimeout(closing);
  if (ms > 0) {
    one('answer-close').focus();
    closing = setTimeout(close, ms);
  }
}

function close() {
  clearTimeout(closing);
  answer.hidden = true;
  one('choose').inert = false;
  showing = null;
}

function showTicket(ticket) {
  showing = ticket.id;
  const onPaper = ticket.paper === 'requested' || ticket.paper === 'printed';
  show({
    title: 'Il suo numero', number: ticket.number, service: ticket.service,
    todo: ticket.do, ahead: ticket.ahead, refused: ticket.lost === true,
    ms: onPaper ? shownMs : shownPaperlessMs,
  });
}

async function touch(service) {
  if (busy) return;
  lock(true);
  show({ title: 'Attendere…' });
  const request = requestName();
  try {
    showTicket((await issue(service, request)).ticket);
  } catch (refusal) {
    show({ title: 'Nessun biglietto', todo: refusal.message, refused: true, ms: refusedMs });
  }
  await pause(restMs);
  lock(false);
}

// issue asks again under the same name until the office itself has answered.
async function issue(service, request) {
  for (let n = 1; ; n += 1) {
    try {
      return await act(`/api/v1/totem/${encodeURIComponent(outlet)}/tickets`, { service, request }, 4_000);
    } catch (error) {
      if (error.final || n === tries) throw error;
      await pause(400 * n);
    }
  }
}

one('form').addEventListener('submit', (event) => {
  event.preventDefault();
  if (event.submitter?.value) touch(event.submitter.value);
});
one('answer-close').addEventListener('click', close);
addEventListener('contextmenu', (event) => event.preventDefault());

connect(`/ws?page=totem&outlet=${encodeURIComponent(outlet)}`, {
  view(view) {
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
    // The paper of the ticket on the screen may have failed meanwhile.
    const mine = view.tickets.find((ticket) => ticket.id === showing);
    if (mine && mine.do !== one('answer-do').textContent) showTicket(mine);
  },
  gone() {
    text(one('sign'), "Questo totem non è più configurato: si rivolga all'accoglienza.");
    one('sign').hidden = false;
  },
  link(up) {
    one('lost').hidden = up;
    one('choose').inert = !up || !answer.hidden;
  },
});

ticking(() => {
  if (officeClock.at) text(one('clock'), clock(officeClock.now()));
});
