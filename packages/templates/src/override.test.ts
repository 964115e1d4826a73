import { describe, expect, test } from '@jest/globals'
import { applyOverride, templateFault } from './override.ts'

const draft = { subject: 'Ours', intro: 'Our intro.', variables: { title: 'The cart answers 500', severity: 'high', count: 1 } }

describe("an org's own words", () => {
  test('speak of the alert', () => {
    const own = {
      subject: '[{{ severity | upcase }}] {{ title }}',
      intro: '{% if count == 1 %}One thing{% else %}Many{% endif %} to do.',
    }
    expect(applyOverride(own, draft)).toEqual({ subject: '[HIGH] The cart answers 500', intro: 'One thing to do.' })
  })

  test('what they leave out stays ours', () => {
    expect(applyOverride({ subject: null, intro: 'Look at this.' }, draft)).toEqual({ subject: 'Ours', intro: 'Look at this.' })
  })

  test.each([
    ['is no Liquid', '{% if %}'],
    ['names what there is not', '{{ password }}'],
    ['calls a filter there is not', '{{ title | exec }}'],
    ['includes a file', '{% include "/etc/passwd" %}'],
    ['renders a file', '{% render "../../secrets" %}'],
    ['loops for ever', '{% for i in (1..100000000) %}{% for j in (1..100000000) %}x{% endfor %}{% endfor %}'],
    [
      'loops in itself',
      '{% for i in (1..5000) %}{% for j in (1..5000) %}{% for k in (1..5000) %}x{% endfor %}{% endfor %}{% endfor %}',
    ],
    ['grows', '{% assign s = "xxxxxxxxxx" %}{% for i in (1..40) %}{% assign s = s | append: s %}{% endfor %}{{ s }}'],
    ['is long', `{{ title }}${'x'.repeat(20_000)}`],
    ['reaches for a prototype', '{{ title.constructor.constructor }}'],
  ])('one that %s is refused in words, and ours is sent', (_why, source) => {
    expect(templateFault(source, draft.variables)).toEqual(expect.any(String))
    expect(applyOverride({ subject: source, intro: source }, draft)).toEqual({ subject: 'Ours', intro: 'Our intro.' })
  })

  test('are cut to a length that a mail can bear', () => {
    const { subject } = applyOverride({ subject: '{% for i in (1..300) %}long {% endfor %}', intro: null }, draft)
    expect(subject.length).toBeLessThanOrEqual(200)
  })
})
