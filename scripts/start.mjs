// `npm start`: the standalone server of the last build. PORT (3000) and HOSTNAME (0.0.0.0) say where it listens.
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
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

const paths = ['TEXTS_DIR', 'INSTITUTION_LOGO', 'INSTITUTION_LOGO_DARK']
// The server changes its directory to that of the build; paths that were meant from here are made absolute first.
for (const [name, value] of Object.entries(process.env)) {
  if (value && (paths.includes(name) || name.endsWith('_FILE'))) process.env[name] = resolve(value)
}

// Says at the start what in it may be a mistake.
process.env.CONCORD_ENV_FILE = resolve('.env')
await refuseTakenPort()

process.env.NODE_ENV = 'production'
process.env.NEXT_TELEMETRY_DISABLED = '1'
await import(pathToFileURL(server).href)

/** Next.js would answer with a stack. */
async function refuseTakenPort() {
  const port = Number(process.env.PORT || 3000)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    console.error(`Concord cannot start: PORT is ${process.env.PORT}: write a whole number from 1 to 65535.`)
    process.exit(1)
  }
  const host = process.env.HOSTNAME || '0.0.0.0'
  const probe = createServer()
  try {
    probe.listen(port, host)
    await once(probe, 'listening')
    probe.close()
    await once(probe, 'close')
  } catch (error) {
    console.error(`Concord cannot start: ${reasonOf(error, port, host)}`)
    process.exit(1)
  }
}

function reasonOf({ code, message }, port, host) {
  if (code === 'EADDRINUSE') return `another process listens on port ${port}: end it, or set another PORT.`
  if (code === 'EACCES') return `this user may not listen on port ${port}: set a PORT of 1024 or more.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `this machine has no address ${host}: set HOSTNAME to 0.0.0.0.`
  return `port ${port} cannot be listened on: ${message}.`
}
