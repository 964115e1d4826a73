import type { Locator, Page } from 'playwright-core'

/** Every control that a screen reader would have no name for, as a line of the page's accessibility tree. */
export async function namelessControls(page: Page): Promise<string[]> {
  const tree = await page.locator('body').ariaSnapshot()
  const nameless = /^\s*- '?(button|link|textbox|combobox|checkbox|radio|spinbutton|progressbar|dialog)(?! ")(?=[:\s']|$)/
  return tree.split('\n').filter((line) => nameless.test(line))
}

/** By how many pixels the page is wider than its window. */
export function overflowPixels(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

/** Whether what has the focus shows it: itself, or the label around a control that is not seen. */
export function focusIsVisible(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const focused = document.activeElement
    return [focused, focused?.closest('label')].some((element) => {
      if (!element) return false
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
    })
  })
}

/** The contrast between a text and what is behind it, as WCAG 2 computes it. */
export function contrastOf(text: Locator): Promise<number> {
  return text.evaluate((element) => {
    const parts = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number)
    const luminance = (color: string) => {
      const [red = 0, green = 0, blue = 0] = parts(color).map((part) => {
        const share = part / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    let ground = 'rgb(255, 255, 255)'
    for (let behind: Element | null = element; behind; behind = behind.parentElement) {
      const { backgroundColor } = getComputedStyle(behind)
      if (parts(backgroundColor)[3] === 0) continue // Transparent: what is seen is further back.
      ground = backgroundColor
      break
    }
    const [dark = 0, light = 0] = [luminance(getComputedStyle(element).color), luminance(ground)].sort((a, b) => a - b)
    return (light + 0.05) / (dark + 0.05)
  })
}
