import { once } from 'node:events'
import { connect } from 'node:tls'
import { afterEach, describe, expect, test } from '@jest/globals'
import { createHandSetClock } from '@tocsin/process/clock'
import { pages } from './demo-pages.ts'
import { createDemoSite, type DemoSite } from './demo-site.ts'
import type { SwitchName } from './demo-switches.ts'

let site: DemoSite
afterEach(() => site.close())

const get = (path: string) => fetch(new URL(path, site.url), { redirect: 'manual' })
const pageText = async (path: string) => (await get(path)).text()

describe('the site', () => {
  test('is twelve pages that reach each other by links, in its sitemap and well', async () => {
    site = await createDemoSite()
    const seen = new Set<string>(['/'])
    for (const path of seen) {
      const answer = await get(path)
      expect(answer.status).toBe(200)
      const text = await answer.text()
      expect(text).toContain(`<link rel="canonical" href="${new URL(path, site.url).href}">`)
      for (const [, link] of text.matchAll(/<a href="([^"]+)"/g)) seen.add(String(link))
    }
    expect([...seen].sort()).toEqual(Object.keys(pages).sort())
    const listed = [...(await pageText('/sitemap.xml')).matchAll(/<loc>([^<]+)<\/loc>/g)].map(
      ([, url]) => new URL(String(url)).pathname,
    )
    expect(listed.sort()).toEqual([...seen].sort())
    expect(await pageText('/robots.txt')).toContain('Disallow: /cart')
    expect(site.requests().map(({ method }) => method)).toContain('GET')
  })

  const status = (path: string) => async () => (await get(path)).status
  const says = (path: string, text: string) => async () => (await pageText(path)).includes(text)
  test.each<{ name: SwitchName; look: () => Promise<unknown>; before: unknown; after: unknown }>([
    { name: 'robots_block', look: says('/robots.txt', 'Disallow: /\n'), before: false, after: true },
    { name: 'robots_unreachable', look: status('/robots.txt'), before: 200, after: 503 },
    { name: 'robots_changed', look: says('/robots.txt', '/journal/care'), before: false, after: true },
    { name: 'noindex_page', look: says('/products/lamp', 'noindex'), before: false, after: true },
    { name: 'noindex_template', look: says('/products/desk', 'noindex'), before: false, after: true },
    { name: 'error_500_page', look: status('/journal/oak'), before: 200, after: 500 },
    { name: 'error_500_all', look: status('/products/chair'), before: 200, after: 500 },
    { name: 'not_found_page', look: status('/products/clock'), before: 200, after: 404 },
    { name: 'broken_link', look: says('/products/', '/products/stool'), before: false, after: true },
    { name: 'canonical_404', look: says('/journal/care', '/journal/withdrawn'), before: false, after: true },
    { name: 'mixed_content', look: says('/', 'http://static.'), before: false, after: true },
    { name: 'script_injected', look: says('/', 'eval(atob('), before: false, after: true },
    {
      name: 'headers_dropped',
      look: async () => (await get('/')).headers.get('content-security-policy') === null,
      before: false,
      after: true,
    },
  ])('$name', async ({ name, look, before, after }) => {
    site = await createDemoSite()
    expect(await look()).toBe(before)
    site.flip(name, true)
    expect(site.switches().filter(({ on }) => on)).toMatchObject([{ name }])
    expect(await look()).toBe(after)
    site.flip(name, false)
    expect(await look()).toBe(before)
  })

  test('redirect_chain takes three steps, redirect_loop never ends', async () => {
    site = await createDemoSite()
    site.flip('redirect_chain', true)
    site.flip('redirect_loop', true)
    const steps: string[] = []
    let answer = await get('/about')
    for (; answer.status === 301; answer = await get(steps.at(-1) ?? '')) steps.push(String(answer.headers.get('location')))
    expect(steps).toHaveLength(3)
    expect(await answer.text()).toContain('About us')
    await expect(fetch(new URL('/journal/light', site.url))).rejects.toThrow()
  })

  test('a switch can break another page than its own', async () => {
    site = await createDemoSite()
    site.flip('noindex_page', true, '/')
    expect(await pageText('/')).toContain('noindex')
    expect(await pageText('/products/lamp')).not.toContain('noindex')
  })

  test('slow: an answer takes three seconds', async () => {
    const clock = createHandSetClock(new Date())
    site = await createDemoSite({ clock })
    site.flip('slow', true)
    const answer = get('/')
    while (site.requests().length === 0) await new Promise((turn) => setImmediate(turn))
    clock.advance(3_000)
    expect((await answer).status).toBe(200)
  })
})

describe('its certificate', () => {
  /** What a visitor who trusts the demo's root thinks of it. */
  async function judged(): Promise<string | null> {
    const socket = connect({
      host: '127.0.0.1',
      port: Number(new URL(String(site.https?.url)).port),
      ca: String(site.https?.ca),
      rejectUnauthorized: false,
    })
    await once(socket, 'secureConnect')
    const verdict = socket.authorizationError as unknown as { code?: string } | string | null // Typed as Error; at run time the code or nothing.
    socket.destroy()
    return typeof verdict === 'string' ? verdict : (verdict?.code ?? null)
  }

  test('is valid, and wrong in each way it can be told to be', async () => {
    site = await createDemoSite({ https: {} })
    expect(await judged()).toBeNull()
    const verdicts: Partial<Record<SwitchName, string | null>> = {}
    for (const { name } of site.switches().filter((each) => each.name.startsWith('certificate_'))) {
      site.flip(name, true)
      verdicts[name] = await judged()
      site.flip(name, false)
    }
    expect(verdicts).toEqual({
      certificate_expired: 'CERT_HAS_EXPIRED',
      certificate_near_expiry: null,
      certificate_wrong_name: 'ERR_TLS_CERT_ALTNAME_INVALID',
      certificate_incomplete: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      certificate_untrusted: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
    expect(await judged()).toBeNull()
  })
})
