import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { AlertRuleInput } from '@tocsin/contract/api/alert-rules'
import { presets } from './presets.ts'

test('orgs of before have what new ones begin with', () => {
  const path = new URL('../../../db/migrations/0031_alert_rules.sql', import.meta.url)
  const [, json] = readFileSync(path, 'utf8').split('$presets$')
  const rows = (JSON.parse(json ?? '') as Record<string, unknown>[]).map(({ preset, config, ...rule }) => ({
    preset,
    rule: AlertRuleInput.parse({ ...rule, ...(config as object) }),
  }))
  expect(rows).toEqual(presets)
})
