import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { getThreatEvidence, type Threat } from '@tocsin/contract/api/threats'
import { ruleSpec } from '@tocsin/contract/rules/catalog'
import type { Refetched } from '../../live/refetches.ts'
import { paths } from '../../paths.ts'
import { useSigned } from '../../session.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Time } from '../../ui/time.tsx'
import { valueText } from './evidence-words.ts'

/** With these, and what was seen, anybody comes to the same verdict again. */
export function Thresholds({ threat }: { threat: Threat }) {
  const { client, org } = useSigned()
  const judged = useQuery({
    queryKey: ['threatDetail' satisfies Refetched, org.id, threat.id, 'evidence'],
    queryFn: ({ signal }) => client.call(getThreatEvidence, { params: { threatId: threat.id }, signal }),
  })
  return (
    <section className="sheet-section">
      <h3>Judged by</h3>
      <Loaded query={judged} what="the thresholds">
        {({ config, judgedAt, verdict }) => (
          <>
            <p className="muted">
              {severityWords[verdict.severity]}, <Time at={judgedAt} />.{' '}
              <Link to={paths.siteRules} params={{ siteId: threat.siteId }}>
                Change the rule's thresholds
              </Link>
            </p>
            {Object.keys(config).length > 0 && (
              <dl className="evidence evidence-short">
                {Object.entries(config).map(([name, value]) => (
                  <div key={name}>
                    <dt>{docOf(threat.rule, name)}</dt>
                    <dd>{valueText(value)}</dd>
                  </div>
                ))}
              </dl>
            )}
          </>
        )}
      </Loaded>
    </section>
  )
}

const severityWords = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' } as const

/** In the rule's own words, as far as this page knows it. */
function docOf(rule: string, threshold: string): string {
  const shape: Record<string, { description?: string | undefined }> = ruleSpec(rule)?.config.shape ?? {}
  return shape[threshold]?.description ?? threshold
}
