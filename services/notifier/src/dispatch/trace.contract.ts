import { AlertRuleInput } from '@tocsin/contract/api/alert-rules'
import type { AlertDecision } from '@tocsin/contract/api/alerts'
import { DestinationInput } from '@tocsin/contract/api/destinations'
import { SiteInput } from '@tocsin/contract/api/sites'
import { type Threat, Threat as ThreatSchema } from '@tocsin/contract/api/threats'
import { threatDetected, threatResolved, threatUpdated } from '@tocsin/contract/events/threats'
import { type AlertId, newId, type OrgId, type SiteId, type UserId } from '@tocsin/contract/ids'
import type { Notice } from '@tocsin/contract/notice'
import type { Severity } from '@tocsin/contract/rule'
import { createAlertRule } from '@tocsin/domain/alert-rules/alert-rules'
import { calmAlerts } from '@tocsin/domain/alerts/alerts'
import { listAlertDecisions } from '@tocsin/domain/alerts/alerts.read'
import type { DigestData } from '@tocsin/domain/deliveries/message'
import { createDestination } from '@tocsin/domain/destinations/destinations'
import { addMember } from '@tocsin/domain/members/members'
import { createSite } from '@tocsin/domain/sites/sites'
import type { Change } from '@tocsin/journal/change'
import { createSecretBox } from '@tocsin/process/secret-box'
import type { TestFoundation } from '@tocsin/testkit/foundation'
import { digestPass } from '../digest-pass.ts'
import { dispatchPass } from '../dispatch-pass.ts'
import { createPlanPass } from '../plan-pass.ts'

/** An org in which things are fired at a second, and what arrives is written down with its second. Tests only. */
export interface Trace {
  readonly orgId: OrgId
  readonly siteId: SiteId
  addRule(rule: Partial<AlertRuleInput>): Promise<void>
  addDestination(name: string, more?: object): Promise<void>
  addMember(name: string): Promise<UserId>
  /** Goes on to that second, turn by turn, with everything that is due on the way. */
  at(second: number): Promise<void>
  change<Result>(work: (change: Change) => Promise<Result>): Promise<Result>
  bad(name: string, severity?: Severity, more?: Partial<Threat>): Promise<void>
  /** All at the same moment. */
  storm(count: number, severity?: Severity): Promise<void>
  worse(name: string, severity: Severity): Promise<void>
  good(name: string): Promise<void>
  alertOf(name: string): Promise<AlertId>
  /** `30s ops: triggered a, triggered b` */
  readonly arrivals: readonly string[]
  /** `triggered ops: sent subscribed`, oldest first. */
  why(name: string): Promise<string[]>
  /** Of everything that was said: the names of alerts. */
  named(): ReadonlySet<string>
}

const box = createSecretBox('a secret that only tests may know, 32+', 'destination')

export async function startTrace(world: TestFoundation, options: { mail?: boolean } = {}): Promise<Trace> {
  const orgId = await world.newOrg()
  // On the hour, as digests may be.
  world.clock.advance(3_600_000 - (world.clock.now().getTime() % 3_600_000))
  const start = world.clock.now().getTime()
  const second = () => Math.round((world.clock.now().getTime() - start) / 1000)
  const site = await world.change(orgId, (change) =>
    createSite(change, SiteInput.parse({ url: 'https://shop.example/', name: 'Shop' })),
  )
  await world.change(orgId, (change) => change.tx.query('delete from alert_rule where org_id = $1', [orgId]))
  const threats = new Map<string, Threat>()
  const names = new Map<string, string>()
  const arrivals: string[] = []
  const seen = new Set<string>()
  const said = new Set<string>()
  const plan = createPlanPass(world)
  const about = { id: site.id, name: site.name, url: site.url }

  async function passes(): Promise<void> {
    while ((await plan()) === 'worked');
    while ((await trace.change(calmAlerts)) > 0);
    while ((await dispatchPass({ ...world, mail: options.mail ?? true })) === 'worked');
    while ((await digestPass(world)) === 'worked');
    await collect()
  }
  async function collect(): Promise<void> {
    const { rows } = await world.db.transaction({ orgId }, (sql) =>
      sql.query<{ id: string; receiver: string; message: { type: string; data: Notice | DigestData } }>(
        `update delivery v set state = 'succeeded', finished_at = $2 from (
           select d.id, coalesce(t.name, a.name) as receiver from delivery d
           left join destination t on t.id = d.destination_id left join account a on a.id = d.user_id
           where d.org_id = $1 and d.state = 'pending' order by d.created_at, d.id
         ) p where p.id = v.id returning v.id, p.receiver, v.message`,
        [orgId, world.clock.now()],
      ),
    )
    await world.db.transaction({ orgId }, (sql) =>
      sql.query(`update delivery set state = 'digested' where state = 'held' and digest_id = any ($1)`, [
        rows.map(({ id }) => id),
      ]),
    )
    const lines = rows
      .filter(({ id }) => !seen.has(id))
      .map(({ id, receiver, message }) => {
        seen.add(id)
        return `${second()}s ${receiver}: ${textOf(message)}`
      })
    arrivals.push(...lines.sort())
  }
  function textOf({ type, data }: { type: string; data: Notice | DigestData }): string {
    const nameOf = (id: string | null) => names.get(id ?? '') ?? '?'
    if ('alerts' in data) {
      for (const { id } of data.alerts) said.add(nameOf(id))
      if (data.alerts.length > 5) return `${data.alerts.length} alerts and ${data.more} more`
      return data.alerts
        .map(({ id, kind }) => `${kind} ${nameOf(id)}`)
        .sort()
        .join(', ')
    }
    if ('entries' in data) {
      for (const { alertId } of data.entries) said.add(nameOf(alertId))
      if (data.entries.length > 5) return `digest of ${data.entries.length}`
      return `digest of ${data.entries.map(({ alertId, type, now }) => `${type} ${nameOf(alertId)} (${now})`).join(', ')}`
    }
    return type
  }
  async function remember(): Promise<void> {
    while ((await plan()) === 'worked');
    const { rows } = await world.db.transaction({ orgId }, (sql) =>
      sql.query<{ id: string; title: string }>('select id, title from alert where org_id = $1', [orgId]),
    )
    for (const { id, title } of rows) names.set(id, title)
  }
  const threatOf = (name: string): Threat => {
    const threat = threats.get(name)
    if (!threat) throw new Error(`Nothing was said of ${name}.`)
    return threat
  }
  const trace: Trace = {
    orgId,
    siteId: site.id,
    arrivals,
    named: () => said,
    change: (work) => world.change(orgId, work),
    async addRule(rule) {
      const input = AlertRuleInput.parse({ name: 'Threats', filter: { sources: ['threat.*'] }, ...rule })
      await trace.change((change) => createAlertRule(change, input))
    },
    async addDestination(name, more = {}) {
      const input = DestinationInput.parse({ kind: 'email', address: `${name}@shop.example`, name, ...more })
      await trace.change((change) => createDestination(change, { input, box }))
    },
    async addMember(name) {
      const id = newId('user')
      await trace.change(async (change) => {
        await change.tx.query('insert into account (id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5)', [
          id,
          `${name}-${id.slice(-8)}@shop.example`,
          name,
          '',
          change.now,
        ])
        await addMember(change, { userId: id, role: 'editor' })
      })
      return id
    },
    async at(target) {
      const end = start + target * 1000
      for (;;) {
        await passes()
        const { rows } = await world.db.transaction({ orgId }, (sql) =>
          sql.query<{ at: Date | null }>(
            `select min(at) as at from (
               select due_at as at from alert_notice where decided_at is null
               union all select steady_at from alert where flapping
               union all select coalesce(hold_until, created_at + interval '1 hour') from delivery where state = 'held' and digest_id is null
             ) due where at > $1`,
            [world.clock.now()],
          ),
        )
        const next = Math.min(end, rows[0]?.at?.getTime() ?? end)
        if (next <= world.clock.now().getTime()) break
        world.clock.advance(next - world.clock.now().getTime())
      }
    },
    async bad(name, severity = 'high', more = {}) {
      const threat = ThreatSchema.parse({
        ...sample,
        siteId: site.id,
        id: newId('threat'),
        dedupeKey: name,
        title: name,
        severity,
        ...more,
      })
      threats.set(name, threat)
      await trace.change(async (change) => change.emit(threatDetected, { threat, site: about }))
      await remember()
    },
    async storm(count, severity = 'high') {
      const all = Array.from({ length: count }, (_, n) =>
        ThreatSchema.parse({
          ...sample,
          siteId: site.id,
          id: newId('threat'),
          dedupeKey: `storm ${n}`,
          title: `storm ${n}`,
          severity,
        }),
      )
      await trace.change(async (change) => {
        for (const threat of all) change.emit(threatDetected, { threat, site: about })
      })
      await remember()
    },
    async worse(name, severity) {
      const threat = { ...threatOf(name), severity }
      threats.set(name, threat)
      await trace.change(async (change) => change.emit(threatUpdated, { threat, site: about }))
      await remember()
    },
    async good(name) {
      await trace.change(async (change) => change.emit(threatResolved, { threat: threatOf(name), site: about }))
      await remember()
    },
    async alertOf(name) {
      const { rows } = await world.db.transaction({ orgId }, (sql) =>
        sql.query<{ id: AlertId }>('select id from alert where org_id = $1 and title = $2 order by triggered_at desc limit 1', [
          orgId,
          name,
        ]),
      )
      if (!rows[0]) throw new Error(`No alert of ${name}.`)
      return rows[0].id
    },
    async why(name) {
      const alertId = await trace.alertOf(name)
      const { data } = await world.journal.read(orgId, (sql) => listAlertDecisions(sql, { alertId, limit: 200 }))
      // Those of one moment have no order.
      return data.sort((a, b) => (`${a.at} ${lineOf(a)}` < `${b.at} ${lineOf(b)}` ? -1 : 1)).map(lineOf)
    },
  }
  return trace
}

const lineOf = ({ notice, verdict, reason, receiver }: AlertDecision): string =>
  `${notice} ${receiver.kind === 'none' ? 'everybody' : receiver.name}: ${verdict} ${reason}`

const sample = {
  scanId: null,
  rule: 'http.5xx',
  type: 'technical_error',
  subject: 'https://shop.example/cart',
  description: 'Seen twice.',
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
}
