/** The addresses of a srcset as the HTML standard reads them: a comma ends one only at its end, and parentheses hide commas. Linear. */
export function srcsetUrls(srcset: string): string[] {
  const urls: string[] = []
  let at = 0
  while (urls.length < candidatesMax) {
    while (at < srcset.length && (isSpace(srcset[at]) || srcset[at] === ',')) at += 1
    if (at >= srcset.length) break
    const start = at
    while (at < srcset.length && !isSpace(srcset[at])) at += 1
    let end = at
    while (end > start && srcset[end - 1] === ',') end -= 1
    urls.push(srcset.slice(start, end))
    // With a comma at its end it has no descriptors.
    if (end === at) at = endOfDescriptors(srcset, at)
  }
  return urls
}

/** Nobody offers an image in more sizes. */
const candidatesMax = 100

function endOfDescriptors(srcset: string, from: number): number {
  let depth = 0
  for (let at = from; at < srcset.length; at += 1) {
    if (srcset[at] === '(') depth += 1
    else if (srcset[at] === ')') depth = Math.max(0, depth - 1)
    else if (srcset[at] === ',' && depth === 0) return at + 1
  }
  return srcset.length
}

const isSpace = (character: string | undefined): boolean =>
  character === ' ' || character === '\n' || character === '\t' || character === '\r' || character === '\f'
