import { rotateUnderTraffic } from '@/bench/rotation'
import { ensureTestServer } from '@/tests/support/server'

// `npm run bench -- rotation [grants]`: measures on a PostgreSQL of its own, against the built portal.
const [name, size = '100000'] = process.argv.slice(2)
const benches: Record<string, (size: number) => Promise<object>> = { rotation: rotateUnderTraffic }
const bench = benches[name ?? '']
if (!bench || !/^\d{1,7}$/.test(size)) {
  console.error(`Usage: npm run bench -- ${Object.keys(benches).join(' | ')} [size]`)
  process.exit(1)
}
delete process.env.DATABASE_URL
const release = await ensureTestServer()
try {
  console.log(await bench(Number(size)))
} finally {
  await release()
}
process.exit()
