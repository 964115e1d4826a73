import type { TemplateId } from '@tocsin/contract/api/templates'
import { testMessageType } from '@tocsin/contract/message'
import type { Notice, NoticeAlert } from '@tocsin/contract/notice'
import { noticeMessageType } from '@tocsin/contract/notice'
import { type DigestData, digestMessageType, type Message } from '@tocsin/domain/deliveries/message'

const at = '2026-03-02T09:00:00.000Z'
const site = { id: 'site_0123456789abcdefghjkmnpq', name: 'Example shop', url: 'https://shop.example/' } as const

const alert = (more: Partial<NoticeAlert>): NoticeAlert => ({
  id: 'alr_0123456789abcdefghjkmnpq',
  kind: 'triggered',
  state: 'triggered',
  severity: 'high',
  title: 'Something is wrong',
  source: 'threat.detected',
  topic: 'technical_error',
  site,
  description: '',
  impact: '',
  action: '',
  facts: [],
  path: '/alerts/alr_0123456789abcdefghjkmnpq',
  triggeredAt: at,
  resolvedAt: null,
  ...more,
})

const noticeOf = (...alerts: NoticeAlert[]): Message => {
  const data: Notice = { rule: 'Critical and high threats', dedupKey: 'example', alerts, more: 0, open: alerts.length }
  return { seq: null, type: noticeMessageType, at, data }
}

const ranking = alert({
  topic: 'ranking_drop',
  title: '“running shoes” has dropped from 4 to 13',
  description: 'It was between 3 and 5 on every day of the week before.',
  impact: 'Lower positions are clicked less: from the third to the tenth place a keyword loses four of five of its visits.',
  action: 'Look at the page that ranked: what changed on it, and who stands before it now.',
  facts: [{ name: 'Keyword', value: 'running shoes' }],
})
const error = alert({
  severity: 'critical',
  title: 'https://shop.example/cart answers 500',
  description: 'Seen twice within two minutes, on new connections.',
  impact: 'Visitors see an error, and nobody can buy.',
  action: 'Look at the log of the server at the time given.',
  facts: [{ name: 'Where', value: 'https://shop.example/cart' }],
})

/** An example of each mail, as it would come about. */
export const samples: Readonly<Record<TemplateId, Message>> = {
  'alert.ranking_drop': noticeOf(ranking),
  'alert.cwv_degradation': noticeOf(
    alert({
      topic: 'cwv_degradation',
      title: 'Largest Contentful Paint of /product/* rose from 2.1 s to 3.4 s',
      description: 'On phones, at the 75th percentile of 1,240 visits.',
      impact: 'Visitors wait longer before they see what they came for, and some leave.',
      action: 'Compare what was released on the day before.',
    }),
  ),
  'alert.technical_error': noticeOf(error),
  'alert.competitor_surge': noticeOf(
    alert({
      topic: 'competitor_surge',
      title: 'rival.example has passed you for “trail shoes”',
      description: 'They stand at 2 and you at 5; last week it was 6 and 4.',
      impact: 'Visits that came to you now go to them.',
      action: 'Read their page: what does it answer that yours does not?',
    }),
  ),
  'alert.security_issue': noticeOf(
    alert({
      topic: 'security_issue',
      severity: 'critical',
      title: 'A script from cdn-stats.example was added to the home page',
      description: 'It was not there in any scan before, and is obfuscated.',
      impact: 'A foreign script can read what visitors type.',
      action: 'Find out who added it. If nobody did, take it out and change the passwords.',
    }),
  ),
  'alert.indexation_problem': noticeOf(
    alert({
      topic: 'indexation_problem',
      title: '48 pages under /blog/* say noindex',
      description: 'They could be indexed in the scan of the day before.',
      impact: 'Search engines drop these pages within days.',
      action: 'Take the tag out, or accept it if it is meant to be so.',
    }),
  ),
  'alert.outage': noticeOf(
    alert({
      topic: 'component',
      source: 'component.status_changed',
      severity: 'critical',
      title: 'Checkout: major outage',
      site: null,
    }),
  ),
  'alert.incident': noticeOf(
    alert({
      topic: 'incident',
      source: 'incident.created',
      title: 'Payments fail for some cards',
      site: null,
      description: 'Investigating.',
    }),
  ),
  'alert.metric': noticeOf(
    alert({
      topic: 'metric',
      source: 'metric.breached',
      title: 'Uptime of Example shop was 93.100 % yesterday',
      description: 'Your limit is 95 %.',
    }),
  ),
  'alert.group': noticeOf(error, ranking),
  digest: { seq: null, type: digestMessageType, at, data: digest() },
  breaker: { seq: null, type: 'circuit_breaker.tripped', at, data: { day: '2026-03-02', limit: 3 } },
  event: { seq: 41, type: 'scan.failed', at, data: { siteId: site.id, reason: 'The site could not be reached.' } },
  test: { seq: null, type: testMessageType, at, data: {} },
}

function digest(): DigestData {
  const entry = { seq: null, at, site: site.name }
  return {
    part: 1,
    parts: 1,
    total: 2,
    reasons: ['over_daily_limit'],
    entries: [
      { ...entry, type: 'alert.triggered', alertId: error.id, severity: error.severity, title: error.title, now: 'open' },
      {
        ...entry,
        type: 'alert.triggered',
        alertId: ranking.id,
        severity: ranking.severity,
        title: ranking.title,
        now: 'resolved',
      },
    ],
  }
}
