import { expect, test } from '@jest/globals'
import { wantsText } from './subscriber-words.ts'

test.each([
  { componentIds: null, minimumImpact: 'none', text: 'All components, every incident' },
  { componentIds: ['cpt_000000000000000000000000'], minimumImpact: 'critical', text: '1 component, critical incidents only' },
] as const)('$text', ({ componentIds, minimumImpact, text }) => {
  expect(wantsText({ componentIds: componentIds && [...componentIds], minimumImpact })).toBe(text)
})
