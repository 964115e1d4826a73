import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const compSurge = defineRule('comp.surge', {
  type: 'competitor_surge',
  title: 'Competitor is surging',
  doc: 'The visibility of a competitor (how often its positions are clicked, weighed by searches) grew by a quarter within a week, far more than usual for it and more than the others grew, on five keywords at least. An update that moves all moves nobody here. Over when its growth is usual again.',
  impact: 'A competitor takes visits on many of your keywords at once.',
  action: 'Look at which of its pages rose and what they have in common: new content, a new section, new links.',
  config: z.strictObject({
    minGrowth: z
      .number()
      .min(0.05)
      .max(5)
      .default(0.25)
      .meta({ description: 'Growth within a week, beyond that of the others.' }),
    minZ: z.number().min(1).max(10).default(3.5).meta({ description: 'How many times its usual variation.' }),
    resolveZ: z.number().min(0).max(5).default(2).meta({ description: 'Below this it is over.' }),
    minKeywords: z.number().int().min(1).max(1000).default(5).meta({ description: 'Keywords on which it rose.' }),
    minHistory: z
      .number()
      .int()
      .min(4)
      .max(56)
      .default(7)
      .meta({ description: 'Earlier weeks, one ending each day, that are compared with.' }),
    madFloor: z
      .number()
      .min(0.001)
      .max(1)
      .default(0.03)
      .meta({ description: 'Growth by which a week is taken to vary at least.' }),
  }),
})
