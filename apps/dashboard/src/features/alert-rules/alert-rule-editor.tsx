import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { getAlertRule } from '@tocsin/contract/api/alert-rules'
import type { AlertRuleId } from '@tocsin/contract/ids'
import { paths } from '../../paths.ts'
import { useSigned } from '../../session.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Section } from '../../ui/screen.tsx'
import { RuleForm } from './rule-form.tsx'

/** Null: a new one. */
export function AlertRuleEditor({ alertRuleId }: { alertRuleId: AlertRuleId | null }) {
  return (
    <Section title={alertRuleId ? 'Change the rule' : 'A new rule'} aside={<ToAll />}>
      {alertRuleId ? <Kept alertRuleId={alertRuleId} /> : <RuleForm rule={null} />}
    </Section>
  )
}

function ToAll() {
  return (
    <Link to={paths.alertRules} className="button" data-look="quiet">
      <Icon name="left" />
      <span>All rules</span>
    </Link>
  )
}

/** Asked for anew whenever the form is opened: it must begin with what holds. */
function Kept({ alertRuleId }: { alertRuleId: AlertRuleId }) {
  const { client, org } = useSigned()
  const rule = useQuery({
    queryKey: ['alertRule', org.id, alertRuleId],
    queryFn: ({ signal }) => client.call(getAlertRule, { params: { alertRuleId }, signal }),
    staleTime: 0,
    gcTime: 0,
  })
  return (
    <Loaded query={rule} what="the rule">
      {(kept) => <RuleForm rule={kept} />}
    </Loaded>
  )
}
