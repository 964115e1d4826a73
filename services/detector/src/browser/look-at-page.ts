import type { Browser, Page } from 'playwright-core'
import { readCanonicals, readMetaRobots } from './html-told.ts'
import { toldInPage } from './in-page.ts'
import { Told } from './page-facts.ts'

/** A common phone, as search engines look at pages. */
const screen = { width: 412, height: 823 }

const loadMsMax = 45_000
/** After the load event: late scripts write tags. */
const restMsMax = 8_000

export interface Look {
  readonly status: number
  /** As the HTML has it; null where it was not HTML, or too large. */
  readonly html: Told | null
  readonly dom: Told
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
    return await load(page, url)
  } catch (error) {
    // A page that does not load, crashes its tab or hangs is a fault of the outside: nothing is known of it.
    if (error instanceof Error) return null
    throw error
  } finally {
    await context.close()
  }
}

async function load(page: Page, url: string): Promise<Look | null> {
  const response = await page.goto(url, { waitUntil: 'load', timeout: loadMsMax })
  if (!response) return null
  await page.waitForLoadState('networkidle', { timeout: restMsMax }).catch((error: unknown) => {
    // Pages that never come to rest are looked at as they are by then.
    if (!(error instanceof Error) || error.name !== 'TimeoutError') throw error
  })
  const dom = Told.safeParse(await page.evaluate(toldInPage))
  if (!dom.success) return null
  const type = response.headers()['content-type'] ?? ''
  const text = /html/i.test(type) ? await response.text() : ''
  const html =
    text === '' || text.length > htmlCharactersMax
      ? null
      : { robots: readMetaRobots(text), canonical: readCanonicals(text, page.url()) }
  return { status: response.status(), html, dom: dom.data }
}
