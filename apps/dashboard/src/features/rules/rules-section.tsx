import { useQuery } from '@tanstack/react-query'
import { listRuleSettings, listRules, type Rule, type RuleSetting } from '@tocsin/contract/api/rules'
import type { SiteId } from '@tocsin/contract/ids'
import { ThreatType } from '@tocsin/contract/rule'
import { useState } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { RuleForm } from './rule-form.tsx'
import { boundsText, type Threshold, thresholdsOf, thresholdText } from './thresholds.ts'

const typeTitles = {
  ranking_drop: 'Rankings',
  cwv_degradation: 'Web vitals',
  technical_error: 'Technical errors',
  competitor_surge: 'Competitors',
  security_issue: 'Security',
  indexation_problem: 'Indexation',
} satisfies Record<Rule['type'], string>

/** Every rule the site is judged by: what trips it, what it means, and where its limits are. */
export function RulesSection({ siteId }: { siteId: SiteId }) {
  const { client, org } = useSigned()
  const [search, setSearch] = useState('')
  const rules = useQuery({ queryKey: ['rules'], queryFn: ({ signal }) => client.call(listRules, { signal }) })
  const settings = useQuery({
    queryKey: ['ruleSettings' satisfies Refetched, org.id, siteId],
    queryFn: ({ signal }) => client.call(listRuleSettings, { params: { siteId }, signal }),
  })
  return (
    <Section
      title="Rules"
      aside={
        <input
          className="inline-search"
          aria-label="Find a rule"
          type="search"
          placeholder="Find a rule"
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
      }
    >
      <p className="muted prose">
        Each rule says what it looks for and when it is over. Its thresholds hold for this site; what is open is judged by them
        again at the next check.
      </p>
      <Loaded query={rules} what="rules">
        {({ data }) => (
          <Loaded query={settings} what="the thresholds of the site">
            {(own) => <Groups siteId={siteId} rules={data.filter((rule) => isFound(rule, search))} settings={own.data} />}
          </Loaded>
        )}
      </Loaded>
    </Section>
  )
}

const isFound = ({ id, title, doc }: Rule, search: string) =>
  `${id} ${title} ${doc}`.toLowerCase().includes(search.trim().toLowerCase())

function Groups(props: { siteId: SiteId; rules: readonly Rule[]; settings: readonly RuleSetting[] }) {
  if (props.rules.length === 0)
    return <Empty title="No rule is called so.">Try a shorter word, such as "robots" or "redirect".</Empty>
  return ThreatType.options.map((type) => {
    const ofType = props.rules.filter((rule) => rule.type === type)
    if (ofType.length === 0) return null
    return (
      <div key={type} className="threat-group">
        <h3>
          {typeTitles[type]} <span className="tally">{ofType.length}</span>
        </h3>
        <ul className="rows card">
          {ofType.map((rule) => (
            <RuleRow
              key={rule.id}
              siteId={props.siteId}
              rule={rule}
              setting={props.settings.find((setting) => setting.rule === rule.id)}
            />
          ))}
        </ul>
      </div>
    )
  })
}

function RuleRow({ siteId, rule, setting }: { siteId: SiteId; rule: Rule; setting: RuleSetting | undefined }) {
  const { may } = useSigned()
  const [editing, setEditing] = useState(false)
  const config = setting?.config ?? rule.defaults
  const changed = setting?.changed ?? []
  const thresholds = thresholdsOf(rule.configSchema)
  return (
    <li className="rule">
      <details>
        <summary>
          <span className="rule-title">
            <strong>{rule.title}</strong> <code className="muted">{rule.id}</code>
          </span>
          {changed.length > 0 && (
            <span className="chip" data-tone="info">
              {changed.length === 1 ? '1 changed' : `${changed.length} changed`}
            </span>
          )}
        </summary>
        <dl className="facts">
          <dt>When it trips, and when it is over</dt>
          <dd>{rule.doc}</dd>
          <dt>What it costs</dt>
          <dd>{rule.impact}</dd>
          <dt>What to do</dt>
          <dd>{rule.action}</dd>
        </dl>
        {thresholds.length === 0 ? (
          <p className="muted">It has no thresholds: it is so or it is not.</p>
        ) : (
          <Thresholds title={rule.title} thresholds={thresholds} config={config} changed={changed} />
        )}
        {thresholds.length > 0 && may('write') && (
          <Button icon="settings" onClick={() => setEditing(true)}>
            Change thresholds<span className="visually-hidden"> of {rule.title}</span>
          </Button>
        )}
      </details>
      {editing && (
        <Dialog title={rule.title} onClose={() => setEditing(false)}>
          <RuleForm siteId={siteId} rule={rule} config={config} onDone={() => setEditing(false)} />
        </Dialog>
      )}
    </li>
  )
}

function Thresholds(props: {
  title: string
  thresholds: readonly Threshold[]
  config: Record<string, unknown>
  changed: readonly string[]
}) {
  return (
    <table className="table rule-thresholds">
      <caption className="visually-hidden">Thresholds of {props.title}</caption>
      <thead>
        <tr>
          <th scope="col">Threshold</th>
          <th scope="col" className="number">
            Here
          </th>
          <th scope="col" className="number">
            Default
          </th>
        </tr>
      </thead>
      <tbody>
        {props.thresholds.map((threshold) => (
          <tr key={threshold.name} data-changed={props.changed.includes(threshold.name)}>
            <th scope="row">{threshold.doc || threshold.label}</th>
            <td className="number">{thresholdText(props.config[threshold.name]) || '–'}</td>
            <td className="number muted" title={boundsText(threshold)}>
              {thresholdText(threshold.usual) || '–'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
