import { Severity } from '@tocsin/contract/rule'
import { scriptInjected } from '@tocsin/contract/rules/script-injected'
import { z } from 'zod'
import { isTampered } from '../judges/script-file.ts'
import { signalFamilies, signalStrengths } from '../judges/script-signal.ts'
import type { SeenFile } from './running-facts.ts'

export const FileSignal = z.object({ family: z.enum(signalFamilies), strength: z.enum(signalStrengths), detail: z.string() })

/** What is kept of each script that the site loads, by its address. */
export const FileMemory = z.record(
  z.string(),
  z.object({
    name: z.string(),
    /** Null also while something is wrong with it: then it is read each time. */
    etag: z.string().nullable(),
    lastModified: z.string().nullable(),
    readAt: z.iso.datetime(),
    libraries: z.array(
      z.object({
        library: z.string(),
        version: z.string(),
        advisories: z.array(z.object({ id: z.string(), severity: Severity })),
      }),
    ),
    /** The last version that was well; null of other people's. */
    known: z
      .object({ length: z.number(), hash: z.string(), front: z.string(), back: z.string(), signals: z.array(FileSignal) })
      .nullable(),
  }),
)
export type FileMemory = z.infer<typeof FileMemory>

/** Those of one scan, and of the releases before. Some hundred bytes each; a file of a megabyte takes four thousand. */
const filesMax = 60

interface Remembering {
  readonly now: Date
  readonly accepted: ReadonlySet<string>
}

/** What is well replaces what was known; of what was tampered with, the version before stays. */
export function rememberFiles(
  before: FileMemory | null,
  files: readonly SeenFile[] | null,
  context: Remembering,
): FileMemory | null {
  if (files === null) return before
  const after: FileMemory = {}
  for (const { url, name, read } of files) {
    const old = before?.[url]
    if (read?.kind !== 'read') {
      if (old) after[url] = old
      continue
    }
    const isWell = !isTampered(read.news) || context.accepted.has(`${scriptInjected.id} ${name}`)
    const { libraries, known } = read
    after[url] = {
      name,
      etag: isWell ? read.etag : null,
      lastModified: isWell ? read.lastModified : null,
      readAt: context.now.toISOString(),
      libraries: libraries.map(({ library, version, advisories }) => ({ library, version, advisories: [...advisories] })),
      known: isWell ? known && { ...known, signals: [...known.signals] } : (old?.known ?? null),
    }
  }
  const earlier = Object.entries(before ?? {}).filter(([url]) => after[url] === undefined)
  const newest = earlier.sort(([, a], [, b]) => b.readAt.localeCompare(a.readAt))
  return Object.fromEntries([...Object.entries(after), ...newest].slice(0, filesMax))
}

/** The versions of a file that were well, under any of its addresses. */
export const versionsOf = (memory: FileMemory | null, name: string) =>
  Object.values(memory ?? {}).flatMap((each) => (each.name === name && each.known ? [each.known] : []))
