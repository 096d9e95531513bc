// `npm run demo` and its like: makes a fresh clone ready (dependencies, database client), then runs the command's
// TypeScript. Runs before anything is installed: nothing but what Node itself has.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import './end-with-npm.mjs'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 20)) {
  console.error(`Concord needs Node.js 20.20 or newer; this is ${process.version}. See https://nodejs.org/`)
  process.exit(1)
}

const root = resolve(import.meta.dirname, '..')
const [command = '', ...rest] = process.argv.slice(2)
const script = join(root, 'scripts', `${command}.ts`)
if (!/^[a-z]+$/.test(command) || !existsSync(script)) {
  console.error('Usage: node scripts/run.mjs demo | dev | registry | test')
  process.exit(1)
}

const { ensureDependencies } = await import('./install.mjs')
ensureDependencies(root)
const generated = spawnSync(process.execPath, [join(root, 'scripts', 'generate.mjs')], { cwd: root, stdio: 'inherit' })
if (generated.status !== 0) process.exit(1)

process.chdir(root)
process.argv = [process.execPath, script, ...rest]
await import('tsx')
await import(pathToFileURL(script).href)
