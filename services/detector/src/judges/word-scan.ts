/** How much of a word is looked for; no word may be shorter. */
export const beginningLength = 4

/** Every character takes one byte in UTF-8: the runtime counts them faster than they can be looked at. */
export const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length

/** Texts are read from here, one at a time: bytes are read several times faster than a text's characters. */
const bytes = Buffer.alloc(96 * 1024)

/** Five bits of a letter or digit; upper and lower case have the same. */
const bits = (text: string, at: number): number => text.charCodeAt(at) & 31
const beginningKey = (a: number, b: number, c: number, d: number): number =>
  (((a << 11) ^ (b << 7) ^ (c << 4) ^ d) & 0xffff) >>> 0

/**
 * May one of these words begin in a text in ASCII, in upper or lower case? No is certain, yes is to be looked at again. Wu and Manber: two
 * letters tell how far away from any beginning they stand, so that most letters are not looked at.
 */
export function createWordScan(words: readonly string[]): (text: string) => boolean {
  const farthest = beginningLength - 1
  const steps = new Uint8Array(1024).fill(farthest)
  const beginnings = new Uint8Array(0x10000)
  for (const word of words) {
    if (word.length < beginningLength) throw new Error(`The word ${word} is too short to be looked for.`)
    for (let n = 1; n < beginningLength; n += 1) {
      const pair = (bits(word, n - 1) << 5) | bits(word, n)
      steps[pair] = Math.min(steps[pair] ?? 0, farthest - n)
    }
    beginnings[beginningKey(bits(word, 0), bits(word, 1), bits(word, 2), bits(word, 3))] = 1
  }
  return (text) => {
    if (text.length > bytes.length) return true
    const length = bytes.write(text, 'latin1')
    for (let n = farthest; n < length; ) {
      const third = (bytes[n - 1] ?? 0) & 31
      const fourth = (bytes[n] ?? 0) & 31
      const step = steps[(third << 5) | fourth] ?? 0
      if (step > 0) n += step
      else if (beginnings[beginningKey((bytes[n - 3] ?? 0) & 31, (bytes[n - 2] ?? 0) & 31, third, fourth)] === 1) return true
      else n += 1
    }
    return false
  }
}
