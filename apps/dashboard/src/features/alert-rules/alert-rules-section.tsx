import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type AlertRule, deleteAlertRule, updateAlertRule } from '@tocsin/contract/api/alert-rules'
import { useState } from 'react'
import { useAlertRules, useSites } from '../../live/lists.ts'
import { paths } from '../../paths.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded, Newest } from '../../ui/loaded.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toasts.tsx'
import { kindText, notifyText, ruleText } from './rule-words.ts'

/** What people are told of. */
export function AlertRulesSection() {
  const { may } = useSigned()
  const rules = useAlertRules()
  return (
    <Section
      title="Rules"
      aside={
        may('write') && (
          <Link to={paths.newAlertRule} className="button">
            <Icon name="plus" />
            <span>Add rule</span>
          </Link>
        )
      }
    >
      <p className="muted prose">
        A rule says what becomes an alert, and who is told. What it says is told once, together with what is like it, and again
        only when it is worse, over, or still open after long.
      </p>
      <Loaded query={rules} what="rules">
        {(page) =>
          page.data.length === 0 ? (
            <Empty title="Nobody is told of anything.">Add a rule: it shows beforehand what it would have said.</Empty>
          ) : (
            <>
              <ul className="rows card">
                {inOrder(page.data).map((rule) => (
                  <RuleRow key={rule.id} rule={rule} />
                ))}
              </ul>
              <Newest of={page} />
            </>
          )
        }
      </Loaded>
    </Section>
  )
}

/** One's own first; those that were there from the beginning after them. */
const inOrder = (rules: readonly AlertRule[]) =>
  rules.toSorted((a, b) => Number(a.preset !== null) - Number(b.preset !== null) || a.name.localeCompare(b.name))

function RuleRow({ rule }: { rule: AlertRule }) {
  const { client, may } = useSigned()
  const sites = useSites().data?.data ?? []
  const [asking, setAsking] = useState(false)
  const params = { alertRuleId: rule.id }
  const turn = useMutation({
    mutationFn: () => client.call(updateAlertRule, { params, body: { enabled: !rule.enabled } }),
    onSuccess: ({ enabled }) => toast(enabled ? 'It is on: it speaks of what happens from now on.' : 'It is off.'),
  })
  const remove = useMutation({
    mutationFn: () => client.call(deleteAlertRule, { params }),
    onSettled: () => setAsking(false),
  })
  return (
    <li className="row receiver" data-off={!rule.enabled}>
      <span className="receiver-what">
        <Link to={paths.alertRule} params={params} className="rule-name">
          {rule.name}
        </Link>
        <span>{ruleText(rule, (id) => sites.find((site) => site.id === id)?.name ?? id)}</span>
        <span className="muted">
          Tells {notifyText(rule.notify)}
          {rule.escalation &&
            `, then others in ${rule.escalation.steps.length === 1 ? 'a step' : `${rule.escalation.steps.length} steps`}`}
          {rule.enabled && rule.nextEvaluationAt && (
            <>
              ; judged <Time at={rule.nextEvaluationAt} />
            </>
          )}
        </span>
      </span>
      <span className="chip" data-tone="off">
        {kindText(rule)}
      </span>
      {rule.preset && (
        <span className="chip" data-tone="info" title="One of the rules that every organisation begins with.">
          Preset
        </span>
      )}
      {may('write') && (
        <span className="row-actions">
          <label className="inline-check">
            <input type="checkbox" checked={rule.enabled} disabled={turn.isPending} onChange={() => turn.mutate()} />
            <span>
              On<span className="visually-hidden">: {rule.name}</span>
            </span>
          </label>
          <Button look="quiet" icon="trash" onClick={() => setAsking(true)}>
            Delete<span className="visually-hidden"> {rule.name}</span>
          </Button>
        </span>
      )}
      {asking && (
        <Confirm
          title={`Delete “${rule.name}”?`}
          deed="Delete"
          busy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>
            What it found stays in the list{rule.condition ? ', and ends' : ''}; nobody is told of anything by it any more. To
            keep it for later, switch it off instead.
          </p>
        </Confirm>
      )}
    </li>
  )
}
