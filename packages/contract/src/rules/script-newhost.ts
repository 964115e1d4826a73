import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const scriptNewhost = defineRule('script.newhost', {
  type: 'security_issue',
  title: 'Code comes from a new domain',
  doc: 'Scripts or frames come from a domain that the site did not use before, in two scans or more. Over when it is accepted, or used no more.',
  impact: 'Whoever owns that domain can change what your pages do and read what visitors type.',
  action: 'If you have added the service, accept it. If not, find out which page or plugin brings it and remove it.',
  config: z.strictObject({
    scansMin: z.number().int().min(1).max(10).default(2).meta({ description: 'Scans in which the domain must have been seen.' }),
  }),
})
