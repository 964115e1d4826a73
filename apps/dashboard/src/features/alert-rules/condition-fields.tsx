import type { AlertCondition, AlertRuleKind } from '@tocsin/contract/api/alert-rules'
import { MetricName, metricSpec } from '@tocsin/contract/metric'
import { Switch } from '../../ui/choices.tsx'
import { SelectField } from '../../ui/field.tsx'
import { NumberField } from './number-field.tsx'
import { minutesText, opWords, unitWords } from './rule-words.ts'

interface ConditionProps {
  kind: AlertRuleKind
  condition: AlertCondition
  onChange: (condition: AlertCondition) => void
  errorOf: (name: string) => string | undefined
}

const ops = {
  threshold: ['above', 'below', 'equals', 'changes_by'],
  anomaly: ['changes_by'],
  performance: ['above', 'below', 'equals', 'changes_by'],
  milestone: ['above', 'below', 'equals'],
} satisfies Record<AlertRuleKind, readonly AlertCondition['op'][]>

const isUptime = (metric: MetricName) => metric.startsWith('uptime.')
const isOf = (kind: AlertRuleKind) => (metric: MetricName) =>
  kind !== 'performance' || metricSpec(metric).percentile || isUptime(metric)

/** When a rule over a metric trips. */
export function ConditionFields({ kind, condition, onChange, errorOf }: ConditionProps) {
  const spec = metricSpec(condition.metric)
  const set = (changed: Partial<AlertCondition>) => onChange({ ...condition, ...changed })
  const choices: readonly AlertCondition['op'][] = ops[kind]
  return (
    <>
      <SelectField
        label="Metric"
        value={condition.metric}
        hint={spec.doc}
        error={errorOf('condition.metric')}
        onChange={({ target }) => {
          const metric = MetricName.options.find((each) => each === target.value)
          if (metric) set({ metric, ...fitting(metric, condition) })
        }}
      >
        {MetricName.options.filter(isOf(kind)).map((metric) => (
          <option key={metric} value={metric}>
            {metricSpec(metric).title}
          </option>
        ))}
      </SelectField>
      <div className="field-pair">
        <SelectField
          label="When it"
          value={condition.op}
          error={errorOf('condition.op')}
          onChange={({ target }) => {
            const op = choices.find((each) => each === target.value)
            if (op) set({ op, ...(op === 'changes_by' && condition.value === null ? { value: 30 } : {}) })
          }}
        >
          {choices.map((op) => (
            <option key={op} value={op}>
              {opWords[op]}
            </option>
          ))}
        </SelectField>
        {condition.value !== null && (
          <NumberField
            label={valueLabel(condition)}
            value={condition.value}
            error={errorOf('condition.value')}
            onChange={(value) => set({ value })}
          />
        )}
        <WindowField condition={condition} set={set} error={errorOf('condition.windowMinutes')} />
        {spec.percentile && <PercentileField condition={condition} set={set} error={errorOf('condition.percentile')} />}
      </div>
      {condition.op === 'changes_by' && <ChangeFields condition={condition} set={set} />}
      <Switches kind={kind} condition={condition} set={set} />
    </>
  )
}

/** What another metric cannot have is left behind. */
const fitting = (metric: MetricName, { value, percentile }: AlertCondition): Partial<AlertCondition> => ({
  percentile: metricSpec(metric).percentile ? (percentile ?? 75) : null,
  ...(value === null && !isUptime(metric) ? { value: 0 } : {}),
})

function valueLabel({ metric, op, against }: AlertCondition): string {
  if (op === 'changes_by') return against === 'four_weeks' ? 'Robust standard deviations' : 'Percent'
  const unit = unitWords[metricSpec(metric).unit]
  return unit === '' ? 'Value' : `Value, in ${unit}`
}

interface PartProps {
  condition: AlertCondition
  set: (changed: Partial<AlertCondition>) => void
  error?: string | undefined
}

function Switches({ kind, condition, set }: PartProps & { kind: AlertRuleKind }) {
  return (
    <>
      {isUptime(condition.metric) && condition.op !== 'changes_by' && (
        <Switch
          label="The organisation's own threshold"
          checked={condition.value === null}
          onChange={(own) => set({ value: own ? null : 95 })}
        />
      )}
      {condition.windowMinutes % 1440 === 0 && (
        <Switch
          label="Judged once a day, at the organisation's hour"
          checked={condition.daily}
          onChange={(daily) => set({ daily })}
          hint="Over the window before it; one alert a day at most."
        />
      )}
      {kind === 'milestone' && (
        <Switch
          label="Told again when it is reached anew"
          checked={condition.again}
          onChange={(again) => set({ again })}
          hint="Without it, once for ever."
        />
      )}
    </>
  )
}

const windows = [15, 60, 360, 1440, 7 * 1440, 28 * 1440] as const

function WindowField({ condition, set, error }: PartProps) {
  const all = [...new Set([...windows, condition.windowMinutes])].toSorted((a, b) => a - b)
  return (
    <SelectField
      label="Measured over"
      value={condition.windowMinutes}
      error={error}
      onChange={({ target }) => {
        const windowMinutes = Number(target.value)
        set({ windowMinutes, daily: condition.daily && windowMinutes % 1440 === 0 })
      }}
    >
      {all.map((minutes) => (
        <option key={minutes} value={minutes}>
          {minutesText(minutes)}
        </option>
      ))}
    </SelectField>
  )
}

const percentiles = [50, 75, 90, 95, 99] as const

function PercentileField({ condition, set, error }: PartProps) {
  return (
    <SelectField
      label="Percentile"
      value={condition.percentile ?? 75}
      error={error}
      onChange={({ target }) => set({ percentile: percentiles.find((each) => String(each) === target.value) ?? null })}
    >
      {percentiles.map((percentile) => (
        <option key={percentile} value={percentile}>
          {percentile}th
        </option>
      ))}
    </SelectField>
  )
}

const directions = { both: 'Either way', up: 'Up', down: 'Down' } satisfies Record<AlertCondition['direction'], string>
const againsts = {
  window_before: 'The same time before',
  four_weeks: 'What is usual in four weeks',
} satisfies Record<AlertCondition['against'], string>

function ChangeFields({ condition, set }: PartProps) {
  return (
    <div className="field-pair">
      <SelectField
        label="Which way"
        value={condition.direction}
        onChange={({ target }) => set({ direction: keyOf(directions, target.value) ?? 'both' })}
      >
        {Object.entries(directions).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Compared with"
        value={condition.against}
        onChange={({ target }) => {
          const against = keyOf(againsts, target.value) ?? 'window_before'
          set({ against, value: against === 'four_weeks' ? 3 : 30 })
        }}
      >
        {Object.entries(againsts).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
    </div>
  )
}

/** The name as the object's own, where it is one. */
function keyOf<Names extends Record<string, string>>(names: Names, name: string): keyof Names | undefined {
  return Object.keys(names).find((each) => each === name)
}
