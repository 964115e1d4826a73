import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Alert } from '@tocsin/contract/api/alerts'
import type { Scan } from '@tocsin/contract/api/scans'
import type { Site } from '@tocsin/contract/api/sites'
import type { StatusPage } from '@tocsin/contract/api/status-pages'
import type { Threat } from '@tocsin/contract/api/threats'
import type { Webhook } from '@tocsin/contract/api/webhooks'
import { buildDashboard } from '@tocsin/fleet/dashboard-build'
import { createDemoSite, type DemoSite } from '@tocsin/fleet/demo/demo-site'
import { createLog } from '@tocsin/process/log'
import { chromiumMsMax, launchChromium } from '@tocsin/testkit/chromium'
import { startTestFleet, type TestFleet, type TestOrg } from '@tocsin/testkit/fleet'
import { contrastOf, focusIsVisible, namelessControls, overflowPixels } from '@tocsin/testkit/page-audit'
import { createWebhookSink, type WebhookSink } from '@tocsin/testkit/sinks/webhook-sink'
import type { Browser, BrowserContext, Page } from 'playwright-core'

jest.setTimeout(120_000)

/** Longer than anything here takes on a busy machine. */
const seenWithinMs = 20_000

let fleet: TestFleet
let acme: TestOrg
let website: DemoSite
let hook: WebhookSink
let chat: WebhookSink
let browser: Browser
let context: BrowserContext
let page: Page
/** Somebody of another org, who watches all the time. */
let stranger: Page

beforeAll(async () => {
  const DASHBOARD_DIR = await buildDashboard(createLog({ level: 'silent' }))
  fleet = await startTestFleet({ DASHBOARD_DIR })
  website = await createDemoSite({})
  hook = await createWebhookSink({ now: () => fleet.clock.now() })
  chat = await createWebhookSink({ now: () => fleet.clock.now() })
  acme = await fleet.org('acme')
  await fleet.org('bystander')
  const webhook = await acme.call<Webhook & { secret: string }>('POST', '/v1/webhooks', { url: hook.url, events: ['threat.*'] })
  hook.verifyWith(webhook.secret)
  browser = await launchChromium()
  context = await openContext()
  page = await context.newPage()
  stranger = await (await openContext()).newPage()
}, chromiumMsMax)

afterAll(async () => {
  await browser?.close()
  await fleet?.stop()
  await website?.close()
  await hook?.close()
  await chat?.close()
})

async function openContext(): Promise<BrowserContext> {
  const opened = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
  opened.setDefaultTimeout(seenWithinMs)
  return opened
}

async function signIn(who: Page, name: string): Promise<void> {
  await who.goto(fleet.url)
  await who.getByLabel('E-mail').fill(`${name}@example.com`)
  await who.getByLabel('Password').fill(`password of ${name}`)
  await who.getByRole('button', { name: 'Sign in' }).click()
  await who.getByRole('heading', { name: 'Add your first site' }).waitFor()
}

const live = (who: Page) => who.getByRole('status').filter({ hasText: 'Live' })
const threatRow = (title: string) => page.getByRole('link', { name: new RegExp(`^(Critical|High|Medium|Low) ${title}`) })
const checkNow = () => page.getByRole('button', { name: 'Check now' }).click()
/** Gone with the next load of the page. */
const markPage = () => page.evaluate(() => document.documentElement.setAttribute('data-loaded', 'once'))
const isSamePage = () => page.evaluate(() => document.documentElement.getAttribute('data-loaded') === 'once')

test('whoever has a password gets in, and nobody else', async () => {
  await page.goto(fleet.url)
  await page.getByLabel('E-mail').fill('acme@example.com')
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
  await signIn(page, 'acme')
  await signIn(stranger, 'bystander')
  await live(page).waitFor()
  await live(stranger).waitFor()
})

test('a site is added, and its first check watched', async () => {
  website.flip('slow', true) // So that there is something to watch.
  await page.getByLabel('Web address').fill(website.url)
  await page.getByRole('button', { name: 'Start watching' }).click()
  const progress = page.getByRole('progressbar', { name: 'Progress of the check' })
  await progress.and(page.locator('[aria-valuetext^="0 percent"]')).waitFor()
  await progress.and(page.locator('progress:not([aria-valuetext^="0 percent"])')).waitFor()
  website.flip('slow', false)
  await page.getByText('First check done: this is the baseline').waitFor()
  await page.getByText('Nothing is wrong that we know of.').waitFor()
})

test('its settings are changed where one looks for them', async () => {
  await page.getByRole('button', { name: 'Settings' }).click()
  const settings = page.getByRole('dialog')
  await settings.getByLabel('Connections at once').fill('11')
  await settings.getByRole('button', { name: 'Save' }).click()
  await settings.getByText('Must be at most 10.').waitFor()
  await settings.getByLabel('Connections at once').fill('10')
  await settings.getByLabel('Name').fill('Alder & Ash')
  await settings.getByLabel('Look at a finding again after').fill('1')
  await settings.getByLabel('And a third time').fill('2')
  await settings.getByLabel('Look at a repair again after').fill('1')
  await settings.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { level: 1, name: 'Alder & Ash' }).waitFor()
  const { data } = await acme.call<{ data: Site[] }>('GET', '/v1/sites')
  expect(data).toMatchObject([{ connections: 10, pageBudget: 500, confirmation: { firstSeconds: 1, resolveSeconds: 1 } }])
})

test('what breaks appears by itself, is taken on with a note, and resolves by itself', async () => {
  await markPage()
  website.flip('noindex_page', true)
  await checkNow()
  await threatRow('Page has become noindex').click()
  const sheet = page.getByRole('dialog', { name: /noindex/ })
  await sheet.getByRole('button', { name: 'I am on it' }).click()
  await sheet.getByLabel('Note').fill('The lamp goes back in today.')
  await sheet.locator('form').getByRole('button', { name: 'I am on it' }).click()
  await sheet.getByText('The lamp goes back in today.').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Somebody is on it' }).waitFor()
  const told = await hook.first(({ json }) => (json as { type: string }).type === 'threat.acknowledged')
  expect(told).toMatchObject({ verified: true, json: { data: { threat: { note: 'The lamp goes back in today.' } } } })

  website.flip('noindex_page', false)
  await checkNow()
  await page.getByText('Nothing is wrong that we know of.').waitFor()
  await page.getByText(/^Resolved: Page has become noindex/).waitFor()
  expect(await isSamePage()).toBe(true)
})

test('positions that a program pushes appear by themselves, and a threshold is changed within its bounds', async () => {
  const parts = page.getByRole('navigation', { name: 'Parts of the site' })
  await parts.getByRole('link', { name: 'Rankings' }).click()
  await page.getByText('No keywords are tracked yet.').waitFor()
  const [site] = (await acme.call<{ data: Site[] }>('GET', '/v1/sites')).data
  await acme.call('POST', `/v1/sites/${site?.id}/rankings`, { entries: [{ keyword: 'oak table', country: 'DE', position: 4 }] })
  await page.getByRole('row', { name: /oak table DE · desktop 4/ }).waitFor()

  await parts.getByRole('link', { name: 'Rules' }).click()
  await page.getByText('Redirect takes several hops', { exact: true }).click()
  await page.getByRole('button', { name: 'Change thresholds of Redirect takes several hops' }).click()
  const form = page.getByRole('dialog', { name: 'Redirect takes several hops' })
  await form.getByLabel('Redirects from which they are too many.').fill('99')
  await form.getByRole('button', { name: 'Save' }).click()
  await form.getByText('Must be at most 10.').waitFor()
  await form.getByLabel('Redirects from which they are too many.').fill('5')
  await form.getByRole('button', { name: 'Save' }).click()
  await page.getByText('1 changed').waitFor()
  await parts.getByRole('link', { name: 'Overview' }).click()
  expect(await isSamePage()).toBe(true)
})

test('a chat is told as soon as it is added; an incident is on the public page, and its component too', async () => {
  const main = page.getByRole('navigation', { name: 'Main' })
  await main.getByRole('link', { name: 'Notify' }).click()
  await page.getByRole('button', { name: 'Add a destination' }).click()
  await page.getByRole('button', { name: 'Slack' }).click()
  await page.getByRole('button', { name: 'Add and test' }).click()
  await page.getByText('Please fill this in.').waitFor()
  await page.getByLabel('Webhook URL').fill(chat.url)
  await page.getByLabel('What you call it').fill('Shop team')
  await page.getByRole('button', { name: 'Add and test' }).click()
  await page.getByText('The test message was accepted').waitFor()
  expect(await chat.first(() => true)).toBeTruthy()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('listitem').filter({ hasText: 'Shop team' }).getByText('All alerts: high and critical').waitFor()
  expect(await page.content()).not.toContain(chat.url)

  await main.getByRole('link', { name: 'Status page' }).click()
  await page.getByRole('button', { name: 'Add component' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Checkout')
  await page.getByRole('dialog').getByRole('button', { name: 'Add component' }).click()
  await page.getByText('Everything works.').waitFor()
  const parts = page.getByRole('navigation', { name: 'Parts of the status page' })
  await parts.getByRole('link', { name: 'Incidents' }).click()
  await page.getByRole('button', { name: 'Open an incident' }).click()
  await page.getByLabel('What is wrong').fill('Cards are declined')
  await page.getByLabel('Checkout').selectOption('Major outage')
  await page.getByRole('button', { name: 'Open incident' }).click()
  const sheet = page.getByRole('dialog', { name: 'Cards are declined' })
  await sheet.getByText('Major outage').waitFor()
  const [shown] = (await acme.call<{ data: StatusPage[] }>('GET', '/v1/status-pages')).data
  const publicPage = await fetch(`${fleet.url}/s/${shown?.slug}`).then((answer) => answer.text())
  expect(publicPage).toContain('Checkout')
  expect(publicPage).toContain('Cards are declined')
  await sheet.getByRole('button', { name: 'Resolve' }).click()
  await page.getByLabel('What is new').fill('The bank is back.')
  await page.getByRole('button', { name: 'Resolve incident' }).click()
  await sheet.getByText('The bank is back.').waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('No incident is open.').waitFor()
  expect(await isSamePage()).toBe(true)
  await main.getByRole('link', { name: 'Sites' }).click()
  await page.getByRole('link', { name: /^Alder & Ash http/ }).click()
})

test('who was cut off misses nothing', async () => {
  await context.setOffline(true)
  await page.getByRole('status').filter({ hasText: 'Offline' }).waitFor()
  website.flip('not_found_page', true)
  const viewer = await acme.view()
  const [site] = (await acme.call<{ data: Site[] }>('GET', '/v1/sites')).data
  await acme.call<Scan>('POST', `/v1/sites/${site?.id}/scans`)
  await viewer.first('threat.detected')
  viewer.close()
  await context.setOffline(false)
  await live(page).waitFor()
  await threatRow('Page has disappeared').waitFor()
  expect(await isSamePage()).toBe(true)
})

test('a rule is changed beside what it would have done; who is told sees it under the bell, and why, and takes it on', async () => {
  const main = page.getByRole('navigation', { name: 'Main' })
  const parts = page.getByRole('navigation', { name: 'Parts of the alerts' })
  await main.getByRole('link', { name: 'Alerts' }).click()
  await parts.getByRole('link', { name: 'Rules' }).click()
  await page.getByRole('link', { name: 'Critical and high threats' }).click()
  await page.getByRole('region', { name: 'What it would have done' }).getByText('Page has become noindex').waitFor()
  await page.getByText('Grouping, reminders and rest').click()
  await page.getByLabel('The first message waits').fill('now')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Please enter a number.').waitFor()
  await page.getByLabel('The first message waits').fill('0')
  await page.getByLabel('Between messages').fill('0')
  await page.getByRole('button', { name: 'Save' }).click()
  await parts.getByRole('link', { name: 'Alerts' }).click()

  website.flip('script_injected', true)
  const [site] = (await acme.call<{ data: Site[] }>('GET', '/v1/sites')).data
  await acme.call<Scan>('POST', `/v1/sites/${site?.id}/scans`)
  await page.getByRole('link', { name: /^High Suspicious script/ }).waitFor()
  await page.getByRole('button', { name: /^Notifications \d+ unread/ }).click()
  await page.getByRole('button', { name: /^High Suspicious script/ }).click()
  const sheet = page.getByRole('dialog', { name: /^Suspicious script/ })
  await sheet.getByText('You want to hear of this.').waitFor()
  await sheet.getByRole('button', { name: 'I am on it' }).click()
  await sheet.getByLabel('A word for the others').fill('It is ours, and goes.')
  await sheet.locator('form').getByRole('button', { name: 'I am on it' }).click()
  await sheet.getByText('Taken on by you').waitFor()
  await sheet.getByRole('button', { name: 'Mute' }).click()
  await page.getByRole('dialog', { name: 'Mute what is like this' }).getByRole('button', { name: 'Mute' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: /^High Suspicious script.*You are on it/ }).waitFor()
  await parts.getByRole('link', { name: 'Silences' }).click()
  await page.getByText('Mutes now').waitFor()
  await page.getByRole('button', { name: /^End it now/ }).click()
  await page.getByText('Nothing is muted.').waitFor()
  const { data } = await acme.call<{ data: Alert[] }>('GET', '/v1/alerts?state=acknowledged')
  expect(data).toMatchObject([{ title: expect.stringContaining('Suspicious script'), ruleName: 'Critical and high threats' }])
  expect(await isSamePage()).toBe(true)
  await main.getByRole('link', { name: 'Sites' }).click()
  await page.getByRole('link', { name: /^Alder & Ash http/ }).click()
})

test('another org sees nothing of all this', async () => {
  const siteAddress = page.url()
  await stranger.getByRole('heading', { name: 'Add your first site' }).waitFor()
  expect(await stranger.getByText(/noindex|Alder/).count()).toBe(0)
  await stranger.goto(siteAddress)
  await stranger.getByRole('heading', { name: 'No such site' }).waitFor()
  await stranger.goto(`${fleet.url}/activity`)
  await stranger.getByRole('heading', { name: 'Activity' }).waitFor()
  await live(stranger).waitFor()
  expect(await stranger.getByText(/noindex|disappeared|Alder/).count()).toBe(0)
})

const siteParts = ['Pages', 'Rankings', 'Vitals', 'Sources', 'Rules']
const alertParts = ['Rules', 'Silences', 'Mails']
const statusParts = ['Components', 'Incidents', 'Maintenance', 'Subscribers', 'Settings']
const screens = ['Sites', 'Alerts', 'Status page', 'Activity', 'Notify', 'Team', 'API keys']

test('every control has a name, the focus is seen, and nothing is wider than a phone', async () => {
  await page.setViewportSize({ width: 360, height: 740 })
  for (const details of await page.locator('details.disclosure > summary').all()) await details.click()
  expect({ screen: 'Site', nameless: await namelessControls(page), overflow: await overflowPixels(page) }).toEqual({
    screen: 'Site',
    nameless: [],
    overflow: 0,
  })
  for (const part of siteParts) {
    const link = page.getByRole('navigation', { name: 'Parts of the site' }).getByRole('link', { name: part })
    await link.click()
    await link.and(page.locator('[aria-current=page]')).waitFor()
    await page.locator('.section').first().waitFor()
    const seen = { part, nameless: await namelessControls(page), overflow: await overflowPixels(page) }
    expect(seen).toEqual({ part, nameless: [], overflow: 0 })
  }
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Alerts' }).click()
  for (const part of alertParts) {
    const link = page.getByRole('navigation', { name: 'Parts of the alerts' }).getByRole('link', { name: part })
    await link.click()
    await page.getByRole('heading', { level: 2, name: part }).waitFor()
    const seen = { part, nameless: await namelessControls(page), overflow: await overflowPixels(page) }
    expect(seen).toEqual({ part, nameless: [], overflow: 0 })
  }
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Status page' }).click()
  for (const part of statusParts) {
    const link = page.getByRole('navigation', { name: 'Parts of the status page' }).getByRole('link', { name: part })
    await link.click()
    await link.and(page.locator('[aria-current=page]')).waitFor()
    await page.locator('.section').first().waitFor()
    const seen = { part, nameless: await namelessControls(page), overflow: await overflowPixels(page) }
    expect(seen).toEqual({ part, nameless: [], overflow: 0 })
  }
  for (const screen of screens) {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: screen }).click()
    await page.getByRole('heading', { level: 1, name: screen }).waitFor()
    const seen = { screen, nameless: await namelessControls(page), overflow: await overflowPixels(page) }
    expect(seen).toEqual({ screen, nameless: [], overflow: 0 })
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.getByRole('link', { name: 'Skip to content' }).focus()
  const stops: string[] = []
  while (!stops.includes('Revoke')) {
    await page.keyboard.press('Tab')
    stops.push((await page.locator(':focus').textContent()) ?? '')
    expect({ stops, visible: await focusIsVisible(page) }).toEqual({ stops, visible: true })
  }
  expect(stops).toEqual(expect.arrayContaining([...screens, 'New key', 'Revoke']))
})

test.each(['light', 'dark'] as const)('text is easy to read in %s', async (colorScheme) => {
  await page.emulateMedia({ colorScheme })
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Sites' }).click()
  await page.getByRole('link', { name: /^Alder & Ash http/ }).click()
  await threatRow('Page has disappeared').waitFor()
  const texts = [
    'h1',
    '.address',
    '.muted',
    '.chip',
    '.button[data-look=primary]',
    '.severity',
    '.places a',
    '.connection',
    '.tabs a',
    '.health-score b',
    '.health-types dt',
    '.executions .muted',
  ]
  for (const text of texts)
    expect({ text, contrast: await contrastOf(page.locator(text).first()) }).toEqual({ text, contrast: readable })
})

/** What WCAG 2.2 AA asks of text of ordinary size. */
const readable = { asymmetricMatch: (contrast: number) => contrast >= 4.5, toString: () => '4.5 or more' }

test('what the browser did is what the API tells of', async () => {
  const { data } = await acme.call<{ data: Threat[] }>('GET', '/v1/threats?state=resolved')
  expect(data).toMatchObject([{ rule: 'idx.noindex', state: 'resolved', note: 'The lamp goes back in today.' }])
})
