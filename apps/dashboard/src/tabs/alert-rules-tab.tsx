import { useParams } from '@tanstack/react-router'
import { AlertRuleId } from '@tocsin/contract/ids'
import { AlertRuleEditor } from '../features/alert-rules/alert-rule-editor.tsx'
import { AlertRulesSection } from '../features/alert-rules/alert-rules-section.tsx'

export function AlertRulesTab() {
  return <AlertRulesSection />
}

export function NewAlertRuleTab() {
  return <AlertRuleEditor alertRuleId={null} />
}

export function AlertRuleTab() {
  const alertRuleId = AlertRuleId.parse(useParams({ strict: false }).alertRuleId)
  return <AlertRuleEditor key={alertRuleId} alertRuleId={alertRuleId} />
}
