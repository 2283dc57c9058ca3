// The page behind the QR code fetches itself again while the ticket is open
// and somebody looks. Without this script there is a link that does the same.
const every = 10_000;

async function refresh() {
  if (document.hidden) return;
  try {
    const response = await fetch(location.href, { cache: 'no-store' });
    if (!response.ok) return location.reload();
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    for (const part of ['.head-clock', '.ticket']) {
      const now = fresh.querySelector(part);
      const then = document.querySelector(part);
      if (now && then && now.innerHTML !== then.innerHTML) then.replaceWith(now);
    }
  } catch {
    // Out of reach for a while: what is shown stays, and the next try comes.
  }
}

document.addEventListener('visibilitychange', refresh);
setInterval(() => {
  if (document.querySelector('[data-open]')) refresh();
}, every);
