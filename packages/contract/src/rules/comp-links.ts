import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const compLinks = defineRule('comp.links', {
  type: 'competitor_surge',
  title: 'Competitor gains links',
  doc: 'In one week a competitor gained far more referring domains than in the eight weeks before, and twenty at least. When the others jumped with it, the provider has changed what it counts, and nothing follows. Over after two weeks.',
  impact: 'Links are what lifts pages: its positions may follow.',
  action: 'See who links to it and why: a study, a tool, a campaign. The same sites may have reason to link to you.',
  config: z.strictObject({
    minDomains: z.number().int().min(1).max(10000).default(20).meta({ description: 'New referring domains in the week.' }),
    minZ: z.number().min(1).max(10).default(3.5).meta({ description: 'How many times its usual variation.' }),
    openDays: z.number().int().min(1).max(90).default(14).meta({ description: 'Days after which it is over.' }),
  }),
})
