import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { RegistryContext } from './context'

const { resolve } = createRequire(import.meta.url)
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const ASSETS = new Map([
  ['tokens.css', { file: () => here('../app/_theme/tokens.css'), type: 'text/css; charset=utf-8' }],
  ['style.css', { file: () => here('./style.css'), type: 'text/css; charset=utf-8' }],
  ['icon.svg', { file: () => here('./icon.svg'), type: 'image/svg+xml' }],
  ['inter-latin.woff2', { file: () => font('latin'), type: 'font/woff2' }],
  ['inter-latin-ext.woff2', { file: () => font('latin-ext'), type: 'font/woff2' }],
])

function font(subset: string): string {
  return resolve(`@fontsource-variable/inter/files/inter-${subset}-wght-normal.woff2`)
}

/** GET /_assets/{name} */
export async function answerAsset(c: RegistryContext): Promise<Response> {
  const asset = ASSETS.get(c.req.param('name') ?? '')
  if (!asset) return c.notFound()
  return c.body(new Uint8Array(await readFile(asset.file())), 200, {
    'Content-Type': asset.type,
    'Cache-Control': 'max-age=60',
    'X-Content-Type-Options': 'nosniff',
  })
}
