// One run of Lighthouse in a process of its own: it takes some 300 MB, which a detector must not hold between runs. Started by measure-page.ts.
import lighthouse from 'lighthouse'
import { LabOrder, measuredOf, type RunTold } from './lab-facts.ts'

// Whoever started this run is gone: nobody will hear of it.
process.once('disconnect', () => process.exit(1))

const { url, port, userAgent } = LabOrder.parse(JSON.parse(process.argv[2] ?? ''))
const told = await run()
process.send?.(told, () => process.exit(0))

async function run(): Promise<RunTold> {
  try {
    const result = await lighthouse(url, {
      port,
      hostname: '127.0.0.1',
      output: 'json',
      logLevel: 'silent',
      locale: 'en-US',
      onlyCategories: ['performance'],
      // A common phone on a slow mobile network, which is calculated, not waited for.
      formFactor: 'mobile',
      throttlingMethod: 'simulate',
      emulatedUserAgent: userAgent,
      disableFullPageScreenshot: true,
    })
    return measuredOf(result?.lhr)
  } catch (error) {
    // A tab that crashes or a browser that went away: nothing is known of the page.
    return { unknown: error instanceof Error ? error.message.slice(0, 200) : 'failed' }
  }
}
