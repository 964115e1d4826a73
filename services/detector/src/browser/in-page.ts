/**
 * Runs inside the pages that are looked at, as text. The definitions are those of Lighthouse and web-vitals: the last candidate of LCP,
 * the worst session window of layout shift (gaps of a second, five seconds at most), and of each task after the first paint what is over 50 ms.
 */
export const observeInPage = `(() => {
  const seen = { lcp: 0, shifts: [], tasks: [] }
  const watch = (type, hear) => {
    try {
      new PerformanceObserver((list) => list.getEntries().forEach(hear)).observe({ type, buffered: true })
    } catch { /* A browser that does not know the type has nothing to say about it. */ }
  }
  watch('largest-contentful-paint', (entry) => { seen.lcp = entry.startTime })
  watch('layout-shift', (entry) => { if (!entry.hadRecentInput && seen.shifts.length < 1000) seen.shifts.push([entry.startTime, entry.value]) })
  watch('longtask', (entry) => { if (seen.tasks.length < 1000) seen.tasks.push([entry.startTime, entry.duration]) })
  Object.defineProperty(globalThis, '__tocsinSeen', { value: seen })
})()`

export const measuredInPage = `(() => {
  const seen = globalThis.__tocsinSeen
  const [navigation] = performance.getEntriesByType('navigation')
  const paint = performance.getEntriesByName('first-contentful-paint')[0]
  if (!seen || !navigation || !paint) return null
  let worst = 0, sum = 0, first = 0, last = 0
  for (const [at, value] of seen.shifts) {
    if (sum > 0 && at - last < 1000 && at - first < 5000) sum += value
    else { sum = value; first = at }
    last = at
    worst = Math.max(worst, sum)
  }
  const blocking = seen.tasks.reduce((ms, [at, duration]) => ms + (at + duration > paint.startTime ? Math.max(0, duration - 50) : 0), 0)
  return { LCP: Math.max(seen.lcp, paint.startTime), FCP: paint.startTime, CLS: worst, TTFB: navigation.responseStart, TBT: blocking }
})()`

export const toldInPage = `(() => {
  const robots = [...document.querySelectorAll('meta[name]')]
    .filter((meta) => /^(robots|googlebot)$/i.test(meta.name))
    .slice(0, 10)
    .map((meta) => String(meta.content).toLowerCase().slice(0, 200))
  const link = document.head && document.head.querySelector('link[rel~="canonical" i][href]')
  return { robots, canonical: link ? String(link.href).slice(0, 2048) : null }
})()`
