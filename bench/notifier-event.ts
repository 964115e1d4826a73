import { Threat } from '@tocsin/contract/api/threats'
import { newId } from '@tocsin/contract/ids'

/** What a threat.detected carries, of an ordinary size. */
export function dataOf() {
  const siteId = newId('site')
  const threat = Threat.parse({
    id: newId('threat'),
    siteId,
    scanId: null,
    rule: 'http.5xx',
    type: 'technical_error',
    severity: 'high',
    subject: 'https://shop.example/cart',
    dedupeKey: 'http.5xx:shop:cart',
    title: 'Page answers 500',
    description: 'The page answered 500 twice.',
    impact: 'Visitors see an error.',
    action: 'Look at the log.',
    state: 'active',
    flapping: false,
    causeId: null,
    importance: 5,
    occurrences: 1,
    firstSeenAt: '2026-03-01T10:00:00.000Z',
    lastSeenAt: '2026-03-01T10:00:00.000Z',
    acknowledgedAt: null,
    resolvedAt: null,
    changedBy: null,
    note: null,
  })
  return { threat, site: { id: siteId, name: 'Shop', url: 'https://shop.example/' } }
}
