import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const cwvLab = defineRule('cwv.lab', {
  type: 'cwv_degradation',
  title: 'Page loads slower in our browser',
  doc: 'The median of five runs of Lighthouse, under the same conditions every day, is clearly worse than in the days before. Needs a detector with a Chromium and Lighthouse. Blocking time stands in for INP, which needs visitors. Over when the next day is no longer worse.',
  impact: 'Visitors on slow devices and networks are likely to see the same.',
  action:
    'Compare what the page loads now with what it loaded before: size of scripts and images, number of requests, the answer time of the server.',
  config: z.strictObject({
    minPercent: z.number().min(5).max(200).default(15).meta({ description: 'How much worse the median must be, in per cent.' }),
    maxP: z
      .number()
      .min(0.0001)
      .max(0.05)
      .default(0.01)
      .meta({ description: 'How likely the difference may be by chance (Mann–Whitney).' }),
  }),
})
