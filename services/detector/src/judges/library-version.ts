/** A version as its numbers and words: 1.9.0b1 is 1, 9, 0, b, 1. */
export type VersionParts = readonly (number | string)[]

/** How versions are written in addresses and banners. */
export const versionPattern = String.raw`\d{1,4}(?:\.\d{1,6}){0,3}(?:[-._]?(?:alpha|beta|rc|pre|canary|next|dev|a|b)[-._]?\d{0,4}(?:\.\d{1,4})?|r\d{1,2}|-aem|[-+]\d{1,4})?`

/** `r` counts what came after a release: 2.8.0r4 is newer than 2.8.0. All other words come before one. */
export const partsOf = (version: string): VersionParts =>
  (version.toLowerCase().match(/\d+|[a-z]+/g) ?? [])
    .filter((part) => part !== 'r')
    .map((part) => (/\d/.test(part) ? Number(part) : part))

/** Negative when `a` is older. A word is older than a number, and than nothing: 1.0.0-rc.1 comes before 1.0.0. */
export function compareVersions(a: VersionParts, b: VersionParts): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [left, right] = [a[index] ?? 0, b[index] ?? 0]
    if (left === right) continue
    if (typeof left === 'number' && typeof right === 'number') return left - right
    if (typeof left === 'number') return 1
    if (typeof right === 'number') return -1
    return left < right ? -1 : 1
  }
  return 0
}

const unsaid = 9_999

/** What `1.9` may be: from its first release to its last. A version with three numbers, or a word, is one. */
export function spanOf(version: string): { lowest: VersionParts; highest: VersionParts } {
  const parts = partsOf(version)
  const isWhole = parts.length >= 3 || parts.some((part) => typeof part === 'string')
  return { lowest: parts, highest: isWhole ? parts : [...parts, ...Array<number>(3 - parts.length).fill(unsaid)] }
}
