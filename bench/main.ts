// `npm run bench -- journal gateway notifier crawler`: each against its baseline in the same run. JSON on stdout, nothing else.
const benches = {
  journal: () => import('./journal.ts'),
  gateway: () => import('./gateway.ts'),
  notifier: () => import('./notifier.ts'),
  crawler: () => import('./crawler.ts'),
}
type Name = keyof typeof benches
const isName = (text: string): text is Name => Object.hasOwn(benches, text)

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !isName(name))
if (asked.length === 0 || unknown.length > 0) {
  console.error(
    `Usage: npm run bench -- ${Object.keys(benches).join(' | ')}${unknown.length > 0 ? `\nThere is no benchmark called ${unknown.join(', ')}.` : ''}`,
  )
  process.exit(1)
}

const results: Record<string, object> = {}
for (const name of asked.filter(isName)) {
  console.error(`${name}…`)
  results[name] = await (await benches[name]()).run()
}
console.log(JSON.stringify(results, null, 2))
process.exit(0) // What a benchmark started has been stopped; a pool that lingers must not keep the program.
