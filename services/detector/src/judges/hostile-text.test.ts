import { expect, test } from '@jest/globals'
import { readHtml } from './html-signals.ts'
import { linkHeaderTargets } from './link-header.ts'
import { parseRobots } from './robots.ts'

/** What a site sends is read on the thread that does everything else: nothing in it may cost more than its length. */
const length = 200_000
const msMax = 1_000

const spaces = ' '.repeat(length)
const html = (text: string) => readHtml(text, { onLink() {}, wantsReferences: true })
const many = (piece: string) => piece.repeat(length / piece.length)

test.each([
  { what: 'white space in srcset', read: () => html(`<img srcset="${spaces}x">`) },
  { what: 'white space in a refresh', read: () => html(`<meta http-equiv="refresh" content="${spaces}x">`) },
  { what: 'white space behind @import', read: () => html(`<style>http: @import${spaces}x</style>`) },
  { what: 'fonts that never begin', read: () => html(`<p style="http: ${many('@font-face{')}">`) },
  { what: 'elements that are never closed', read: () => html(many('<b>')) },
  { what: 'ampersands in a text without an end', read: () => html('&a '.repeat(400_000)) },
  { what: 'ends of elements that never began', read: () => html(many('<b>') + many('</i>')) },
  { what: 'white space in lines of robots.txt', read: () => parseRobots(`Disallow: /${' '.repeat(16_000)}x\n`.repeat(30)) },
  { what: 'white space in a key of robots.txt', read: () => parseRobots(`x${' '.repeat(16_000)}x:\n`.repeat(30)) },
  { what: 'targets of a Link header that never end', read: () => linkHeaderTargets(many('<'), 'canonical') },
])('$what', ({ read }) => {
  const startedAt = performance.now()
  read()
  expect(performance.now() - startedAt).toBeLessThan(msMax)
})

test('a page that is too deep is read as far as it is not', () => {
  const links: string[] = []
  const page = `<title>Deep</title><a href="/first"></a>${'<b>'.repeat(5_000)}<a href="/last"></a>`
  const { title } = readHtml(page, { onLink: (href) => links.push(href), wantsReferences: false })
  expect({ title, links }).toEqual({ title: 'Deep', links: ['/first'] })
})
