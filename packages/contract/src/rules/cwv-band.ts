import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const cwvBand = defineRule('cwv.band', {
  type: 'cwv_degradation',
  title: 'Core Web Vital has left its band',
  doc: 'What three of four visits stay under is no longer good, or has become poor, by a margin, in two collections: two days of what your visitors measure, or two periods of the Chrome UX Report. Over when it is back below the threshold by the same margin, twice.',
  impact: 'Visitors wait longer or lose their place, more of them leave, and Google counts the page as a worse experience.',
  action: 'Look at what was released or embedded when the figure began to rise: images, scripts, fonts, the server.',
  config: z.strictObject({
    marginPercent: z
      .number()
      .min(0)
      .max(50)
      .default(5)
      .meta({ description: 'How far beyond a threshold counts as beyond it, in per cent.' }),
    minViews: z
      .number()
      .int()
      .min(20)
      .max(100_000)
      .default(100)
      .meta({ description: 'Page views that a day must have to count.' }),
  }),
})
