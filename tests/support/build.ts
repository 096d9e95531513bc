import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { root } from '@/scripts/processes'

const server = join(root, '.next', 'standalone', '.next', 'server')
const read = (name: string): unknown => JSON.parse(readFileSync(join(server, name), 'utf8'))

const named = z.record(z.string(), z.unknown())
const references = z.object({ filename: z.string().optional(), exportedName: z.string().optional() }).loose()
const actionManifest = z.object({ node: z.record(z.string(), references), edge: z.record(z.string(), references) })
const functions = z.object({ functions: named })

// The pages that Next.js brings along. They are built from our files, and are asked for by no address of their own.
const ofNext = new Set(['/_global-error/page', '/_not-found/page'])

/** Every page and route handler of the build, as `/me/page`, `/me/data/route`; pages of the old router as they are. */
export function listBuiltRoutes(): string[] {
  const app = Object.keys(named.parse(read('app-paths-manifest.json'))).filter((name) => !ofNext.has(name))
  const pages = Object.keys(named.parse(read('pages-manifest.json'))).filter((name) => name !== '/500')
  return [...app, ...pages].sort()
}

/** Every server action of the build: the id by which it is called, and its file and name. */
export function listBuiltActions(): { id: string; name: string }[] {
  const { node, edge } = actionManifest.parse(read('server-reference-manifest.json'))
  return Object.entries({ ...node, ...edge }).map(([id, { filename, exportedName }]) => ({
    id,
    name: `${filename ?? id}#${exportedName ?? ''}`,
  }))
}

/** The paths of functions that the build configures by themselves, the proxy among them. */
export const listBuiltFunctions = (): string[] =>
  Object.keys(functions.parse(read('functions-config-manifest.json')).functions).sort()
