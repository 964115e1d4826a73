import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const libVuln = defineRule('lib.vuln', {
  type: 'security_issue',
  title: 'Script library with known weaknesses',
  doc: 'A page loads a version of a library for which weaknesses are published. It is known by its address, or by what the file says of itself. Only where the version is certain. Over when it is no longer loaded.',
  impact: 'Attackers know how to use the weakness against your visitors.',
  action: 'Update the library to a version that is not affected.',
  config: z.strictObject({}),
})
