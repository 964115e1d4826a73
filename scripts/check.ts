// Everything a commit must satisfy, in the order in which it fails fastest. `npm run check`
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const steps: { name: string; command: string[] }[] = [
  { name: 'format and lint (biome)', command: ['biome', 'check', '.'] },
  { name: 'types (tsc)', command: ['tsc', '-p', '.'] },
  { name: 'types of the dashboard (tsc)', command: ['tsc', '-p', 'apps/dashboard'] },
  { name: 'promises, cycles, sizes (oxlint)', command: ['oxlint', '--type-aware', '--quiet'] },
  {
    name: 'import rules (dependency-cruiser)',
    command: ['depcruise', '--config', '.dependency-cruiser.mjs', 'packages', 'services', 'apps', 'tests', 'bench'],
  },
  { name: 'unused code (knip)', command: ['knip'] },
  { name: 'generated docs and paths named in docs', command: ['node', 'scripts/generate-docs.ts', '--check'] },
  { name: 'unit tests (jest)', command: ['node', 'scripts/jest.mjs', '--selectProjects', 'unit'] },
]

for (const { name, command } of steps) {
  const started = performance.now()
  const [program = '', ...args] = command
  const { status } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}` },
  })
  if (status !== 0) {
    console.error(`check failed: ${name}`)
    process.exit(1)
  }
  console.log(`ok  ${name}  ${((performance.now() - started) / 1000).toFixed(1)} s`)
}
