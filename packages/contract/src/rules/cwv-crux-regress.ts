import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const cwvCruxRegress = defineRule('cwv.crux_regress', {
  type: 'cwv_degradation',
  title: 'Chrome users see a slower site',
  doc: 'In the Chrome UX Report fewer visits are good and the 75th percentile is worse than in the last period that has no day in common with this one. Over when half of the loss is made up for.',
  impact: 'Google uses these very figures; a page that gets worse loses an advantage over pages of equal relevance.',
  action: 'Compare what your visitors measured over the same weeks, and look at the releases of that time.',
  config: z.strictObject({
    goodSharePoints: z.number().min(1).max(50).default(5).meta({ description: 'Percentage points of good visits lost.' }),
    p75Percent: z
      .number()
      .min(1)
      .max(200)
      .default(10)
      .meta({ description: 'How much worse the 75th percentile is, in per cent.' }),
    clsPoints: z.number().min(0.005).max(1).default(0.03).meta({ description: 'The same for layout shift, in its own units.' }),
  }),
})
