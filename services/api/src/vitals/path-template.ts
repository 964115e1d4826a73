import { templateOf } from '@tocsin/domain/url-template'
import { otherTemplate } from '@tocsin/domain/vitals/vitals.read'
import { templatesMax } from './known-beacons.ts'

const templateLengthMax = 120

/**
 * The pattern that a path follows, as the crawler names it; the path itself is kept nowhere. What holds an @ is somebody's address, not a
 * part of the site.
 */
export function pathTemplate(path: string): string {
  const segments = path.split('/').map((segment) => (/@|%40/i.test(segment) ? '{slug}' : segment))
  const template = templateOf(`https://site.invalid${segments.join('/')}`).slice('https://site.invalid'.length)
  // The parser writes a brace as %7B, and templateOf makes {slug} of whatever is escaped.
  return template.length > templateLengthMax ? otherTemplate : template
}

/** Beyond what a site may have, paths are counted together. */
export function knownTemplate(templates: Set<string>, template: string): string {
  if (templates.has(template)) return template
  if (templates.size >= templatesMax) return otherTemplate
  templates.add(template)
  return template
}
