// The line to the daemon. It opens a websocket, reopens it by itself, knows a
// dead line from a quiet office, keeps the office's clock, and reloads the page
// when the program behind it was replaced.

const { build, words } = document.documentElement.dataset;

// say is a sentence of package words by its name, with n for its figure, in the
// plural form that the page's language has for it.
const sentences = JSON.parse(words);
const plurals = new Intl.PluralRules(document.documentElement.lang);
export const say = (name, n) => (sentences[`${name}-${plurals.select(Number(n) || 0)}`] ?? sentences[name]).replace('{n}', n);

// A beat comes every 5 s; after a little more than two the line is dead.
const deadAfterMs = 12_000;
const leastWaitMs = 500;
const mostWaitMs = 5_000;

// officeClock is office time that goes on between messages, at the office's
// own rate.
export const officeClock = {
  base: 0,
  at: 0,
  rate: 1,
  set(now, rate) {
    this.base = now;
    this.at = performance.now();
    this.rate = rate;
  },
  now() {
    return this.base + (performance.now() - this.at) * this.rate;
  },
};

// boxClock is the clock of the box, as the quickest of the messages told it. A slow
// message says too early a time, never too late a one.
export const boxClock = {
  offset: -Infinity,
  set(clock) {
    const offset = clock - performance.now();
    // A clock that was set, or that drifts, is followed again.
    this.offset = Math.abs(offset - this.offset) > 5_000 ? offset : Math.max(this.offset - 1, offset);
  },
  now() {
    return performance.now() + this.offset;
  },
};

// connect keeps a websocket to path open. handlers are view(view, envelope),
// page(html, envelope), gone() and link(isUp). It returns an object whose
// report(fields) tells the daemon something, now and after each reconnection.
//
// The line is up only while what was last received is on the page: a page that
// is gone, or that could not be painted, is not live, whatever beats come.
// barred is how the daemon closes a page that its visitor may no longer see.
const barred = 4001;
const changed = 4002;
const askEveryMs = 30_000;
let asked = 0;

// askAnew loads the page anew if it now asks who one is, or says that somebody else has
// taken the desk.
async function askAnew() {
  if (Date.now() - asked < askEveryMs) return;
  asked = Date.now();
  try {
    const answer = await fetch(location.href, { method: 'HEAD', redirect: 'manual', cache: 'no-store' });
    if (answer.type === 'opaqueredirect' || [401, 403, 409].includes(answer.status)) location.reload();
  } catch {
    // The daemon is away; the socket tries again by itself.
  }
}

export function connect(path, handlers) {
  let socket = null;
  let up = null;
  let watchdog = 0;
  let heard = Date.now();
  let showing = false;
  let reported = null;
  let failures = 0;

  const setUp = (value) => {
    if (up !== value) {
      up = value;
      handlers.link?.(value);
    }
  };
  const alive = () => {
    heard = Date.now();
    clearTimeout(watchdog);
    watchdog = setTimeout(giveUp, deadAfterMs);
  };
  // giveUp does not wait for a dead line to say that it is closed.
  const giveUp = () => {
    const dead = socket;
    socket = null;
    dead?.close();
    again();
  };
  const send = () => {
    if (reported && socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(reported));
  };
  const again = () => {
    clearTimeout(watchdog);
    setUp(false);
    failures += 1;
    const most = Math.min(mostWaitMs, leastWaitMs * 2 ** Math.min(failures, 5));
    setTimeout(open, leastWaitMs + Math.random() * (most - leastWaitMs));
  };
  const receive = (message) => {
    const envelope = JSON.parse(message.data);
    if (envelope.build !== build) {
      reload();
      return;
    }
    officeClock.set(envelope.now, envelope.rate);
    boxClock.set(envelope.clock);
    if (envelope.kind !== 'beat') showing = false;
    if (envelope.kind === 'gone') handlers.gone?.();
    if (envelope.kind === 'view') handlers.view?.(envelope.view, envelope);
    if (envelope.kind === 'page') handlers.page?.(envelope.html, envelope);
    if (envelope.kind === 'view' || envelope.kind === 'page') showing = true;
    failures = 0;
    setUp(showing);
    // A page that says nothing loses its place when places are few.
    if (!reported) {
      reported = { journal: envelope.journal, painted: envelope.seq, mute: false };
      send();
    }
  };
  function open() {
    const url = new URL(path, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const mine = new WebSocket(url);
    socket = mine;
    alive();
    let answered = false;
    // A socket that was given up may still end later: it is not listened to.
    mine.onopen = () => { alive(); send(); };
    mine.onmessage = (message) => {
      if (socket !== mine) return;
      alive();
      answered = true;
      try {
        receive(message);
      } catch (fault) {
        console.error(fault);
        giveUp();
      }
    };
    mine.onclose = (event) => {
      if (socket === mine && (event.code === barred || !answered)) askAnew();
      if (socket === mine && event.code === changed) reload();
      if (socket === mine) again();
    };
  }
  // A machine that slept has no running timers: the age of the last message is
  // looked at when somebody looks at the page.
  const look = () => {
    if (socket && !document.hidden && Date.now() - heard > deadAfterMs) giveUp();
  };
  document.addEventListener('visibilitychange', look);
  addEventListener('pageshow', look);
  open();
  return {
    report(fields) {
      reported = fields;
      send();
    },
  };
}

// reload loads the page anew, but only when the daemon has it, or has the page
// that says when to look again: a hall display would stay at its browser's own
// message for ever.
async function reload() {
  const response = await fetch(location.href, { cache: 'no-store' }).catch(() => null);
  if (response?.ok || response?.headers.has('Retry-After')) location.reload();
}

// signOfLife shows or hides the sign of a lost line. Until this script runs the
// sign comes by itself after some seconds, by the style alone.
export function signOfLife(sign, isUp) {
  sign.classList.remove('lost-late');
  sign.hidden = isUp;
}

// text puts a text into an element, which is left alone when it has it.
export function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

// ticking calls paint now and each second, in step with the office's minutes.
export function ticking(paint) {
  paint();
  setInterval(paint, 1000);
}

// formatter writes an instant of office time as "HH:MM" in the office's zone.
export function formatter(zone) {
  let format;
  try {
    format = new Intl.DateTimeFormat('it-IT', { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: zone });
  } catch {
    format = new Intl.DateTimeFormat('it-IT', { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: 'UTC' });
  }
  return (ms) => format.format(new Date(ms));
}

// dayFormatter writes the day of an instant of office time in full in the office's
// zone, as words.Date does in the daemon, from the parts that this gives.
export function dayFormatter(zone, { long, first, weekdays, months }) {
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric' };
  let format;
  try {
    format = new Intl.DateTimeFormat('en-US', { ...fields, timeZone: zone });
  } catch {
    format = new Intl.DateTimeFormat('en-US', { ...fields, timeZone: 'UTC' });
  }
  return (ms) => {
    const at = Object.fromEntries(format.formatToParts(new Date(ms)).map(({ type, value }) => [type, Number(value)]));
    const said = {
      weekday: weekdays[new Date(Date.UTC(at.year, at.month - 1, at.day)).getUTCDay()],
      day: at.day === 1 ? first : at.day,
      month: months[at.month - 1],
      year: at.year,
    };
    return long.replace(/\{(\w+)\}/g, (_, part) => said[part]);
  };
}

// wait writes a length of time as "12 min" or "1 h 05 min", as words.Wait does
// in the daemon; fine adds the seconds below an hour.
export function wait(ms, fine) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(s / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
  if (fine) return minutes ? `${minutes} min ${s % 60} s` : `${s} s`;
  return minutes ? `${minutes} min` : '< 1 min';
}

// ago writes how long ago something was, as words.Ago does in the daemon.
export function ago(ms) {
  const s = Math.floor(ms / 1000);
  if (s < 1) return say('now');
  if (s < 60) return say('seconds-ago', s);
  if (s < 86_400) return say('ago', wait(ms));
  const days = Math.floor(s / 86_400);
  return say('days-ago', days);
}

// act posts a command to the API and returns its answer; a refusal is an Error
// whose message is the sentence for the person, whose errors are the values that are
// wrong and whose final says that the office itself has answered.
export async function act(url, fields, timeoutMs = 5_000) {
  const refusal = (sentence, code, errors = []) => Object.assign(new Error(sentence), { code, errors });
  let response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': document.documentElement.lang },
      body: JSON.stringify(fields),
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch {
    throw refusal(say('silent'));
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw Object.assign(refusal(answer.detail ?? say('failed'), answer.code, answer.errors), { final: response.status < 500 });
  }
  return answer;
}

// requestName is a random name for a request. crypto.randomUUID is only there
// on secure origins, which a box on a local network is not.
export function requestName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}
