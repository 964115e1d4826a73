import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const malBlocklisted = defineRule('mal.blocklisted', {
  type: 'security_issue',
  title: 'On a blocklist',
  doc: 'Google Safe Browsing or Web Risk lists the site, a host it loads code from, or one it links to, as dangerous. Over when two answers after the first has expired do not name it any more, or the site has nothing to do with it any more.',
  impact: 'Browsers show a red warning in place of the page; hardly anybody goes on, and search engines warn as well.',
  action:
    'Remove what is dangerous: from your pages, or the code from, or the link to the host that is listed. Then ask for a review in Search Console.',
  config: z.strictObject({
    cleansMin: z.number().int().min(1).max(3).default(2).meta({ description: 'Clean answers in a row after which it is over.' }),
  }),
})
