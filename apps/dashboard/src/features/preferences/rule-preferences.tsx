import { useMutation } from '@tanstack/react-query'
import { type PreferenceSettings, type Preferences, setRulePreferences } from '@tocsin/contract/api/preferences'
import type { AlertRuleId } from '@tocsin/contract/ids'
import { useState } from 'react'
import { useAlertRules } from '../../live/lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Section } from '../../ui/screen.tsx'
import { LevelForm } from './level-form.tsx'
import { settingsText, wantedOf } from './preference-words.ts'

interface OneRule {
  alertRuleId: AlertRuleId
  name: string
  settings: PreferenceSettings
}

/** One's own word about single rules, which wins over the word about all. */
export function RulePreferences({ preferences, onSaved }: { preferences: Preferences; onSaved: () => void }) {
  const { client } = useSigned()
  const rules = useAlertRules().data?.data ?? []
  const [editing, setEditing] = useState<OneRule | null>(null)
  const others = rules.filter(({ id }) => !preferences.rules.some(({ alertRuleId }) => alertRuleId === id))
  return (
    <Section title="For single rules">
      <p className="muted prose">Where you say something about one rule, it wins over what you say about all of them.</p>
      {preferences.rules.length > 0 && (
        <ul className="rows card">
          {preferences.rules.map((rule) => (
            <RuleRow key={rule.alertRuleId} rule={rule} onEdit={() => setEditing(rule)} onSaved={onSaved} />
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <select
          className="inline-choice"
          aria-label="Say something about a rule"
          value=""
          onChange={({ target }) => {
            const rule = others.find(({ id }) => id === target.value)
            if (rule) setEditing({ alertRuleId: rule.id, name: rule.name, settings: {} })
          }}
        >
          <option value="">Say something about a rule…</option>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
      {editing && (
        <Dialog title={editing.name} onClose={() => setEditing(null)}>
          <LevelForm
            settings={editing.settings}
            behind={wantedOf(preferences.effective)}
            behindName="with every rule"
            submit={(body) => client.call(setRulePreferences, { params: { alertRuleId: editing.alertRuleId }, body })}
            done={() => {
              setEditing(null)
              onSaved()
            }}
          />
        </Dialog>
      )}
    </Section>
  )
}

function RuleRow({ rule, onEdit, onSaved }: { rule: OneRule; onEdit: () => void; onSaved: () => void }) {
  const { client } = useSigned()
  const forget = useMutation({
    mutationFn: () => client.call(setRulePreferences, { params: { alertRuleId: rule.alertRuleId }, body: {} }),
    onSuccess: onSaved,
  })
  return (
    <li className="row receiver">
      <span className="receiver-what">
        <strong>{rule.name}</strong>
        <span className="muted">{settingsText(rule.settings)}</span>
      </span>
      <span className="row-actions">
        <Button look="quiet" icon="settings" onClick={onEdit}>
          Change<span className="visually-hidden"> for {rule.name}</span>
        </Button>
        <Button look="quiet" icon="trash" busy={forget.isPending} onClick={() => forget.mutate()}>
          As with every rule<span className="visually-hidden">: {rule.name}</span>
        </Button>
      </span>
    </li>
  )
}
