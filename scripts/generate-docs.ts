// Writes docs/events.md, docs/api.md and docs/rules.md from the contract. With --check: fails if they are stale, or if a document names a file that is not there.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { documentedEndpoints } from '@tocsin/contract/api/catalog'
import { events } from '@tocsin/contract/events/catalog'
import { rules } from '@tocsin/contract/rules/catalog'
import { pathsNamedIn } from './docs/named-paths.ts'
import { renderApi } from './docs/render-api.ts'
import { renderEvents } from './docs/render-events.ts'
import { renderRules } from './docs/render-rules.ts'

const root = join(import.meta.dirname, '..')
const generated = {
  'docs/events.md': renderEvents(events),
  'docs/api.md': renderApi(documentedEndpoints),
  'docs/rules.md': renderRules(rules),
}

function staleDocuments(): string[] {
  return Object.entries(generated)
    .filter(([file, text]) => !existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== text)
    .map(([file]) => `${file} is stale: npm run docs writes it.`)
}

function missingPaths(): string[] {
  const documents = globSync(['README.md', 'ARCHITECTURE.md', 'docs/decisions/*.md'], { cwd: root })
  return documents.flatMap((document) =>
    pathsNamedIn(readFileSync(join(root, document), 'utf8'))
      .filter((path) => !isThere(path))
      .map((path) => `${document} names ${path}, which is not there.`),
  )
}

// A document may shorten several files to one pattern, with a star for each service.
const isThere = (path: string): boolean =>
  path.includes('*') ? globSync(path, { cwd: root }).length > 0 : existsSync(join(root, path))

if (process.argv.includes('--check')) {
  const problems = [...staleDocuments(), ...missingPaths()]
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
} else {
  for (const [file, text] of Object.entries(generated)) writeFileSync(join(root, file), text)
  console.log(`${Object.keys(generated).join(', ')} written.`)
}
