import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { root } from '@/scripts/processes'

const workshop = join(root, '.concord', 'bench')
const folders = ['app', 'lib', 'messages', 'public', join('prisma', 'schema'), join('bench', 'pages')]
const rootFiles = /\.(ts|mjs|json)$/

/** The portal's own build with the pages of `bench/pages` beside its own; gives the folder of its server. */
export function buildPortalWithPages(): string {
  const tree = join(workshop, 'portal')
  const files = [...folders, ...readdirSync(root).filter((name) => rootFiles.test(name))]
  return unlessBuilt(tree, files, () => {
    for (const name of readdirSync(tree)) if (name !== '.next') rmSync(join(tree, name), { recursive: true })
    for (const path of files) cpSync(join(root, path), join(tree, path), { recursive: true })
    cpSync(join(root, 'bench', 'pages'), join(tree, 'app', 'bench'), { recursive: true })
    // The layout names the files of its fonts there.
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
    writeFileSync(
      join(tree, 'next.config.mjs'),
      `import config from ${JSON.stringify(join(root, 'next.config.mjs'))}
const root = ${JSON.stringify(root)}
export default { ...config, outputFileTracingRoot: root, turbopack: { ...config.turbopack, root } }\n`,
    )
  })
}

/** A portal of nothing but next-auth, as its documentation has it; gives the folder of its server. */
export function buildStockSignIn(): string {
  const tree = join(workshop, 'stock')
  const source = join('bench', 'stock')
  return unlessBuilt(tree, [source, 'package-lock.json'], () => {
    cpSync(join(root, source), tree, { recursive: true })
    writeFileSync(join(tree, 'package.json'), '{ "private": true, "type": "module" }\n')
  })
}

function unlessBuilt(tree: string, paths: string[], fill: () => void): string {
  const stamp = join(tree, 'sources.sha256')
  const server = join(tree, '.next', 'standalone', relative(root, tree))
  const wanted = hash(paths)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return server
  mkdirSync(tree, { recursive: true })
  rmSync(stamp, { force: true })
  fill()
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } as NodeJS.ProcessEnv
  const { status, stdout, stderr } = spawnSync(process.execPath, [next, 'build'], { cwd: tree, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`The build failed:\n${stdout}\n${stderr}`)
  cpSync(join(tree, '.next', 'static'), join(server, '.next', 'static'), { recursive: true })
  writeFileSync(stamp, wanted)
  return server
}

function hash(paths: string[]): string {
  const digest = createHash('sha256').update(process.version)
  const add = (path: string): void => {
    if (path.startsWith(join('lib', 'generated')) || /\.test\.tsx?$/.test(path)) return
    if (statSync(join(root, path)).isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) add(join(path, name))
    } else digest.update(`${path}\0`).update(readFileSync(join(root, path)))
  }
  for (const path of paths) add(path)
  return digest.digest('hex')
}
