const ours = '^(packages|services|apps|tests|bench)/'
const testFiles = '\\.test\\.ts$|\\.contract\\.ts$|^packages/testkit/|^services/detector/src/lives/'
/** A library may import only what it is listed with; the message says where the line belongs instead. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: testFiles },
  to: { path: ours, pathNot: [from, ...allowed].map((folder) => `^${folder}/`) },
})
const server = [
  'packages/domain',
  'packages/journal',
  'packages/bus',
  'packages/db',
  'packages/contract',
  'packages/process',
  'packages/outbound',
  'packages/templates',
]

export default {
  forbidden: [
    only(
      'contract-is-a-leaf',
      'packages/contract',
      [],
      'contract is read by browsers and customers: it imports zod and nothing else. Move what needs more into domain.',
    ),
    only(
      'process-knows-no-domain',
      'packages/process',
      [],
      'process starts and stops programs; a word of the product belongs in domain.',
    ),
    only(
      'db-knows-no-table',
      'packages/db',
      ['packages/process'],
      'db carries SQL; a query belongs in the slice that owns the table (packages/domain).',
    ),
    only(
      'bus-is-a-port',
      'packages/bus',
      ['packages/contract', 'packages/process'],
      'bus carries envelopes; what follows from one belongs in journal or a service.',
    ),
    only(
      'outbound-is-a-leaf',
      'packages/outbound',
      ['packages/process'],
      'outbound guards requests to foreign hosts; what to ask them belongs in detector or notifier.',
    ),
    only(
      'templates-only-say',
      'packages/templates',
      ['packages/contract', 'packages/domain'],
      'templates put into words what they are given; what to say, and to whom, is decided in notifier.',
    ),
    only(
      'journal-is-below-domain',
      'packages/journal',
      ['packages/db', 'packages/bus', 'packages/contract', 'packages/process'],
      'journal moves events of any kind; a rule about one kind belongs in domain.',
    ),
    only(
      'domain-is-pure-product',
      'packages/domain',
      ['packages/journal', 'packages/db', 'packages/contract', 'packages/process'],
      'domain never sees HTTP, Redis or the outside: take what you need as an argument from a service.',
    ),
    only('sdk-is-public', 'packages/sdk', ['packages/contract'], 'the sdk is published: it may only know the contract.'),
    ...['api', 'scheduler', 'detector', 'notifier', 'realtime-gateway'].map((name) =>
      only(
        `${name}-stands-alone`,
        `services/${name}`,
        server,
        'services meet in the database and on the bus, never in an import. Move shared code into domain.',
      ),
    ),
    {
      name: 'fleet-only-wires',
      comment: 'fleet starts services by their service.ts and env.ts; everything else of a service is its own business.',
      severity: 'error',
      from: { path: '^services/fleet/', pathNot: testFiles },
      to: {
        path: '^(services|apps|tests|bench)/',
        pathNot: ['^services/fleet/', '^services/[^/]+/src/(service|env|gateway)\\.ts$'],
      },
    },
    only(
      'dashboard-is-a-client',
      'apps/dashboard',
      ['packages/sdk', 'packages/contract'],
      'apps are clients: everything comes through sdk and contract.',
    ),
    {
      name: 'domain-has-no-redis-or-http',
      comment: 'Take it as an argument from a service.',
      severity: 'error',
      from: { path: '^packages/domain/', pathNot: testFiles },
      to: { path: 'node_modules/.*(redis|express|undici|nodemailer)/' },
    },
    {
      name: 'siblings-by-their-verbs',
      comment:
        "Import a sibling slice's verbs (../alerts/alerts.ts), never its queries, rules or tables: they are its own business. Metrics are what others know, read side by side.",
      severity: 'error',
      from: { path: '^packages/domain/src/([^/]+)/', pathNot: [testFiles, '^packages/domain/src/metrics/'] },
      to: {
        path: '^packages/domain/src/([^/]+)/',
        pathNot: ['^packages/domain/src/$1/', '^packages/domain/src/([^/]+)/\\1\\.ts$'],
      },
    },
    {
      name: 'tests-only',
      comment: 'testkit is for tests and benchmarks only.',
      severity: 'error',
      from: { path: '^(packages|services|apps)/', pathNot: testFiles },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'no-index',
      comment: 'Import the file that is meant: @tocsin/journal/change.',
      severity: 'error',
      from: {},
      to: { path: `${ours}.*/index\\.ts$` },
    },
    {
      name: 'no-cycle',
      comment: 'Two files that need each other are one file, or a third is missing below both.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
    },
  },
}
