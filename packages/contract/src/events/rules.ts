import { z } from 'zod'
import { RuleSetting } from '../api/rules.ts'
import { defineEvent } from '../event.ts'

export const ruleConfigured = defineEvent('rule.configured', {
  doc: 'The thresholds of a rule were changed for a site.',
  data: z.object({ setting: RuleSetting }),
})
