import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const cwvRumRegress = defineRule('cwv.rum_regress', {
  type: 'cwv_degradation',
  title: 'Pages have become slower for visitors',
  doc: 'What your visitors measured in the last 24 hours is clearly worse than in the 7 days before, on one kind of page and one kind of device, by more than chance and the usual ups and downs of days explain. Thin traffic is judged over 3 or 7 days. Over when the difference has gone for 24 hours.',
  impact: 'Visitors feel the difference now; Google sees it weeks later.',
  action: 'Look at what was released within the last day: images, scripts, tag manager, fonts, caching, the server.',
  config: z.strictObject({
    minZ: z.number().min(1.65).max(10).default(3.09).meta({
      description:
        'How sure: standard errors above the baseline, for one comparison. Among many it is raised so that all together are as sure.',
    }),
    minPercent: z
      .number()
      .min(1)
      .max(200)
      .default(10)
      .meta({ description: 'How much worse the 75th percentile must be, in per cent.' }),
    minMs: z.number().min(10).max(10_000).default(200).meta({ description: 'And by how many milliseconds (LCP, FCP, TTFB).' }),
    minInpMs: z.number().min(5).max(10_000).default(25).meta({ description: 'The same for INP.' }),
    minCls: z.number().min(0.005).max(1).default(0.02).meta({ description: 'The same for CLS, in its own units.' }),
    enoughViews: z
      .number()
      .int()
      .min(100)
      .max(100_000)
      .default(500)
      .meta({ description: 'Page views below which a longer time is judged.' }),
    minViews: z.number().int().min(30).max(100_000).default(100).meta({ description: 'Page views below which nothing is said.' }),
  }),
})
