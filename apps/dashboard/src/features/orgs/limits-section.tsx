import { useQuery } from '@tanstack/react-query'
import { getOrg, type Org, updateOrg } from '@tocsin/contract/api/orgs'
import { useState } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Section } from '../../ui/screen.tsx'
import { toast } from '../../ui/toasts.tsx'
import { text, useForm } from '../../ui/use-form.ts'

const retryWords = {
  standard: 'Ten times over three days',
  short: 'Five times, the first of these',
} satisfies Record<Org['webhookRetries'], string>

const hourText = (hour: number) => `${String(hour).padStart(2, '0')}:00 UTC`

/** How much people are told, and how often a message is tried. */
export function LimitsSection() {
  const { client, org, may } = useSigned()
  const [changing, setChanging] = useState(false)
  const query = useQuery({
    queryKey: ['org' satisfies Refetched, org.id],
    queryFn: ({ signal }) => client.call(getOrg, { params: { orgId: org.id }, signal }),
  })
  return (
    <Section
      title="How much, and how often"
      aside={
        may('admin') &&
        query.data && (
          <Button icon="settings" onClick={() => setChanging(true)}>
            Change
          </Button>
        )
      }
    >
      <Loaded query={query} what="the limits">
        {(limits) => (
          <dl className="facts facts-short limits card">
            <dt>Alert messages</dt>
            <dd>
              {limits.dailyAlertLimit} a day, and {limits.dailyCriticalReserve} more that are critical. What is over it comes in
              an hourly digest.
            </dd>
            <dt>Webhooks are tried</dt>
            <dd>{retryWords[limits.webhookRetries]}</dd>
            <dt>Uptime</dt>
            <dd>
              Below {limits.uptimeThresholdPercent} % is told once a day, at {hourText(limits.dailyHour)}
            </dd>
          </dl>
        )}
      </Loaded>
      {changing && query.data && (
        <Dialog title="How much, and how often" onClose={() => setChanging(false)}>
          <LimitsForm
            limits={query.data}
            onDone={() => {
              setChanging(false)
              toast('Saved.')
            }}
          />
        </Dialog>
      )}
    </Section>
  )
}

function LimitsForm({ limits, onDone }: { limits: Org; onDone: () => void }) {
  const { client } = useSigned()
  const { form, errorOf, busy, problem } = useForm({
    endpoint: updateOrg,
    read: (data) => ({
      dailyAlertLimit: numberOf(data, 'dailyAlertLimit'),
      dailyCriticalReserve: numberOf(data, 'dailyCriticalReserve'),
      webhookRetries: text(data, 'webhookRetries'),
      uptimeThresholdPercent: numberOf(data, 'uptimeThresholdPercent'),
      dailyHour: numberOf(data, 'dailyHour'),
    }),
    submit: (body) => client.call(updateOrg, { params: { orgId: limits.id }, body }),
    done: onDone,
  })
  const numberField = (
    name: 'dailyAlertLimit' | 'dailyCriticalReserve' | 'uptimeThresholdPercent',
    label: string,
    hint: string,
  ) => <TextField label={label} name={name} inputMode="decimal" defaultValue={limits[name]} hint={hint} error={errorOf(name)} />
  return (
    <form {...form}>
      {numberField(
        'dailyAlertLimit',
        'Alert messages a day',
        'A message to many receivers is one. What is over it comes in an hourly digest.',
      )}
      {numberField('dailyCriticalReserve', 'More that are critical', 'Sent one by one when the others are used up.')}
      <SelectField
        label="A webhook is tried"
        name="webhookRetries"
        defaultValue={limits.webhookRetries}
        error={errorOf('webhookRetries')}
      >
        {Object.entries(retryWords).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      {numberField(
        'uptimeThresholdPercent',
        'Uptime threshold, in percent',
        'Sites and components below it are told of once a day.',
      )}
      <SelectField label="Told at" name="dailyHour" defaultValue={limits.dailyHour} error={errorOf('dailyHour')}>
        {Array.from({ length: 24 }, (_, hour) => (
          <option key={hourText(hour)} value={hour}>
            {hourText(hour)}
          </option>
        ))}
      </SelectField>
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Save
      </Button>
    </form>
  )
}

/** What was emptied is none, which the schema then says; what is no number stays one that is not. */
function numberOf(data: FormData, name: string): number | null {
  const written = text(data, name)
  return written === undefined ? null : Number(written.replace(',', '.'))
}
