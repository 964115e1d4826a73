import type { SilenceMatcher } from '@tocsin/contract/api/silences'

/** What a silence may be about. */
export interface Mutable {
  readonly ruleId: string | null
  readonly site: { readonly id: string } | null
  readonly subject: string
  readonly severity: string
  readonly labels: Readonly<Record<string, string>>
  readonly tags: readonly string[]
}

/** All matchers must match, each by any of its values. */
export const matches = (matchers: readonly SilenceMatcher[], alert: Mutable): boolean =>
  matchers.every(({ label, values }) => namesOf(label, alert).some((name) => values.includes(name)))

function namesOf(label: SilenceMatcher['label'], alert: Mutable): readonly string[] {
  switch (label) {
    case 'site':
      return alert.site ? [alert.site.id] : []
    case 'severity':
      // What it is now: an alert becomes worse while its labels stay.
      return [alert.severity]
    case 'subject':
      return [alert.subject]
    case 'tag':
      return alert.tags
    case 'rule':
      return [alert.labels['detection'], alert.ruleId].filter((name) => typeof name === 'string')
    case 'type':
      return [alert.labels['type']].filter((name) => name !== undefined)
    default:
      return label satisfies never
  }
}
