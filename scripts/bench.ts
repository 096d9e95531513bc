import { callFromManyProcesses } from '@/bench/calls'
import { exportAgainstCopy } from '@/bench/exports'
import { rotateUnderTraffic } from '@/bench/rotation'
import { sweepAll } from '@/bench/sweep'
import { writeUnderKills } from '@/bench/writes'
import { ensureTestServer } from '@/tests/support/server'

// `npm run bench -- <name> [size]` measures on a PostgreSQL of its own: `rotation` (grants), `sweep` (grants) and `writes`
// (items, whose workers are killed) and `exports` (people) against the built portal, `calls` (calls) against the local registry.
type Bench = { run: (size: number) => Promise<object>; usually: number }
const benches: Record<string, Bench> = {
  rotation: { run: rotateUnderTraffic, usually: 100_000 },
  sweep: { run: sweepAll, usually: 10_000 },
  calls: { run: callFromManyProcesses, usually: 1_000 },
  exports: { run: exportAgainstCopy, usually: 100_000 },
  writes: { run: (size) => writeUnderKills(size), usually: 1_000 },
}
const bench = benches[process.argv[2] ?? '']
const size = process.argv[3] ?? String(bench?.usually)
if (!bench || !/^\d{1,7}$/.test(size)) {
  console.error(`Usage: npm run bench -- ${Object.keys(benches).join(' | ')} [size]`)
  process.exit(1)
}
delete process.env.DATABASE_URL
const release = await ensureTestServer()
try {
  console.log(await bench.run(Number(size)))
} finally {
  await release()
}
process.exit()
