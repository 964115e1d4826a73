import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { soft404 as spec } from '@tocsin/contract/rules/soft404'
import { z } from 'zod'
import type { PageObservation } from '../crawler/observation.ts'
import { noindexReasons } from '../judges/robots-directives.ts'
import { isSoft404, type Soft404Signal, soft404Signals } from '../judges/soft404.ts'
import { similarity } from '../judges/text-sketch.ts'
import type { Probes } from '../probes/probes.ts'
import { type Seen, seenAs } from './answer.ts'
import { googlebot } from './googlebot.ts'
import { isMeantToBeOut } from './idx-noindex.ts'
import { answerOnPage, contentOf, evidenceOf, lookAtPages, type Told } from './page-answer.ts'
import { answeredOf, PageFacts } from './page-facts.ts'
import { replayPages } from './template-facts.ts'
import type { LookContext, MissingPage, PageRule } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

type Config = RuleConfigs['soft404']

const Facts = PageFacts.extend({
  title: z.string().nullable(),
  h1: z.string().nullable(),
  errorShell: z.string().nullable(),
  /** To what the site answers for an address that does not exist; null when that says nothing. */
  likeness: z.number().nullable(),
  /** Whether that answer is known. */
  probed: z.boolean(),
  noindex: z.boolean(),
  words: z.number().int().nullable(),
})
type Facts = z.infer<typeof Facts>

export const notProbed: MissingPage = { probed: false, sketch: null }

/** A site that answers everything with the same shell, which scripts then fill, has no page that is like nothing. */
export function missingPageOf(probe: PageObservation, home: PageObservation | undefined, { similarityMin }: Config): MissingPage {
  if (probe.fault !== null || probe.status === null || probe.status >= 500) return notProbed
  const sketch = probe.textSketch ?? ''
  if (sketch === '') return { probed: true, sketch: null }
  const isShell = home?.textSketch != null && similarity(sketch, home.textSketch) >= similarityMin
  return { probed: true, sketch: isShell ? null : sketch }
}

export const soft404: PageRule<'soft404'> = {
  spec,
  scope: 'page',
  judge(page, _before, context) {
    // That a search has found nothing is no error.
    if (isMeantToBeOut(page.url)) return null
    return answerOnPage(spec, page, softOf(page, context.missing, context.config.soft404, context.now), context)
  },
  lookAgain(finding, probes, context) {
    let missing: Promise<MissingPage> | null = null
    return lookAtPages(soft404, finding, probes, context, async (page, told) => {
      if (wasAlike(told, context)) missing ??= askForMissing(probes, context)
      return softOf(page, (await missing) ?? notProbed, context.config.soft404, context.now)
    })
  },
  replay: replayPages('soft404', (evidence, { config }) => reweigh(Facts, evidence, (facts) => weigh(facts, config.soft404))),
}

function wasAlike({ evidence }: Told, { config }: LookContext): boolean {
  const { likeness } = evidence
  return typeof likeness === 'number' && likeness >= config.soft404.similarityMin
}

async function askForMissing(probes: Probes, context: LookContext): Promise<MissingPage> {
  const home = await probes.page(context.siteUrl, context.signal)
  return missingPageOf(await probes.missing(context.siteUrl, context.signal), home, context.config.soft404)
}

function weigh(facts: Facts, config: Config): Weighed {
  const content = contentOf(answeredOf(facts))
  if (content !== 'content') return content === 'gone' ? ok : unknown
  const signals = soft404Signals(facts, config)
  if (isSoft404(signals, config)) return bad('medium')
  // With the one sign that could not be looked for it might be one.
  return !facts.probed && isSoft404([...signals, 'like_missing'], config) ? unknown : ok
}

const textLengthMax = 200
const words = {
  title: 'its title says that there is nothing',
  heading: 'its heading says that there is nothing',
  error_shell: 'it is made by a template for errors',
  like_missing: 'it reads like an address that does not exist',
  noindex: 'it is not to be indexed',
  few_words: 'there is hardly any text',
} as const satisfies Record<Soft404Signal, string>

function softOf(page: PageObservation, missing: MissingPage, config: Config, now: Date): Seen {
  const facts: Facts = {
    ...evidenceOf(page),
    title: page.title?.slice(0, textLengthMax) ?? null,
    h1: page.h1?.slice(0, textLengthMax) ?? null,
    errorShell: page.errorShell,
    likeness: missing.sketch !== null && page.textSketch ? similarity(page.textSketch, missing.sketch) : null,
    probed: missing.probed,
    noindex: noindexReasons(page.directives, googlebot, now).length > 0,
    words: page.words,
  }
  const signals = soft404Signals(facts, config)
  return seenAs(weigh(facts, config), { ...facts, signals }, () => ({
    title: spec.title,
    description: `${page.url} answers 200, but ${signals.map((signal) => words[signal]).join(', ')}.`,
  }))
}
