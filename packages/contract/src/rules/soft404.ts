import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const soft404 = defineRule('soft404', {
  type: 'technical_error',
  title: 'Error page answers 200',
  doc: 'Pages answer 200 although what they show is an error page: at least two signs, one of them strong (a title or heading that says so, the marks of an error template, the same text as an address that does not exist). Over when the signs are gone or the pages answer 404.',
  impact: 'Search engines index error pages or waste their visits on them, and visitors meet dead ends that no statistics show.',
  action: 'Let pages that do not exist answer 404 or 410, and bring back those that should.',
  config: z.strictObject({
    signalsMin: z
      .number()
      .int()
      .min(2)
      .max(5)
      .default(2)
      .meta({ description: 'Signs that must come together, one of them strong.' }),
    similarityMin: z
      .number()
      .min(0.5)
      .max(1)
      .default(0.9)
      .meta({ description: 'From this likeness (0–1) to the page for an address that does not exist, the two are the same.' }),
    wordsMin: z
      .number()
      .int()
      .min(1)
      .max(500)
      .default(50)
      .meta({ description: 'A page with fewer words is nearly empty, a weak sign.' }),
  }),
})
