import { HiddenSpamCollector } from '../judges/hidden-spam.ts'
import { HreflangCollector } from '../judges/hreflang-collector.ts'
import { type HtmlReaderOptions, signalCollectors } from '../judges/html-signals.ts'
import { HeadHashCollector, ScriptHashCollector } from '../judges/page-hashes.ts'
import { RunningCollector } from '../judges/page-running.ts'
import { PageTextCollector } from '../judges/page-text.ts'
import { ErrorShellCollector } from '../judges/soft404.ts'

/** Every kind of facts that the crawl takes from a page's HTML, in one pass. To take another kind, add its collector here. */
export const pageCollectors = (options: HtmlReaderOptions) => ({
  ...signalCollectors(options),
  text: new PageTextCollector(),
  headHash: new HeadHashCollector(),
  scriptHash: new ScriptHashCollector(),
  alternates: new HreflangCollector(),
  errorShell: new ErrorShellCollector(),
  running: new RunningCollector(),
  spam: new HiddenSpamCollector(),
})

/** What the collectors of a page give. */
export type HtmlFacts = {
  [Kind in keyof ReturnType<typeof pageCollectors>]: ReturnType<ReturnType<typeof pageCollectors>[Kind]['facts']>
}
