// Installs the dependencies when they are missing or are not those of package-lock.json.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Brings `node_modules` up to date, and fails the process with npm's own message when that cannot be done. */
export function ensureDependencies(root) {
  const stamp = join(root, 'node_modules', '.concord-stamp')
  const lock = readFileSync(join(root, 'package-lock.json'))
  const machine = `${process.version} ${process.platform} ${process.arch}`
  const wanted = `${createHash('sha256').update(lock).digest('hex')} ${machine}`
  const found = readIfThere(stamp)
  if (found !== wanted) {
    const isSameMachine = found === null || found.endsWith(` ${machine}`)
    if (
      !isSameMachine ||
      !agrees(JSON.parse(lock.toString()), readIfThere(join(root, 'node_modules', '.package-lock.json')))
    ) {
      install(root)
    }
    writeFileSync(stamp, wanted)
  }
}

function install(root) {
  console.log('Installing the dependencies (npm ci)')
  const cli = process.env.npm_execpath
  const [command, first] = cli?.endsWith('npm-cli.js') ? [process.execPath, [cli]] : ['npm', []]
  const args = [...first, 'ci', '--no-audit', '--no-fund', '--include=dev']
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (status === 0) return
  console.error(error ? `npm could not be started: ${error.message}` : 'The dependencies could not be installed.')
  process.exit(1)
}

/**
 * Whether what npm notes about an installation is what the lock file asks for. Somebody who ran `npm ci` themselves
 * need not wait for another one. Packages for other machines are optional and may be absent.
 */
function agrees(lock, noted) {
  if (noted === null) return false
  const installed = JSON.parse(noted).packages ?? {}
  return Object.entries(lock.packages).every(([path, { version, optional, devOptional }]) => {
    if (path === '') return true
    return path in installed ? installed[path].version === version : Boolean(optional || devOptional)
  })
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}
