// Who may import whom. dependency-cruiser reads this; scripts/boundaries.mjs runs it.

// The domains, from the left to the right: each may import those after it.
const domains = [
  'api',
  'webhooks',
  'restores',
  'exports',
  'imports',
  'keys',
  'retention',
  'trials',
  'checks',
  'works',
  'affiliations',
  'records',
  'delegations',
  'attempts',
  'grants',
  'systems',
  'campaigns',
  'mail',
  'sessions',
  'people',
  'calls',
  'researchers',
  'settings',
  'staff',
  'figures',
  'texts',
  'audit',
  'installation',
]

const anyDomain = `^lib/(${domains.join('|')})/`
const kernel = '^lib/([^/]+|(config|crypto|database|list|rate-limit)/.+)\\.ts$'
const shipped = '^(app|lib|worker\\.ts|proxy\\.ts|instrumentation[^/]*\\.ts|i18n)'
const never = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

const domainOrder = domains
  .slice(1)
  .map((name, index) =>
    never(
      `domain-order-${name}`,
      'Domains import those to their right only: api ▸ … ▸ installation.',
      { path: `^lib/${name}/` },
      { path: `^lib/(${domains.slice(0, index + 1).join('|')})/` },
    ),
  )

module.exports = {
  forbidden: [
    never(
      'no-cycles',
      'Two modules that need each other are one module. A type that both need is in the file of its noun.',
      { pathNot: '^(lib/generated|tests|bench|scripts)/' },
      { circular: true, viaOnly: { pathNot: '^lib/generated/' } },
    ),
    never('unresolvable', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
    ...domainOrder,
    ...['from', 'to'].map((end) => {
      const unknown = {
        path: '^lib/[^/]+/',
        pathNot: [
          anyDomain,
          '^lib/(config|crypto|database|list|rate-limit|orcid|jobs|auth|http|i18n|process|generated)/',
        ],
      }
      const comment = 'Every folder of lib is in the table: a new domain takes its place in the order first.'
      return never(`known-folders-${end}`, comment, end === 'from' ? unknown : {}, end === 'to' ? unknown : {})
    }),
    never(
      'orcid-stands-alone',
      'lib/orcid is a protocol library: no database, no Next, no environment.',
      { path: '^lib/orcid/' },
      { path: '^(lib|app|registry|scripts|tests|prisma)/', pathNot: ['^lib/orcid/', '^tests/support/', '^registry/'] },
    ),
    never(
      'orcid-packages',
      'lib/orcid uses zod, jose, https-proxy-agent and what Node has.',
      { path: '^lib/orcid/', pathNot: '\\.test\\.ts$' },
      {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'],
        pathNot: 'node_modules/(zod|jose|https-proxy-agent)/',
      },
    ),
    never(
      'jobs-use-the-kernel',
      'lib/jobs knows no domain.',
      { path: '^lib/jobs/' },
      { path: '^(lib|app)/', pathNot: ['^lib/jobs/', kernel] },
    ),
    never(
      'kernel-is-the-ground',
      'The kernel knows no domain.',
      { path: kernel, pathNot: '\\.test\\.ts$' },
      {
        path: '^(lib/[^/]+/|app/)',
        // The configuration is checked against what an iD is and which scopes exist: facts, no protocol.
        pathNot: [
          '^lib/(generated|config|crypto|database|list|rate-limit)/',
          '^lib/orcid/(id|scopes|scope-table)\\.ts$',
        ],
      },
    ),
    never(
      'actor-imports-nothing',
      'Who acts is known before anything else.',
      { path: '^lib/actor\\.ts$' },
      { path: '.' },
    ),
    never(
      'database-client-behind-db',
      'lib/db.ts alone knows the generated client; tests may read through it.',
      { path: '^(app|lib|worker\\.ts|proxy\\.ts|instrumentation)', pathNot: ['^lib/db\\.ts$', '^lib/generated/'] },
      { path: '^lib/generated/' },
    ),
    never('app-without-database', 'Pages read through queries.', { path: '^app/' }, { path: '^lib/db\\.ts$' }),
    never(
      'app-without-orcid-network',
      'Only the domains talk to ORCID.',
      { path: '^app/' },
      { path: '^lib/orcid/(api|oauth|id-token|transport)\\.ts$' },
    ),
    never(
      'components-are-domain-free',
      'app/_components is React and other components.',
      { path: '^app/_components/' },
      { path: ['^lib/', 'next/headers'], pathNot: '^lib/orcid/(id|scopes|scope-table|record|record-items)\\.ts$' },
    ),
    never(
      'domains-without-web',
      'A domain is true without a browser. What is asked for is worded for the person who is asked; React writes mails.',
      {
        path: `${anyDomain}|^lib/(orcid|jobs)/`,
        pathNot: '^lib/(texts/asked\\.ts|mail/(markup\\.ts|(mail-page|render)\\.tsx))$',
      },
      { path: ['^app/', '^lib/(http|auth)/', 'node_modules/(next|next-auth|next-intl|react|react-dom)/'] },
    ),
    never('auth-and-http-below-app', 'The floors go one way.', { path: '^lib/' }, { path: '^app/' }),
    never(
      'shipped-without-tools',
      'What is shipped needs neither tests nor tools nor the stand-in of ORCID.',
      { path: shipped, pathNot: '\\.test\\.tsx?$' },
      { path: '^(tests|bench|scripts|registry|prisma)/' },
    ),
    never(
      'shipped-without-dev-packages',
      'What is shipped runs after npm ci --omit=dev.',
      { path: shipped, pathNot: '\\.test\\.tsx?$' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    never(
      'registry-stands-alone',
      'The local registry is another program: it shares no code with the portal it answers.',
      { path: '^registry/', pathNot: '\\.test\\.tsx?$' },
      { path: '^(app|lib|scripts|tests|prisma)/' },
    ),
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^lib/generated/'] },
    exclude: { path: '^\\.next/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
