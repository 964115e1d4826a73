// The baseline: linkinator over the site given, in a process of its own; prints what it did as JSON.
import { LinkChecker } from 'linkinator'

const url = process.argv[2] ?? ''
const started = performance.now()
const checker = new LinkChecker()
const result = await checker.check({
  path: url,
  recurse: true,
  concurrency: Number(process.argv[3] ?? 10),
  linksToSkip: async () => false,
})
const seconds = (performance.now() - started) / 1000
console.log(
  JSON.stringify({
    pages: result.links.filter((link) => link.state === 'OK').length,
    seconds,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }),
)
process.exit(0)
