import { siteName, type Topic } from '../topic.ts'

export const technicalError: Topic = {
  id: 'alert.technical_error',
  title: 'Technical error',
  doc: 'Pages fail, are gone, loop, or their certificate or domain is about to end.',
  tag: 'Error',
  found: (alert) => `Something on ${siteName(alert)} does not work.`,
  worse: (alert) => `What does not work on ${siteName(alert)} has become worse.`,
  over: (alert) => `It works again on ${siteName(alert)}; we looked twice.`,
  hint: 'We looked again on a new connection before we told you.',
}
