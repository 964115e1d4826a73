import { html } from './markup.ts'
import type { Draft } from './page.ts'

export const testDraft = (): Draft => ({
  template: 'test',
  subject: 'Test: Tocsin can reach you',
  title: 'Tocsin can reach you',
  intro: 'This is a test that somebody of your organisation asked for. Nothing is wrong.',
  body: { text: '', markup: html`` },
  path: '/',
  variables: {},
})
