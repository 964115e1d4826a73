import { createServer } from 'node:http'
import { claimVisit, recordVisit } from '@tocsin/domain/browser/visits'
import { recordVitals } from '@tocsin/domain/vitals/record'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { close, listen } from '@tocsin/process/health'
import { launchChromium } from '@tocsin/testkit/chromium'
import { createRandom } from '@tocsin/testkit/random'
import { views } from '@tocsin/testkit/simulated-vitals'
import { browserPass } from '../browser/browser-pass.ts'
import { findBrowser } from '../browser/find-browser.ts'
import { dayMs, hourMs, judge, knownSite } from './connected.ts'
import type { Life, Stage } from './life.ts'

const never = new AbortController().signal

/** Days of visitors as the beacon tells of them; `shift` moves the logarithm of what they measure. */
async function visited(stage: Stage) {
  const { world, orgId } = stage
  const siteId = await knownSite(stage)
  const random = createRandom(7)
  return async (days: number, shift: number) => {
    for (let day = 0; day < days; day += 1) {
      world.clock.advance(dayMs)
      const hour = Math.floor(world.clock.now().getTime() / hourMs) * hourMs
      const cells = Array.from({ length: 8 }, (_, ago) => ({
        siteId,
        hour: new Date(hour - ago * hourMs),
        metric: 'LCP' as const,
        form: 'phone' as const,
        template: '/p/{slug}',
        histogram: views(random, 'LCP', 100, shift),
      }))
      await world.change(orgId, (change) => recordVitals(change, { cells, judge: [siteId] }))
      await judge(stage)
    }
  }
}

/** A third slower, and good all the same: no band is left. */
const visitsRegress: Life = {
  rule: 'cwv.rum_regress',
  fault: 'visitors wait longer from one day to the next',
  async begin(stage) {
    const visits = await visited(stage)
    await visits(12, -0.6)
    return {
      tells: ['cwv.rum_regress LCP:/p/{slug}'],
      breaks: () => visits(3, -0.26),
      mends: () => visits(3, -0.62),
    }
  },
}

/** Five runs of a page a day, as a browser would have brought them; browser.int.test.ts has Lighthouse measure for real. */
const labRegress: Life = {
  rule: 'cwv.lab',
  fault: 'a page takes longer in the lab',
  async begin(stage) {
    const { world, orgId } = stage
    const url = 'https://www.shop.com/'
    await knownSite(stage, url)
    const measure = async (days: number, lcp: number) => {
      for (let day = 0; day < days; day += 1) {
        world.clock.advance(25 * hourMs)
        const now = world.clock.now()
        const claim = { now, leaseUntil: new Date(now.getTime() + hourMs), token: 'mine' }
        const claimed = await world.db.transaction('installation', (sql) => claimVisit(sql, claim))
        if (!claimed) throw new Error('The site waits for no browser.')
        const runs = [0.96, 0.98, 1, 1.02, 1.04].map((factor, run) => {
          const measured = { LCP: lcp * factor, FCP: 900, CLS: 0.01, TTFB: 120, TBT: 80 }
          return { url, run, conditions: 'usual', measured }
        })
        await world.change(orgId, (change) => recordVisit(change, { siteId: claimed.siteId, token: 'mine', runs, pages: [] }))
        await judge(stage)
      }
    }
    await measure(4, 2_000)
    return { tells: [`cwv.lab ${url}`], breaks: () => measure(3, 3_000), mends: () => measure(2, 2_010) }
  },
}

/** Looked at with a real browser. */
const hiddenByScript: Life = {
  rule: 'idx.noindex_js',
  fault: 'a script writes noindex into the page',
  async begin(stage) {
    const { world, closing } = stage
    let script = ''
    const server = createServer((_request, response) => {
      const page = `<!doctype html><title>Shop</title><h1>Shop</h1><p>Shoes in every colour.</p><script>${script}</script>`
      response.writeHead(200, { 'content-type': 'text/html' }).end(page)
    })
    await listen(server, 0, '127.0.0.1')
    closing.defer(async () => {
      server.closeAllConnections()
      await close(server)
    })
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('No port.')
    const url = `http://127.0.0.1:${address.port}/`
    await knownSite(stage, url)
    // Installs one where there is none and that is possible.
    await (await launchChromium()).close()
    const found = await findBrowser(process.env['CHROMIUM_PATH'])
    if (!found) throw new Error('There is no browser to look with.')
    const deps = { ...world, found, allowCidrs: parseCidrs('127.0.0.0/8'), userAgent: 'TocsinBot/1.0 (test)', lighthouse: null }
    const aDay = async () => {
      world.clock.advance(25 * hourMs)
      if ((await browserPass(deps, never)) === 'idle') throw new Error('The browser has not looked.')
      await judge(stage)
    }
    await aDay()
    return {
      tells: [`idx.noindex_js ${url}`],
      async breaks() {
        script = `document.head.insertAdjacentHTML('beforeend', '<meta name="robots" content="noindex">')`
        await aDay()
        await aDay()
      },
      async mends() {
        script = ''
        await aDay()
        await aDay()
      },
    }
  },
}

export const measuredLives: readonly Life[] = [visitsRegress, labRegress, hiddenByScript]
