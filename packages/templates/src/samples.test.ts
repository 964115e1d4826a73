import { describe, expect, test } from '@jest/globals'
import { TemplateId } from '@tocsin/contract/api/templates'
import { Notice, noticeMessageType } from '@tocsin/contract/notice'
import { describeTemplate } from './catalog.ts'
import { draftOf, renderMail } from './mail.ts'
import { samples } from './samples.ts'

const publicUrl = 'https://tocsin.example'

describe.each(TemplateId.options)('%s', (id) => {
  const { subject, text, html } = renderMail(samples[id], { publicUrl })

  test('is what its example makes, and is described', () => {
    expect(draftOf(samples[id]).template).toBe(id)
    expect(describeTemplate(id).doc).not.toBe('')
    const message = samples[id]
    if (message.type === noticeMessageType) expect(Notice.safeParse(message.data).success).toBe(true)
  })

  test('says as much in text as in HTML', () => {
    expect(subject).not.toMatch(/[\r\n]/)
    expect(subject.length).toBeLessThanOrEqual(200)
    // What a reader of the HTML sees, word by word.
    const seen = html
      .replace(/<style>[\s\S]*?<\/style>|<title>[\s\S]*?<\/title>/g, '')
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
    const words = seen.replaceAll('Open in Tocsin', ' ').match(/[\p{L}\p{N}]+/gu) ?? []
    expect(words.filter((word) => !text.includes(word))).toEqual([])
  })

  test('loads nothing from anywhere, and knows the dark', () => {
    expect(html).not.toMatch(/<img|<link|<script|src=|url\(|@import/i)
    expect(html).toContain('<meta name="color-scheme" content="light dark">')
    expect(html).toContain('prefers-color-scheme: dark')
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)
    for (const href of links) expect(href).toMatch(/^https:\/\/tocsin\.example\//)
  })

  test('carries the words of the org instead of ours', () => {
    const own = renderMail(samples[id], { publicUrl, override: () => ({ subject: 'Own subject', intro: 'Own <b>words</b>.' }) })
    expect(own.subject).toBe('Own subject')
    expect(own.text).toContain('Own <b>words</b>.')
    expect(own.html).toContain('Own &lt;b&gt;words&lt;/b&gt;.')
  })
})
