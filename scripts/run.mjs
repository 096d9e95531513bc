// `node scripts/run.mjs <command>`: makes a fresh clone ready (dependencies, database client), then runs the command's
// TypeScript. Runs before anything is installed: nothing but what Node itself has.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

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
const { onceNpmIsGone } = await import('./under-npm.mjs')
ensureDependencies(root)
const generated = spawnSync(process.execPath, [join(root, 'scripts', 'generate.mjs')], { cwd: root, stdio: 'inherit' })
if (generated.status !== 0) process.exit(1)

const preload = ['--conditions=react-server', '--import', join(root, 'scripts', 'with-parent.mjs'), '--import', 'tsx']
const child = spawn(process.execPath, [...preload, script, ...rest], {
  cwd: root,
  env: { ...process.env, CONCORD_STARTED_BY: String(process.pid) },
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
})
// Ctrl-C reaches the child by itself; a signal to this process alone is passed on. It decides when to end, we follow.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
onceNpmIsGone(() => child.kill('SIGTERM'))
child.once('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1)
})
