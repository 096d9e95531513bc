import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { measureAll, measurePages } from '@/bench/all'
import { readByApi } from '@/bench/api'
import { connectManyAtOnce } from '@/bench/burst'
import { callFromManyProcesses } from '@/bench/calls'
import { exportAgainstCopy } from '@/bench/exports'
import { importRoster } from '@/bench/imports'
import { sendMails } from '@/bench/mail'
import { rotateUnderTraffic } from '@/bench/rotation'
import { measureCallbacks } from '@/bench/sign-in'
import { sweepAll } from '@/bench/sweep'
import { sendToSlowReceiver } from '@/bench/webhooks'
import { writeUnderKills } from '@/bench/writes'
import { root } from '@/scripts/processes'
import { ensureTestServer } from '@/tests/support/server'

// `npm run bench` measures everything against the targets, on a PostgreSQL of its own; `-- --quick` at smaller sizes.
// `npm run bench -- list [sizes]` measures the list and the overview alone, with so many people: `1000,100000`, say.
// `npm run bench -- <name> [size]` measures one thing: `api` (people), `rotation` (grants), `sweep` (grants), `exports` (people) and
// `writes` (items, whose workers are killed) against the built portal, `imports` (rows of a roster) by the command, `calls`
// (calls) against the local registry, `sign-in` (attempts) and `burst` (people who come within a minute) against one
// with pages of its own, `mail` (mails) by a worker to an SMTP server on this machine, and `webhooks` (events) by a portal
// to a receiver that answers after a second.
type Bench = { run: (size: number) => Promise<object>; usually: number }
const benches: Record<string, Bench> = {
  api: { run: readByApi, usually: 100_000 },
  rotation: { run: rotateUnderTraffic, usually: 100_000 },
  sweep: { run: (size) => sweepAll(size), usually: 10_000 },
  burst: { run: connectManyAtOnce, usually: 1_000 },
  calls: { run: callFromManyProcesses, usually: 1_000 },
  exports: { run: exportAgainstCopy, usually: 100_000 },
  imports: { run: importRoster, usually: 100_000 },
  mail: { run: sendMails, usually: 5_000 },
  'sign-in': { run: measureCallbacks, usually: 300 },
  webhooks: { run: sendToSlowReceiver, usually: 10_000 },
  writes: { run: (size) => writeUnderKills(size), usually: 1_000 },
}
const [name, given] = process.argv.slice(2)
const quick = name === '--quick'
const bench = benches[name ?? '']
const isList = name === 'list'
const sizes = (given ?? String(bench?.usually ?? 0)).split(',')
const isGiven = sizes.every((size) => /^\d{1,7}$/.test(size)) && (isList || sizes.length === 1)
if ((name && !quick && !isList && !bench) || !isGiven) {
  console.error(`Usage: npm run bench [-- --quick | list [sizes] | ${Object.keys(benches).join(' | ')} [size]]`)
  process.exit(1)
}
delete process.env.DATABASE_URL
const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs'), '--if-stale'], { stdio: 'inherit' })
if (built.status !== 0) process.exit(1)
// What PostgreSQL has by itself is for small machines: docs/database.md.
const release = await ensureTestServer(['shared_buffers=1GB'])
try {
  if (bench) console.log(await bench.run(Number(sizes[0])))
  else {
    const isMet = isList ? measurePages(given ? sizes.map(Number) : undefined) : measureAll({ quick })
    if (!(await isMet)) process.exitCode = 1
  }
} finally {
  await release()
}
process.exit()
