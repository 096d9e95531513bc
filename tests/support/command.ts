import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildSync } from 'esbuild'
import { root } from '@/scripts/processes'

type Command = `scripts/${string}` | 'worker'

const folder = join(root, '.concord', 'commands')
const conditions = ['react-server']

/**
 * What Node is to be given to run a command of ours as `npm run` would. Its source is bundled first, and again when some
 * of it has changed: loaded module by module, through tsx, a command takes a second of work before its first line.
 */
export function commandArgs(command: Command): string[] {
  const bundle = join(folder, `${command.replace('/', '-')}.mjs`)
  const sources = `${bundle}.json`
  if (!isFresh(bundle, sources)) build(`${command}.ts`, bundle, sources)
  return [...conditions.map((one) => `--conditions=${one}`), bundle]
}

function isFresh(bundle: string, sources: string): boolean {
  if (!existsSync(bundle) || !existsSync(sources)) return false
  const madeAt = statSync(bundle).mtimeMs
  const files: string[] = JSON.parse(readFileSync(sources, 'utf8'))
  return files.every((file) => existsSync(join(root, file)) && statSync(join(root, file)).mtimeMs < madeAt)
}

function build(entry: string, bundle: string, sources: string): void {
  mkdirSync(folder, { recursive: true })
  // Another worker may be at the same command: each makes a file of its own and renames it.
  const partial = `${bundle}.${process.pid}`
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: partial,
    bundle: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions,
    external: ['graphile-worker', 'pg-native', 'pino', 'cpu-features', '*.node'],
    // The sources that say so are those in `scripts`; packages of CommonJS that are bundled ask for Node's own modules.
    define: {
      'import.meta.dirname': JSON.stringify(join(root, 'scripts')),
      'import.meta.url': JSON.stringify(pathToFileURL(join(root, 'scripts', 'command.ts')).href),
    },
    banner: {
      js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(${JSON.stringify(root)} + '/')`,
    },
    logLevel: 'error',
  })
  const own = Object.keys(metafile.inputs).filter((file) => !file.startsWith('node_modules/'))
  writeFileSync(`${sources}.${process.pid}`, JSON.stringify([...own, 'package-lock.json', 'tests/support/command.ts']))
  renameSync(`${sources}.${process.pid}`, sources)
  renameSync(partial, bundle)
}
