/** One more on the way down; the path of a part is only made when it is the one. */
interface Part {
  value: unknown
  name: string
  parent: Part | null
}

/**
 * Where in a value of JSON the first text is that Postgres does not store: with a NUL character, or with half of a surrogate pair. Null:
 * there is none. Goes through the value without recursion: a body may be as deep as it is long.
 */
export function firstUnstorableText(root: unknown): string | null {
  const parts: Part[] = [{ value: root, name: '', parent: null }]
  for (let part = parts.pop(); part; part = parts.pop()) {
    const { value } = part
    if (typeof value === 'string' && !isStorable(value)) return pathOf(part)
    if (typeof value !== 'object' || value === null) continue
    for (const [name, child] of Object.entries(value)) {
      if (!isStorable(name)) return pathOf(part)
      parts.push({ value: child, name, parent: part })
    }
  }
  return null
}

const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

function pathOf(part: Part): string {
  const names: string[] = []
  for (let at: Part | null = part; at?.parent; at = at.parent) names.push(at.name)
  return names.reverse().join('.')
}
