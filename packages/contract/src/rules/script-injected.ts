import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const scriptInjected = defineRule('script.injected', {
  type: 'security_issue',
  title: 'Suspicious script has appeared',
  doc: 'A script that was not there when the baseline was taken hides what it does, steals what is typed, mines, leads visitors away, or loads code from a host nobody knew; also when it was put into a file of the site itself. Seen on two visits. Over when it is gone twice, or accepted.',
  impact: 'Visitors may be robbed, redirected or infected; browsers and search engines then warn of the whole site.',
  action:
    'Find out who put the script there. If nobody did, remove it, change all passwords and look for the way it came in. If it is yours, accept it.',
  config: z.strictObject({
    weakMin: z
      .number()
      .int()
      .min(2)
      .max(5)
      .default(2)
      .meta({ description: 'Weak signals of different kinds that are enough in a new script. One strong signal always is.' }),
  }),
})
