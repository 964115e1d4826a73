import type { ExternalTarget } from './observation.ts'

/** Sites that link to more are directories: each address is asked for every day. */
export const externalTargetsMax = 2_000
const sourcesMax = 5
const urlLengthMax = 2_000

export interface ExternalTargets {
  add(url: string, from: string): void
  list(): ExternalTarget[]
}

/** Gathers the addresses of other sites to which pages link, the first that are met. */
export function createExternalTargets(): ExternalTargets {
  const targets = new Map<string, { url: string; sources: string[]; inlinks: number }>()
  return {
    add(url, from) {
      const known = targets.get(url)
      if (known) {
        known.inlinks += 1
        if (known.sources.length < sourcesMax) known.sources.push(from)
      } else if (targets.size < externalTargetsMax && url.length <= urlLengthMax)
        targets.set(url, { url, sources: [from], inlinks: 1 })
    },
    list: () => [...targets.values()],
  }
}
