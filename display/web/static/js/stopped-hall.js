// A screen of an office that is out of service: it looks every few seconds
// whether the office runs again.
const every = 5000

setInterval(async () => {
  try {
    const answer = await fetch(location.href, { redirect: 'manual', cache: 'no-store' })
    if (answer.status !== 503) location.reload()
  } catch {
    // The box is away for a moment; the next look will tell.
  }
}, every)
