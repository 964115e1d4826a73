import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Component } from '@tocsin/contract/api/components'
import type { Incident } from '@tocsin/contract/api/incidents'
import type { StatusPage } from '@tocsin/contract/api/status-pages'
import type { Subscriber } from '@tocsin/contract/api/subscribers'
import { chromiumMsMax, launchChromium } from '@tocsin/testkit/chromium'
import { startTestFleet, type TestFleet, type TestOrg } from '@tocsin/testkit/fleet'
import { contrastOf, focusIsVisible, namelessControls, overflowPixels } from '@tocsin/testkit/page-audit'
import type { ReceivedMail } from '@tocsin/testkit/sinks/mail-sink'
import type { Browser, Page } from 'playwright-core'

jest.setTimeout(120_000)

let fleet: TestFleet
let acme: TestOrg
let browser: Browser
let page: Page
let slug: string
let shop: Component

beforeAll(async () => {
  fleet = await startTestFleet()
  acme = await fleet.org('acme')
  const { data } = await acme.call<{ data: StatusPage[] }>('GET', '/v1/status-pages')
  slug = data[0]?.slug ?? ''
  shop = await acme.call<Component>('POST', '/v1/components', { name: 'Shop', description: 'Where people buy' })
  await acme.call('POST', '/v1/components', { name: 'Search' })
  browser = await launchChromium()
  // What nobody needs for it.
  const context = await browser.newContext({ javaScriptEnabled: false })
  context.setDefaultTimeout(20_000)
  page = await context.newPage()
}, chromiumMsMax)

afterAll(async () => {
  await browser?.close()
  await fleet?.stop()
})

const mailAbout = (part: string): Promise<ReceivedMail> => fleet.mail.first(({ subject }) => subject.includes(part))
const linkIn = (mail: ReceivedMail, kind: string): string =>
  new RegExp(`${fleet.url}/s/-/${kind}/\\S+`).exec(mail.text)?.[0] ?? ''

test('subscribe, confirm, hear of an incident, leave with one click: a browser without script and a real mail server', async () => {
  await page.goto(`${fleet.url}/s/${slug}`)
  expect(await page.getByRole('status').textContent()).toContain('All systems are operational')
  await page.getByLabel('E-mail').fill('Reader@Example.com')
  await page.getByRole('button', { name: 'Subscribe by e-mail' }).click()
  expect(await page.getByRole('heading').textContent()).toBe('Look into your inbox')

  const asked = await mailAbout('Confirm your subscription')
  expect(asked.to).toEqual(['reader@example.com'])
  // A program that opens every link of a mail agrees to nothing.
  await page.goto(linkIn(asked, 'confirm'))
  await acme.call('POST', '/v1/incidents', { title: 'Too early to be told' })
  await page.getByRole('button', { name: 'Confirm' }).click()
  expect(await page.getByRole('heading').textContent()).toBe('You are subscribed')

  const components = [{ componentId: shop.id, status: 'major_outage' }]
  const incident = await acme.call<Incident>('POST', '/v1/incidents', {
    title: 'Nobody can pay',
    impact: 'critical',
    body: 'We **look** at it.',
    components,
  })
  const told = await mailAbout('Nobody can pay')
  expect(told.subject).toBe('[acme] Investigating: Nobody can pay')
  expect(told.text).toContain('Shop: Major outage')
  expect(told.html).toContain('<strong>look</strong>')
  await page.goto(`${fleet.url}/s/${slug}`)
  expect(await page.getByRole('status').textContent()).toContain('Some systems are down')
  expect(await page.getByRole('listitem').first().textContent()).toContain('Major outage')

  // As a mail program does it: a POST without a cookie, and no page to look at.
  const list = told.headers.get('list') as unknown as { unsubscribe: { url: string } } // What mailparser makes of List-* headers.
  const left = await fetch(list.unsubscribe.url, {
    method: 'POST',
    redirect: 'error',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  })
  expect(left.status).toBe(200)
  await acme.call('POST', `/v1/incidents/${incident.id}/updates`, { status: 'resolved', body: 'All is well.' })
  const { data } = await acme.call<{ data: Subscriber[] }>('GET', '/v1/subscribers')
  expect(data).toMatchObject([{ address: 'reader@example.com', state: 'unsubscribed', stateReason: 'by_themselves' }])
  // Whoever comes after hears what follows; if the one who left were told, it would have been before.
  await subscribeAnother('second@example.com')
  await acme.call('POST', '/v1/incidents', { title: 'Search is slow', impact: 'minor' })
  expect((await mailAbout('Search is slow')).to).toEqual(['second@example.com'])
  const subjects = fleet.mail.messages.filter(({ to }) => to.includes('reader@example.com')).map(({ subject }) => subject)
  expect(subjects).toEqual(['Confirm your subscription to acme', '[acme] Investigating: Nobody can pay'])
})

async function subscribeAnother(address: string): Promise<void> {
  await page.goto(`${fleet.url}/s/${slug}`)
  await page.getByLabel('E-mail').fill(address)
  await page.getByRole('button', { name: 'Subscribe by e-mail' }).click()
  const asked = await fleet.mail.first(({ to }) => to.includes(address))
  await page.goto(linkIn(asked, 'confirm'))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('heading', { name: 'You are subscribed' }).waitFor()
}

test('under their own link they choose what they hear of', async () => {
  await subscribeAnother('third@example.com')
  await acme.call('POST', '/v1/incidents', { title: 'Third time', impact: 'minor' })
  const told = await fleet.mail.first(({ to, subject }) => to.includes('third@example.com') && subject.includes('Third time'))
  await page.goto(linkIn(told, 'manage'))
  await page.getByLabel('What you hear of').selectOption('major')
  await page.getByText('Only some components').click()
  await page.getByLabel('Shop').check()
  await page.getByRole('button', { name: 'Save' }).click()
  expect(await page.getByRole('status').textContent()).toContain('Saved')
  const { data } = await acme.call<{ data: Subscriber[] }>('GET', '/v1/subscribers?address=third')
  expect(data).toMatchObject([{ minimumImpact: 'major', componentIds: [shop.id], pausedUntil: null }])
})

test.each(['light', 'dark'] as const)(
  'in %s, on a phone: every control has a name, the focus is seen, and all is easy to read',
  async (colorScheme) => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme })
    const phone = await context.newPage()
    const told = await fleet.mail.first(({ to, subject }) => to.includes('third@example.com') && subject.includes('Third time'))
    const links = ['manage', 'unsubscribe'].map((kind) => linkIn(told, kind))
    for (const url of [`${fleet.url}/s/${slug}`, `${fleet.url}/s/nobody-s`, ...links]) {
      await phone.goto(url)
      await phone.locator('details').evaluateAll((all) => {
        for (const details of all) details.setAttribute('open', '')
      })
      const texts = await phone.locator('h1, h2, h3, p, label, summary, a, button, .state, input, select').all()
      const contrasts = await Promise.all(texts.map(contrastOf))
      expect({ url, nameless: await namelessControls(phone), overflow: await overflowPixels(phone) }).toEqual({
        url,
        nameless: [],
        overflow: 0,
      })
      expect(texts.length).toBeGreaterThan(0)
      expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5)
      const stops = await phone.locator('a, button, input, select, summary').count()
      for (let stop = 0; stop < stops; stop += 1) {
        await phone.keyboard.press('Tab')
        expect({ url, stop, visible: await focusIsVisible(phone) }).toEqual({ url, stop, visible: true })
      }
    }
    await context.close()
  },
)
