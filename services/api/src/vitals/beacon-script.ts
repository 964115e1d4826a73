import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'

export interface BeaconScript {
  readonly etag: string
  /** By content encoding. */
  readonly bodies: { readonly identity: Buffer; readonly gzip: Buffer; readonly br: Buffer }
}

/** Sample rates are set by hand: a few are in use at a time. */
const scriptsKept = 100

/**
 * The script for pages: web-vitals as its makers have minified it, and the few lines that send what it measures, in one function so that
 * a page gains no global name. There is nothing to build.
 */
export function createBeaconScripts(): (sampleRate: number) => BeaconScript {
  const webVitals = webVitalsSource()
  const own = squeezed(readFileSync(join(import.meta.dirname, 'beacon.browser.js'), 'utf8'))
  const scripts = new Map<number, BeaconScript>()
  return (sampleRate) => {
    const known = scripts.get(sampleRate)
    if (known) return known
    if (scripts.size >= scriptsKept) scripts.clear()
    const made = compressed(`(()=>{${webVitals}const sampleRate=${sampleRate};${own}})()\n`)
    scripts.set(sampleRate, made)
    return made
  }
}

function webVitalsSource(): string {
  const main = fileURLToPath(import.meta.resolve('web-vitals'))
  const source = readFileSync(join(dirname(main), 'web-vitals.iife.js'), 'utf8')
  return source.replace(/\/\/# sourceMappingURL=.*$/m, '').trim()
}

/** Without comments and indentation. Our lines end where statements end, so they stay lines. */
const squeezed = (source: string): string =>
  source
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'))
    .join('\n')

function compressed(text: string): BeaconScript {
  const identity = Buffer.from(text)
  const etag = `"${createHash('sha256').update(identity).digest('hex').slice(0, 16)}"`
  return { etag, bodies: { identity, gzip: gzipSync(identity, { level: 9 }), br: brotliCompressSync(identity) } }
}
