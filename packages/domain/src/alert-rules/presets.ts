import { AlertRuleInput } from '@tocsin/contract/api/alert-rules'

const uptime = (metric: 'uptime.site' | 'uptime.component') => ({
  metric,
  op: 'below',
  // Null: the org's own threshold.
  value: null,
  windowMinutes: 1440,
  daily: true,
})

/** What every org begins with. Migration 0031 gives the same to those that were there before. */
export const presets: readonly { preset: string; rule: AlertRuleInput }[] = [
  {
    preset: 'threats',
    rule: AlertRuleInput.parse({
      name: 'Critical and high threats',
      description: 'Whatever is found on a site and is critical or high.',
      filter: { sources: ['threat.*'], severities: ['critical', 'high'] },
    }),
  },
  {
    preset: 'outages',
    rule: AlertRuleInput.parse({
      name: 'Outages',
      description: 'A monitor that is down, a component with a partial or major outage.',
      filter: { sources: ['monitor.*', 'component.*'], severities: ['critical', 'high'] },
      groupBy: ['rule'],
    }),
  },
  {
    preset: 'incidents',
    rule: AlertRuleInput.parse({
      name: 'Incidents',
      description: 'Every incident, whoever opened it.',
      filter: { sources: ['incident.*'] },
      groupBy: ['rule', 'subject'],
    }),
  },
  {
    preset: 'site_uptime',
    rule: AlertRuleInput.parse({
      name: 'Daily uptime of sites',
      description: "Once a day, sites whose uptime of the last day is below the organisation's threshold.",
      kind: 'performance',
      condition: uptime('uptime.site'),
      groupBy: ['rule'],
      repeatMinutes: 0,
    }),
  },
  {
    preset: 'component_uptime',
    rule: AlertRuleInput.parse({
      name: 'Daily uptime of components',
      description: "Once a day, components whose uptime of the last day is below the organisation's threshold.",
      kind: 'performance',
      condition: uptime('uptime.component'),
      groupBy: ['rule'],
      repeatMinutes: 0,
    }),
  },
]
