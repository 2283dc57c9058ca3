// The page of a screen that nobody has let in yet: it looks every few seconds
// whether somebody has.
const every = 5000

setInterval(async () => {
  try {
    const answer = await fetch(location.href, { redirect: 'manual', cache: 'no-store' })
    if (answer.status !== 401 && answer.status !== 429) location.reload()
  } catch {
    // The box is away for a moment; the next look will tell.
  }
}, every)

// A code lives ten minutes; a little before, a new one is fetched.
setTimeout(() => location.reload(), 9.5 * 60_000)
