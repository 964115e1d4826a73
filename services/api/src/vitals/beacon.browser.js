// Runs in the pages of customers, behind web-vitals and in one function with it. It sets no cookie, stores nothing, and sends no address,
// name or number of a visitor: only the path without its query, the kind of screen, and what was measured. Kept small by hand: the server
// takes out these comments and the indentation, nothing else.
const from = new URL(document.currentScript.src)
const path = location.pathname
const seen = new Set()
const entries = []
const note = ({ name, value, id, navigationType }) => {
  // A value that grows after the page was hidden and shown again is the same page view, and has been counted.
  if (seen.has(id)) return
  seen.add(id)
  entries.push({ metric: name, value: Math.round(value * 1e4) / 1e4, path, navigation: navigationType })
}
const send = () => {
  const small = Math.min(screen.width, screen.height) < 600
  const form = matchMedia('(pointer:coarse)').matches ? (small ? 'phone' : 'tablet') : 'desktop'
  const body = { key: from.searchParams.get('key'), form, entries: entries.splice(0, 20) }
  // Plain text: a browser asks no permission for it first.
  if (body.entries[0]) navigator.sendBeacon(new URL('vitals', from), JSON.stringify(body))
}
if (Math.random() < sampleRate) {
  for (const on of ['onLCP', 'onINP', 'onCLS', 'onFCP', 'onTTFB']) webVitals[on](note)
  // On the window, where the event comes after web-vitals on the document has settled its values.
  addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && send())
  addEventListener('pagehide', send)
}
