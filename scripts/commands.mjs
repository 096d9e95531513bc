// `npm run test:commands -- [NAME …]`: runs the commands of docs/commands.md that no test runs, and writes down the day.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const page = resolve(import.meta.dirname, '..', 'docs', 'commands.md')
const byHand = /^\| `(npm run ([\w:]+))[^`]*`.*\| by hand, (never|[\d-]{10}) +\|$/
/** What those say that do not end by themselves, once they work. */
const ready = { demo: /Ctrl-C stops everything/, dev: / {2}Mailbox {3}http/, registry: /"registry":"http/ }

const wanted = process.argv.slice(2)
const known = readFileSync(page, 'utf8').match(new RegExp(byHand, 'gm')) ?? []
const names = known.map((line) => byHand.exec(line)?.[2] ?? '').filter((name) => name !== 'test:commands')
const chosen = wanted.length > 0 ? wanted : names
if (chosen.some((name) => !names.includes(name))) {
  console.error(`Run by hand are: ${names.join(', ')}`)
  process.exit(2)
}

const failed = []
for (const name of chosen) {
  if (await works(name)) note(name)
  else failed.push(name)
}
if (failed.length === 0) note('test:commands')
spawnSync('npx', ['biome', 'check', '--write', page])
console.log(failed.length === 0 ? 'All of them work' : `Failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1

/** Whether it ends with 0, or says that it is ready; it is stopped then. */
function works(name) {
  console.log(`\n── npm run ${name}`)
  return new Promise((done) => {
    const child = spawn('npm', ['run', name], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    let isReady = false
    child.stdout.on('data', (data) => {
      process.stdout.write(data)
      output = `${output}${data}`.slice(-10_000)
      if (isReady || !ready[name]?.test(output)) return
      isReady = true
      process.kill(-child.pid, 'SIGINT')
    })
    child.on('close', (code) => done(isReady || code === 0))
  })
}

function note(name) {
  const today = new Date().toISOString().slice(0, 10)
  const lines = readFileSync(page, 'utf8').split('\n')
  const changed = lines.map((line) => {
    const [, , of, day] = byHand.exec(line) ?? []
    return of === name ? line.replace(`by hand, ${day}`, `by hand, ${today}`) : line
  })
  writeFileSync(page, changed.join('\n'))
}
