import { gzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { readHtml } from './html-signals.ts'
import { linkHeaderTargets } from './link-header.ts'
import { parseRobots } from './robots.ts'
import { readSitemap } from './sitemap.ts'

/**
 * What a site sends is read on the thread that does everything else: nothing in it may cost more than its length. Four times as much may
 * cost four times as much; where it cost its square it would be sixteen times.
 */
const small = 100_000
const growthMax = 9
/** Of CPU, whatever else the machine does. */
const cpuMsMax = 1_000
/** Of CPU: what costs so little at the larger size cannot be its square. */
const negligibleMs = 40

const html = (text: string) => readHtml(text, { onLink() {}, wantsReferences: true })
const sitemap = (text: string) => readSitemap(Buffer.from(text))
const many = (piece: string, length: number) => piece.repeat(length / piece.length)
/** The first one is broken, so that the others are looked through for the end of the file. @param share of a hundred */
function archives(share: number): Buffer {
  const broken = gzipSync('x')
  broken.writeUInt32LE(0, broken.length - 8)
  return Buffer.concat([broken, ...Array.from({ length: 98 * share }, () => mountain)])
}
const mountain = gzipSync(Buffer.alloc(49 * 1024 * 1024, ' '))
const spaces = (length: number) => ' '.repeat(length)

test.each<{ what: string; read: (length: number) => unknown }>([
  { what: 'white space in srcset', read: (n) => html(`<img srcset="${spaces(n)}x">`) },
  { what: 'white space in a refresh', read: (n) => html(`<meta http-equiv="refresh" content="${spaces(n)}x">`) },
  { what: 'a name like many crawlers', read: (n) => html(`<meta name="${many('bot', n)}!" content="noindex">`) },
  { what: 'white space behind @import', read: (n) => html(`<style>http: @import${spaces(n)}x</style>`) },
  { what: 'fonts that never begin', read: (n) => html(`<p style="http: ${many('@font-face{', n)}">`) },
  { what: 'elements that are never closed', read: (n) => html(many('<b>', n)) },
  { what: 'ampersands in a text without an end', read: (n) => html(many('&a ', 3 * n)) },
  { what: 'ends of elements that never began', read: (n) => html(many('<b>', n) + many('</i>', n)) },
  { what: 'white space in lines of robots.txt', read: (n) => parseRobots(`Disallow: /${spaces(n / 30)}x\n`.repeat(30)) },
  { what: 'white space in a key of robots.txt', read: (n) => parseRobots(`x${spaces(n / 30)}x:\n`.repeat(30)) },
  { what: 'tags in an address of white space', read: (n) => sitemap(`<url><loc>${spaces(8_000)}${many('<a/>', n)}`) },
  { what: 'entries that are never closed', read: (n) => sitemap(many('<url><loc>x', n)) },
  { what: 'archives in an archive with a wrong checksum', read: (n) => readSitemap(archives(n / (4 * small))) },
  { what: 'targets of a Link header that never end', read: (n) => linkHeaderTargets(many('<', n), 'canonical') },
])('$what', ({ read }) => {
  const large = cpuMs(() => read(4 * small))
  expect(large).toBeLessThan(cpuMsMax)
  expect(large < negligibleMs || large < growthMax * cpuMs(() => read(small))).toBe(true)
})

/** The least of three: the first one also compiles, and any of them may collect garbage. */
function cpuMs(work: () => unknown): number {
  const costs = [1, 2, 3].map(() => {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...costs)
}

test('a page that is too deep is read as far as it is not', () => {
  const links: string[] = []
  const page = `<title>Deep</title><a href="/first"></a>${'<b>'.repeat(5_000)}<a href="/last"></a>`
  const { title } = readHtml(page, { onLink: (href) => links.push(href), wantsReferences: false })
  expect({ title, links }).toEqual({ title: 'Deep', links: ['/first'] })
})
