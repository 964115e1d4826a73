// Plain JavaScript for the oldest Node we accept (20): installs what the lock file names, once per change of it.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')
const pnpmVersion = '12.21.0'
const manifests = ['packages', 'services', 'apps'].flatMap((folder) =>
  existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => `${folder}/${name}/package.json`) : [],
)
const inputs = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', 'tests/package.json', 'bench/package.json', ...manifests]
const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${root}`)
for (const file of inputs) if (existsSync(join(root, file))) hash.update(readFileSync(join(root, file)))
const stamp = hash.digest('hex')
const stampFile = join(root, 'node_modules', '.setup-stamp')

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  const found = spawnSync('pnpm', ['--version'], { encoding: 'utf8', cwd: '/' })
  const own = found.status === 0 && found.stdout.trim().split('.')[0] === pnpmVersion.split('.')[0]
  const [command, ...prefix] = own ? ['pnpm'] : ['npx', '--yes', `pnpm@${pnpmVersion}`]
  console.error('Installing packages (once)…')
  const install = spawnSync(command, [...prefix, 'install', '--frozen-lockfile', '--reporter=append-only'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, CI: 'true' },
  })
  if (install.status !== 0) {
    console.error('Could not install packages: pnpm ended with an error (see above). Is the npm registry reachable?')
    process.exit(1)
  }
  writeFileSync(stampFile, stamp)
}
