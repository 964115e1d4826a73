/** A piece of HTML in which everything that came from outside is escaped. */
export interface Markup {
  readonly html: string
}

/** ``html`<p>${text}</p>` `` : strings are escaped, other pieces are taken as they are. */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | Markup | readonly Markup[])[]
): Markup {
  const parts = values.map((value) => {
    if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value))
    return 'html' in value ? value.html : value.map((piece) => piece.html).join('')
  })
  return { html: strings.map((text, index) => text + (parts[index] ?? '')).join('') }
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')

/** For a subject: one line, no control characters, not endless. */
export function oneLine(text: string, lengthMax = 200): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return line.length > lengthMax ? `${line.slice(0, lengthMax - 1)}…` : line
}

/** For text that is one line of a mail, so that a title cannot pretend to be a paragraph of ours. */
export const inLine = (text: string): string => oneLine(text, 2_000)
