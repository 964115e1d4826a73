import type { CrawlSummary } from './crawler/observation.ts'
import type { CloakRound } from './judges/cloak.ts'
import type { PagesSeen } from './page-store.ts'
import type { Probes } from './probes/probes.ts'
import { askAsOthers } from './rules/cloak-round.ts'

/** The home page, and one page of each of the largest templates: each costs three requests. */
const pagesMax = 3

/** Asks for a few pages as other visitors would; only of a site that answers, and may be visited. */
export async function askForCloaks(
  probes: Probes,
  { complete, homeUrl }: CrawlSummary,
  pages: PagesSeen,
  signal: AbortSignal,
): Promise<CloakRound[]> {
  if (!complete) return []
  const rounds: CloakRound[] = []
  for (const url of chosen(homeUrl, pages)) {
    if (signal.aborted) break
    rounds.push(await askAsOthers(url, probes, signal))
  }
  return rounds
}

function chosen(homeUrl: string, pages: PagesSeen): string[] {
  const templates = new Map<string, { url: string; count: number }>()
  for (const { url, template, status } of pages.placed.values()) {
    if (status !== 200 || url === homeUrl) continue
    const known = templates.get(template)
    templates.set(template, { url: known?.url ?? url, count: (known?.count ?? 0) + 1 })
  }
  const largest = [...templates.values()].sort((a, b) => b.count - a.count).map(({ url }) => url)
  return [...(pages.has(homeUrl) ? [homeUrl] : []), ...largest].slice(0, pagesMax)
}
