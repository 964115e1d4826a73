import { BacklinksSection } from '../features/backlinks/backlinks-section.tsx'
import { BenchmarkSection } from '../features/benchmark/benchmark-section.tsx'
import { CompetitorsSection } from '../features/competitors/competitors-section.tsx'
import { KeywordsSection } from '../features/keywords/keywords-section.tsx'
import { PushRankings } from '../features/rankings/push-rankings.tsx'
import { useSiteId } from './use-site-id.ts'

export function RankingsTab() {
  const siteId = useSiteId()
  return (
    <>
      <KeywordsSection siteId={siteId} actions={<PushRankings siteId={siteId} />} />
      <BenchmarkSection siteId={siteId} />
      <CompetitorsSection siteId={siteId} />
      <BacklinksSection siteId={siteId} />
    </>
  )
}
