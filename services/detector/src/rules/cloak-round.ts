import type { PageObservation } from '../crawler/observation.ts'
import type { CloakRound, CloakVariant, VariantFacts } from '../judges/cloak.ts'
import { ownerOf } from '../judges/script-hosts.ts'
import { similarity } from '../judges/text-sketch.ts'
import type { Probes } from '../probes/probes.ts'
import { contentOf } from './page-answer.ts'

/** Asks for a page as three visitors would, one after the other. */
export async function askAsOthers(url: string, probes: Probes, signal: AbortSignal): Promise<CloakRound> {
  const own = await probes.page(url, signal)
  const googlebot = await probes.pageAs(url, 'googlebot', signal)
  const searcher = await probes.pageAs(url, 'searcher', signal)
  return {
    url,
    variants: [factsOf('own', own, own), factsOf('googlebot', googlebot, own), factsOf('searcher', searcher, own)],
  }
}

function factsOf(variant: CloakVariant, page: PageObservation, own: PageObservation): VariantFacts {
  const landedOn = ownerOf(URL.parse(page.finalUrl)?.hostname ?? '')
  const hasMoved = page.hops.length > 0
  return {
    variant,
    // A redirect is an answer, whatever the other end says.
    isSeen: (page.fault === null && hasMoved) || (contentOf(page) === 'content' && page.spam !== null),
    landedOn,
    words: page.words ?? 0,
    terms: [...(page.spam?.terms ?? [])],
    hiddenLinks: [...new Set(page.spam?.hiddenLinks ?? [])],
    similarity: page.textSketch !== null && own.textSketch !== null ? similarity(page.textSketch, own.textSketch) : 1,
  }
}
