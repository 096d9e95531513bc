// `node scripts/complete-lock.mjs`, after every change of the dependencies on a closed network: npm leaves packages for
// other machines out of package-lock.json when the registry at hand does not have them, and `npm ci` then refuses the
// file everywhere. Their versions are known from the packages that want them; nobody installs them here.
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const file = resolve(import.meta.dirname, '..', 'package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8'))

const systems = {
  android: 'android',
  darwin: 'darwin',
  linux: 'linux',
  freebsd: 'freebsd',
  win32: 'win32',
  windows: 'win32',
}
const processors = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 's390x', 'riscv64', 'wasm32']

/** For which machines a package is, by its name: `@biomejs/cli-linux-x64-musl`. */
function machineOf(name) {
  const words = name.split(/[-/]/)
  const os = words.map((word) => systems[word]).find(Boolean)
  const cpu = processors.find((processor) => words.includes(processor))
  const libc = words.includes('musl') ? 'musl' : words.includes('gnu') ? 'glibc' : null
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc] }) }
}

const added = []
for (const { optionalDependencies = {}, peerDependenciesMeta = {}, dev } of Object.values(lock.packages)) {
  for (const [name, range] of Object.entries(optionalDependencies)) {
    const path = `node_modules/${name}`
    const machine = machineOf(name)
    if (path in lock.packages || name in peerDependenciesMeta || !machine.cpu) continue
    lock.packages[path] = { version: range.replace(/^[~^]/, ''), ...(dev && { dev }), optional: true, ...machine }
    added.push(name)
  }
}
const byPath = ([one], [other]) => (one < other ? -1 : 1)
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(byPath))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(added.length > 0 ? `Added ${added.join(', ')}` : 'Nothing was missing')
