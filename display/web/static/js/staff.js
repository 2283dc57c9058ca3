// The pages of those who work. Without this script they are plain forms; with
// it, forms go through the API, the body of the page is refreshed by the
// daemon, and times count on.
import { act, ago, connect, dayFormatter, formatter, officeClock, requestName, say, signOfLife, text, ticking, wait } from './link.js';
import { keepMeanings, putMeaningsBack } from './meaning.js';
import { morph } from './morph.js';
import { forget, tell } from './refusal.js';

const root = document.documentElement;
const main = document.querySelector('[data-main]');
const flashed = document.querySelector('[data-flash]');
const lost = document.querySelector('[data-lost]');
const clockText = document.querySelector('[data-clock]');
const clock = formatter(root.dataset.zone);
const dateText = document.querySelector('[data-date]');
const date = dateText && dayFormatter(root.dataset.zone, JSON.parse(dateText.dataset.date));

officeClock.set(Number(root.dataset.now), Number(root.dataset.rate) || 1);
root.toggleAttribute('data-script', true);

// On a phone the list of pages is folded; without this script it is open.
const pages = document.querySelector('.top-pages');
const narrow = matchMedia('(max-width:700px)');
const fold = () => {
  pages.open = !narrow.matches;
};
narrow.addEventListener('change', fold);
fold();

// A form that was refused is gone on with at the first of its wrong fields.
for (const fault of [...main.querySelectorAll('span.field-fault, [data-refused] .field.field-fault')].reverse()) {
  const described = fault.id && main.querySelector(`[aria-describedby~="${CSS.escape(fault.id)}"]`);
  const around = fault.closest('.field,label,fieldset') ?? fault.previousElementSibling;
  const wrong = described || around?.querySelector('input:not([type=hidden]),select,textarea');
  if (!wrong) continue;
  const folded = wrong.closest('details');
  if (folded) folded.open = true;
  wrong.setAttribute('aria-invalid', 'true');
  wrong.focus();
}

// What was written in a form that asks is kept by a button of that form alone: who goes
// elsewhere is asked first.
let sent = null;

function written(field) {
  if (field.type === 'checkbox' || field.type === 'radio') return field.checked !== field.defaultChecked;
  if (field.options) {
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(first, 0);
  }
  return field.type !== 'hidden' && field.defaultValue !== undefined && field.value !== field.defaultValue;
}

document.addEventListener('submit', (event) => {
  sent = event.target;
  keepMeanings(main, sent, written);
});
putMeaningsBack(main);
addEventListener('beforeunload', (event) => {
  const lost = [...document.querySelectorAll('form[data-asks]')].some((form) => form !== sent && [...form.elements].some(written));
  sent = null;
  if (lost) event.preventDefault();
});

// An answer at a desk is of a moment: it goes when its page shows something newer.
const answerStaysMs = 10_000;
let flashedAt = 0;

function flash(sentence, failed) {
  flashedAt = performance.now();
  flashed.setAttribute('role', failed ? 'alert' : 'status');
  flashed.textContent = sentence;
  flashed.classList.toggle('flash-failed', failed);
}

// Ages in real time are counted on from when the page came.
let aged = performance.now();

function paintTimes() {
  const now = officeClock.now();
  text(clockText, clock(now));
  if (dateText) text(dateText, date(now));
  for (const time of main.querySelectorAll('time[data-since]')) {
    const waited = now - Number(time.dataset.since);
    text(time, wait(waited, 'fine' in time.dataset));
    if (time.dataset.limit) time.classList.toggle('late', waited > Number(time.dataset.limit));
  }
  for (const time of main.querySelectorAll('time[data-ago]')) {
    text(time, ago(Number(time.dataset.ago) + performance.now() - aged));
  }
}

// What is known of a form beside its fields: a form's own properties are hidden
// by fields of the same name.
const known = new WeakMap();

// pressed is a button of a form. The form says now what it asks for, since what a
// person sees may change until it is sent. While a command is under way the same
// button again is a double press; another one, such as NEXT right after START, is
// sent when the first has been answered, and not at all when that was refused.
function pressed(form, button) {
  const about = known.get(form) ?? {};
  known.set(form, about);
  const fields = {};
  for (const [name, value] of new FormData(form, button)) fields[name] = name in fields ? `${fields[name]},${value}` : value;
  const which = `${button?.name}=${button?.value}`;
  if (!about.sending) {
    about.pressed = which;
    send(form, about, button, fields);
  } else if (which !== about.pressed && !about.next) {
    about.next = () => {
      about.pressed = which;
      send(form, about, button, fields);
    };
  }
}

// send posts what a form said, and the daemon refreshes the page.
async function send(form, about, button, fields) {
  const action = fields.action;
  delete fields.action;
  if (button?.dataset.correction) {
    // The whole correction and no difference, so that it may be sent twice.
    fields.correction = String(Math.round(Number(button.dataset.correction) + Date.now() - officeClock.now()));
  }
  if (form.hasAttribute('data-once')) {
    about.request ??= requestName();
    fields.request = about.request;
  }
  about.sending = true;
  forget(form);
  root.toggleAttribute('data-sending', true);
  try {
    const answer = await act(form.dataset.api + action, bodyOf(form.dataset.api, action, fields), Number(form.dataset.wait) || undefined);
    const ticket = ['issued', 'checked-in'].includes(answer.code) ? answer.ticket : null;
    flash(ticket ? `${ticket.number}: ${ticket.ahead}. ${ticket.where ?? (ticket.paper === 'requested' ? say('printing') : '')}` : answer.say, false);
    about.request = undefined;
    for (const seen of main.querySelectorAll('input[name="seen"]')) seen.value = answer.seen ?? seen.value;
    for (const field of [...form.elements].filter((control) => control.matches('[data-reset]'))) {
      // One that says after which answers keeps its value after any other.
      if (!field.dataset.reset || field.dataset.reset.split(' ').includes(answer.code)) reset(field);
    }
    holdPlace(() => form.closest('details[data-close]')?.removeAttribute('open'));
    if (answer.code === 'issued') clearFind();
    if (!main.dataset.topic) await refresh();
  } catch (refusal) {
    about.next = undefined;
    if (refusal.final) about.request = undefined;
    // A session that has ended is begun again, and leads back here.
    if (refusal.code === 'sign-in') {
      location.assign(`/accesso?${new URLSearchParams({ poi: location.pathname + location.search })}`);
    }
    // The page itself offers to come to a desk that is another operator's.
    if (refusal.code === 'operator-elsewhere' || refusal.code === 'desk-taken') {
      location.assign(`${location.pathname}?${new URLSearchParams({ esito: refusal.code, rifiuto: '1' })}`);
    }
    // What somebody else changed meanwhile is shown, under what this person chose.
    if (refusal.code === 'profile-moved') await refresh();
    if (['clock-jump', 'profile-sure'].includes(refusal.code) && confirm(refusal.message)) {
      about.next = () => send(form, about, button, { ...fields, action, sure: 'yes' });
    } else if (tell(form, refusal)) flash('', false);
    else flash(refusal.message, true);
  } finally {
    about.sending = false;
    root.toggleAttribute('data-sending', false);
  }
  const { next } = about;
  about.next = undefined;
  next?.();
}

// What each call takes, by its part of the API and its action. A form may ask for
// several things, and a call refuses a field that it does not know.
const takes = JSON.parse(root.dataset.takes);

// bodyOf is what a call takes of the fields of a form. A name with [] is a list and one
// with {} an object: in a form each of its members is a field of its own, such as
// text-it for it in text.
function bodyOf(api, action, fields) {
  const body = {};
  const [, , , part] = api.split('/');
  for (const [, name, shape] of (takes[part]?.[action] ?? '').matchAll(/([^ [{]+)(\[\]|\{\})?/g)) {
    const members = Object.entries(fields).filter(([field]) => field.startsWith(`${name}-`)).map(([field, value]) => [field.slice(name.length + 1), value]);
    if (shape === '[]') body[name] = members.map(([member]) => member);
    else if (shape) body[name] = Object.fromEntries(members);
    else if (name in fields) body[name] = fields[name];
  }
  return body;
}

// reset puts a field back to what it was before a person used it.
function reset(field) {
  if (field.type === 'checkbox') field.checked = false;
  else if (field.nodeName === 'SELECT') field.selectedIndex = 0;
  else field.value = '';
}

// The search of procedures. What was typed last counts, whatever answers first.
let finding = 0;
let asked = 0;

async function find(form) {
  clearTimeout(finding);
  asked += 1;
  const mine = asked;
  const query = form.elements.pratica.value.trim();
  const found = document.getElementById('found');
  try {
    const response = query ? await fetch(`${form.dataset.find}&${new URLSearchParams({ pratica: query })}`) : null;
    if (response && !response.ok) throw new Error(say('failed'));
    const html = response ? await response.text() : '';
    if (mine === asked) holdPlace(() => { found.innerHTML = html; });
  } catch {
    if (mine === asked) flash(say('silent'), true);
  }
}

function clearFind() {
  const form = document.querySelector('form[data-find]');
  if (!form) return;
  form.elements.pratica.value = '';
  find(form);
}

document.addEventListener('input', (event) => {
  const form = event.target.form;
  if (!form?.dataset.find) return;
  clearTimeout(finding);
  finding = setTimeout(() => find(form), 150);
});

document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!form.dataset.find) return;
  event.preventDefault();
  await find(form);
  // The next key presses the first button of what was found.
  document.querySelector('#found button:enabled, #found summary')?.focus();
});

// refresh fetches the page anew, for pages that no socket keeps fresh.
async function refresh() {
  const query = new URLSearchParams(location.search);
  for (const outcome of ['esito', 'rifiuto', 'biglietto']) query.delete(outcome);
  const response = await fetch(`${location.pathname}?${query}`);
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const fresh = page.querySelector('[data-main]');
  if (fresh) repaint(fresh);
  paintTimes();
}

// repaint makes the page's body new.
function repaint(fresh) {
  holdPlace(() => morph(main, fresh));
  putMeaningsBack(main);
}

// holdPlace makes a change of the page. Who works with the keyboard keeps the place: a
// key that the change takes away, or that cannot be pressed any more, hands the focus to
// what it stood in, and to no other key, which a second press would then act on.
function holdPlace(change) {
  const focused = document.activeElement;
  const around = [];
  for (let at = focused; main.contains(at) && at !== main; at = at.parentElement) around.push(at);
  change();
  if (around.length === 0 || (there(focused) && !focused.disabled)) return;
  const kept = around.find((at) => there(at) && at.matches('details, tr[id], li[id], section, fieldset, dialog')) ?? main;
  const home = kept.nodeName === 'DETAILS' ? kept.querySelector('summary') : kept;
  if (home === kept) home.tabIndex = -1;
  home.focus({ preventScroll: true });
}

function there(element) {
  return element.isConnected && element.getClientRects().length > 0;
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.dataset.api) return;
  event.preventDefault();
  pressed(form, event.submitter);
});

// keyName is a key with what is held down with it, as data-key writes it. A letter is
// named by its place, since with Alt it makes another sign.
function keyName(event) {
  const held = `${event.altKey ? 'Alt+' : ''}${event.shiftKey ? 'Shift+' : ''}`;
  return held + (event.code.startsWith('Key') ? event.code.slice(3) : event.key);
}

// Keys press buttons and go to fields. They are function keys, and letters with Alt
// and Shift: neither a browser nor a screen reader has them, and no text is typed
// with them. A button that is the first of a list is gone to, since another one may be
// meant. The question mark shows them all where no text is typed.
document.addEventListener('keydown', (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (event.key === '?' && !event.altKey) {
    const help = document.querySelector('dialog[data-keys]');
    if (!help || event.target.matches('input,select,textarea')) return;
    event.preventDefault();
    if (help.open) help.close();
    else help.showModal();
    return;
  }
  const asks = main.querySelector('details[data-escape][open]');
  if (event.key === 'Escape') {
    const opened = asks ?? event.target.closest('main details[open]') ?? main.querySelector('details[name="hand"][open]');
    if (opened) takeBack(opened);
    return;
  }
  // The answers have figures, by their place too: some keyboards write them with Shift.
  const figure = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
  const answer = figure && !event.altKey && !event.target.matches('input,select,textarea') && asks?.querySelector(`[data-answer="${figure}"]`);
  if (answer) {
    event.preventDefault();
    answer.click();
    return;
  }
  const wanted = main.querySelector(`[data-key="${CSS.escape(keyName(event))}"]`);
  if (!wanted) return;
  event.preventDefault();
  document.querySelector('dialog[data-keys]')?.close();
  if (wanted.nodeName === 'SUMMARY') {
    wanted.click();
    wanted.focus();
  } else if (wanted.nodeName !== 'BUTTON' || 'goes' in wanted.dataset) wanted.focus();
  else if (!wanted.disabled) wanted.click();
});

// takeBack folds away what was asked, and goes back to the key that asked it.
function takeBack(asks) {
  asks.removeAttribute('open');
  asks.querySelector('summary').focus();
}

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-escapes]')) takeBack(event.target.closest('details'));
  if (event.target.closest('[data-keys-open]')) document.querySelector('dialog[data-keys]').showModal();
});

// Who writes into a field means the choice beside which it stands.
document.addEventListener('input', (event) => {
  const value = event.target.dataset.chooses;
  if (value) event.target.form.querySelector(`[type=radio][value="${CSS.escape(value)}"]`).checked = true;
});

// Who makes another choice does not mean that field any more.
document.addEventListener('change', (event) => {
  const { form, type, value } = event.target;
  if (type !== 'radio') return;
  for (const field of form?.querySelectorAll('[data-chooses]') ?? []) if (field.dataset.chooses !== value) field.value = '';
});

// Every page but that of an error knows whether its daemon is there, also one
// that nothing refreshes.
if (lost) {
  connect(main.dataset.topic || '/ws?page=pulse', {
    page(html) {
      const fresh = document.createElement('div');
      fresh.innerHTML = html;
      repaint(fresh);
      aged = performance.now();
      paintTimes();
      if (main.querySelector('#console-form') && performance.now() - flashedAt > answerStaysMs) flash('', false);
    },
    gone() {
      flash(say('gone'), true);
    },
    link(up) {
      if (!up) text(lost.querySelector('[data-lost-since]'), clock(officeClock.now()));
      signOfLife(lost, up);
    },
  });
}
if (main.querySelector('.papers, .hw-buttons')) {
  // The paper comes out some seconds after the press.
  setInterval(() => { if (!document.hidden) refresh().catch(() => {}); }, 2_000);
}
if (lost) ticking(paintTimes);
// Who has searched goes on at the first that was found, or in the field.
if (new URLSearchParams(location.search).get('q')) {
  (main.querySelector('tr[id^="row-"] :is(button:enabled, summary)') ?? main.querySelector('[name="q"]'))?.focus();
}
