// `npm run build`: the standalone server in .next/standalone, complete with its static files. Needs no configuration.
// With --if-stale it does nothing when the sources are those of the last build.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const standalone = join(root, '.next', 'standalone')
const stamp = join(standalone, 'sources.sha256')

const folders = ['app', 'lib', 'messages', 'public', join('prisma', 'schema')]
// Not those that Next.js itself writes, nor those that have no part in the build.
const otherFiles = ['next-env.d.ts', 'tsconfig.json', 'biome.json', 'prisma.config.ts']

/** A digest of everything that goes into the build. Tests and generated code do not: the client follows its schema. */
function hashSources() {
  const hash = createHash('sha256').update(process.version)
  const add = (path) => {
    if (!existsSync(join(root, path)) || path.startsWith(join('lib', 'generated')) || /\.test\.tsx?$/.test(path)) return
    if (statSync(join(root, path)).isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) add(join(path, name))
    } else hash.update(`${path}\0`).update(readFileSync(join(root, path)))
  }
  const files = readdirSync(root).filter((name) => /\.(ts|mjs|json)$/.test(name) && !otherFiles.includes(name))
  for (const path of [...folders, ...files.sort()]) add(path)
  return hash.digest('hex')
}

function run(args) {
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
  const { status, signal } = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' })
  if (status !== 0) process.exit(signal ? 1 : (status ?? 1))
}

/**
 * Turbopack writes one chunk under another name for many routes, that with the database client for 27 of them. Each took
 * memory of its own, and 37 MB on disk.
 */
function shareChunks(folder) {
  const firsts = new Map()
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.js')) continue
    const text = readFileSync(join(folder, name), 'utf8').replace(/\/\/# sourceMappingURL=\S*\s*$/, '')
    if (!text.startsWith('module.exports=[') || text.length < 10_000) continue
    const first = firsts.get(text)
    if (first) writeFileSync(join(folder, name), `module.exports=require(${JSON.stringify(`./${first}`)})\n`)
    else firsts.set(text, name)
  }
}

const wanted = hashSources()
const isFresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
if (!process.argv.includes('--if-stale') || !isFresh) {
  run([join(root, 'scripts', 'generate.mjs')])
  rmSync(stamp, { force: true })
  run([join(root, 'node_modules', 'next', 'dist', 'bin', 'next'), 'build'])
  if (!existsSync(join(standalone, 'server.js'))) {
    console.error('Next.js took another folder for the root of the project: next.config.mjs must name it')
    process.exit(1)
  }
  for (const folder of ['chunks', join('chunks', 'ssr')]) shareChunks(join(standalone, '.next', 'server', folder))
  cpSync(join(root, '.next', 'static'), join(standalone, '.next', 'static'), { recursive: true })
  if (existsSync(join(root, 'public'))) cpSync(join(root, 'public'), join(standalone, 'public'), { recursive: true })
  // Next.js copies .env files along. What is built is for everybody; configuration and secrets stay where they were.
  for (const name of readdirSync(standalone)) if (name.startsWith('.env')) rmSync(join(standalone, name))
  writeFileSync(stamp, wanted)
}
