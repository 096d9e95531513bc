// `npm start`: the standalone server of the last build. PORT (3000) and HOSTNAME (0.0.0.0) say where it listens.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import './end-with-npm.mjs'
import './request-headers.mjs'

const server = resolve(import.meta.dirname, '..', '.next', 'standalone', 'server.js')
if (!existsSync(server)) {
  console.error('The portal is not built yet: npm run build')
  process.exit(1)
}

if (existsSync('.env')) process.loadEnvFile('.env')

// The server changes its directory to that of the build; paths that were meant from here are made absolute first.
for (const [name, value] of Object.entries(process.env)) {
  if (value && (name === 'TEXTS_DIR' || name.endsWith('_FILE'))) process.env[name] = resolve(value)
}

process.env.NODE_ENV = 'production'
process.env.NEXT_TELEMETRY_DISABLED = '1'
await import(pathToFileURL(server).href)
