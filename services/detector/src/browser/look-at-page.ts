import type { Browser, Page } from 'playwright-core'
import { readCanonicals, readMetaRobots } from './html-told.ts'
import { measuredInPage, observeInPage, toldInPage } from './in-page.ts'
import { Measured, Told } from './page-facts.ts'

/** A common phone on a slow mobile network, as Lighthouse has it: figures are only worth comparing under the same conditions. */
const screen = { width: 412, height: 823 }
const latencyMs = 562.5
const bytesPerSecond = { down: 184_320, up: 84_375 }
const cpuSlowdown = 4
export const conditionsOf = (version: string): string =>
  `chromium ${version}, ${screen.width}x${screen.height}, slow 4G, cpu/${cpuSlowdown}, 1`

const loadMsMax = 45_000
/** After the load event: late scripts write tags, late images shift what is there. */
const restMsMax = 8_000

export interface Look {
  readonly status: number
  /** As the HTML has it; null where it was not HTML, or too large. */
  readonly html: Told | null
  readonly dom: Told
  /** Null when nothing was painted. */
  readonly measured: Measured | null
}

const htmlCharactersMax = 5 * 1024 * 1024

/** One load in a context of its own: no cookie, no cache. Null: the page could not be had. */
export async function lookAtPage(browser: Browser, url: string, userAgent: string): Promise<Look | null> {
  const context = await browser.newContext({
    viewport: screen,
    deviceScaleFactor: 1.75,
    isMobile: true,
    hasTouch: true,
    userAgent,
    ignoreHTTPSErrors: true,
    acceptDownloads: false,
    serviceWorkers: 'block',
  })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(loadMsMax)
    await slowDown(page)
    await page.addInitScript(observeInPage)
    return await load(page, url)
  } catch (error) {
    // A page that does not load, crashes its tab or hangs is a fault of the outside: nothing is known of it.
    if (error instanceof Error) return null
    throw error
  } finally {
    await context.close()
  }
}

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: latencyMs,
    downloadThroughput: bytesPerSecond.down,
    uploadThroughput: bytesPerSecond.up,
  })
  await session.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown })
}

async function load(page: Page, url: string): Promise<Look | null> {
  const response = await page.goto(url, { waitUntil: 'load', timeout: loadMsMax })
  if (!response) return null
  // Pages that never come to rest are looked at as they are by then.
  await page.waitForLoadState('networkidle', { timeout: restMsMax }).catch(() => {})
  const measured = Measured.safeParse(await page.evaluate(measuredInPage))
  const dom = Told.safeParse(await page.evaluate(toldInPage))
  if (!dom.success) return null
  const type = response.headers()['content-type'] ?? ''
  const text = /html/i.test(type) ? await response.text() : ''
  const html =
    text === '' || text.length > htmlCharactersMax
      ? null
      : { robots: readMetaRobots(text), canonical: readCanonicals(text, page.url()) }
  return { status: response.status(), html, dom: dom.data, measured: measured.success ? measured.data : null }
}
