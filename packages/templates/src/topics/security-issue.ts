import { siteName, type Topic } from '../topic.ts'

export const securityIssue: Topic = {
  id: 'alert.security_issue',
  title: 'Security issue',
  doc: 'A script was injected, the site is on a blocklist, a library is vulnerable, protection was taken away.',
  tag: 'Security',
  found: (alert) => `Something about the security of ${siteName(alert)} has changed for the worse.`,
  worse: (alert) => `The security problem of ${siteName(alert)} has become worse.`,
  over: (alert) => `The security problem of ${siteName(alert)} is gone.`,
  hint: 'If nobody of yours made this change, treat it as a break-in: keep the logs, change the passwords, then repair.',
}
