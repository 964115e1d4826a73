import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { AlertRuleInput, previewAlertRule } from '@tocsin/contract/api/alert-rules'
import { useEffect, useState } from 'react'
import type { z } from 'zod'
import { useSigned } from '../../session.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { SeverityMark } from '../../ui/severity.tsx'
import { Time } from '../../ui/time.tsx'
import { questionOf } from './rule-draft.ts'

type Preview = z.output<typeof previewAlertRule.answer>

/** A month is replayed for it: not while somebody is still typing. */
const settleMs = 700

/** What the rule as it is drafted would have done over the last month. */
export function RulePreview({ draft }: { draft: AlertRuleInput }) {
  const { client, org } = useSigned()
  const question = useSettled(JSON.stringify(questionOf(draft)))
  const parsed = AlertRuleInput.safeParse(JSON.parse(question))
  const preview = useQuery({
    queryKey: ['rulePreview', org.id, question],
    queryFn: ({ signal }) => client.call(previewAlertRule, { body: AlertRuleInput.parse(JSON.parse(question)), signal }),
    enabled: parsed.success,
    placeholderData: keepPreviousData,
    retry: false,
  })
  return (
    <section className="rule-preview card" aria-label="What it would have done" aria-live="polite" aria-busy={preview.isFetching}>
      <h3>
        What it would have done{' '}
        {preview.isFetching && <span className="spinner" role="status" aria-label="The last month is replayed" />}
      </h3>
      {parsed.success ? (
        <Loaded query={preview} what="the preview">
          {(seen) => <Seen preview={seen} />}
        </Loaded>
      ) : (
        <p className="muted">As soon as the rule can be asked, this shows what it would have said.</p>
      )}
    </section>
  )
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`
/** As many as one reads beside a form. */
const shownMax = 8

function Seen({ preview }: { preview: Preview }) {
  const { from, triggered, messages, stillOpen, cut, alerts } = preview
  const held = preview.days.reduce((sum, day) => sum + day.held, 0)
  return (
    <>
      <p className="preview-sum">
        <b>{count(messages, 'message')}</b> about <b>{count(triggered, 'alert')}</b>
      </p>
      <p className="muted">
        Since <Time at={from} />
        {stillOpen > 0 && `; ${stillOpen} still open`}. {replayed(preview)}
        {cut && ' There was more than can be replayed: these are the newest.'}
      </p>
      {messages > 0 && <Days preview={preview} />}
      {held > 0 && (
        <p className="notice">
          <Icon name="high" />
          <span>
            {count(held, 'message')} would have been over the daily limit and come in hourly digests. A narrower rule disturbs
            less.
          </span>
        </p>
      )}
      {triggered === 0 && <p className="muted">It would have said nothing. Either all was well, or the rule asks too much.</p>}
      <ul className="preview-alerts">
        {alerts.slice(0, shownMax).map((alert) => (
          <li key={`${alert.subject} ${alert.triggeredAt}`}>
            <SeverityMark severity={alert.severity} />
            <span>
              {alert.title}{' '}
              <span className="muted">
                <Time at={alert.triggeredAt} />
                {alert.resolvedAt === null && ', still open'}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {triggered > shownMax && <p className="muted">And {triggered - shownMax} more.</p>}
    </>
  )
}

const replayed = ({ events, windows }: Preview): string =>
  windows > 0 ? `${count(windows, 'window')} measured.` : `${count(events, 'event')} replayed.`

const dayMs = 86_400_000
const dayText = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** A bar for each day; what is over the limit stands on top of it. */
function Days({ preview: { from, to, days } }: { preview: Preview }) {
  const first = Math.floor(Date.parse(from) / dayMs)
  const all = Array.from({ length: Math.floor(Date.parse(to) / dayMs) - first + 1 }, (_, index) => {
    const day = new Date((first + index) * dayMs).toISOString().slice(0, 10)
    return days.find((each) => each.day === day) ?? { day, messages: 0, withinLimit: 0, held: 0 }
  })
  const most = Math.max(1, ...all.map(({ messages }) => messages))
  const busiest = days.toSorted((a, b) => b.messages - a.messages)[0]
  return (
    <figure className="preview-days">
      <div className="preview-bars" aria-hidden="true">
        {all.map(({ day, messages, withinLimit, held }) => (
          <span
            key={day}
            title={`${dayText.format(new Date(day))}: ${count(messages, 'message')}${held > 0 ? `, ${held} held` : ''}`}
          >
            <i data-part="held" style={{ height: `${(held / most) * 100}%` }} />
            <i style={{ height: `${(withinLimit / most) * 100}%` }} />
          </span>
        ))}
      </div>
      <figcaption className="muted">
        By day{busiest && `; most on ${dayText.format(new Date(busiest.day))}: ${busiest.messages}`}
      </figcaption>
    </figure>
  )
}
