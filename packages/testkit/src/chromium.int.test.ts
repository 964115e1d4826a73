import { expect, test } from '@jest/globals'
import { createBreakableSite } from './breakable-site.ts'
import { chromiumMsMax, launchChromium } from './chromium.ts'

test(
  'a browser shows a page and follows a link',
  async () => {
    const site = await createBreakableSite()
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      await page.goto(site.url)
      await page.getByRole('link', { name: 'Products' }).click()
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Products')
    } finally {
      await browser.close()
      await site.close()
    }
  },
  chromiumMsMax,
)
