// The page behind the QR code fetches itself again while the ticket may change
// and somebody looks, and says at once when what it shows is old. Without this
// script the browser loads it anew, and a link does the same.
const everyMs = 10_000;
const patienceMs = 5_000;
const oldAfterMs = 20_000;

const lost = document.querySelector('[data-lost]');
let fresh = Date.now();

// paint takes the sign of a lost line down or puts it up. Until this script
// runs it comes by itself, by the style alone.
function paint() {
  lost.classList.remove('lost-late');
  lost.hidden = !open() || Date.now() - fresh <= oldAfterMs;
}

function open() {
  return document.querySelector('[data-open]') !== null;
}

async function refresh() {
  if (document.hidden || !open()) return;
  paint();
  try {
    const response = await fetch(location.href, { cache: 'no-store', signal: AbortSignal.timeout(patienceMs) });
    // The day is over, and the ticket has no page any more.
    if (response.status === 404) return location.reload();
    if (!response.ok) throw new Error(response.status);
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    for (const part of ['.head-clock', '.ticket']) {
      const now = page.querySelector(part);
      const then = document.querySelector(part);
      if (now.outerHTML !== then.outerHTML) then.replaceWith(now);
    }
    document.querySelector('[data-lost-since]').textContent = page.querySelector('[data-lost-since]').textContent;
    fresh = Date.now();
  } catch {
    // Out of reach: what is shown is said to be old, and the next try comes.
    fresh = -oldAfterMs;
  }
  paint();
}

document.addEventListener('visibilitychange', refresh);
addEventListener('pageshow', (event) => { if (event.persisted) refresh(); });
setInterval(refresh, everyMs);
paint();
