import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { sayFault, type Verification, verifyAudit } from '@/scripts/audit-verification'
import { fail } from '@/scripts/failure'
import { readVariable } from '@/scripts/variables'

// `npm run audit -- verify` looks for what was changed in the history. It changes nothing, and needs no keys.
const usage = `Usage: npm run audit -- verify [--database URL] [--expect NUMBER:HASH]
  --database  the database, also a restored copy; default: DATABASE_URL
  --expect    a checkpoint that was noted elsewhere (log line "created an audit checkpoint", /staff/audit): it must be there as noted`

try {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { database: { type: 'string' }, expect: { type: 'string' } },
  })
  if (positionals.join(' ') !== 'verify') throw new Error(usage)
  const url = values.database ?? readVariable('DATABASE_URL')
  if (!url) throw new Error(`Set DATABASE_URL, or give --database\n${usage}`)
  const expected = values.expect === undefined ? undefined : parseCheckpoint(values.expect)
  const verification = await verifyAudit(url, expected?.number)
  if (!report(verification, expected)) process.exitCode = 1
} catch (error) {
  fail(error, 2)
}

function parseCheckpoint(text: string): { number: number; hash: string } {
  const [, number, hash] = /^(\d{1,9}):([0-9a-f]{64})$/.exec(text) ?? []
  if (!number || !hash) throw new Error(`--expect takes a checkpoint's number and its hash: 12:9f86d0…\n${usage}`)
  return { number: Number(number), hash }
}

/** Prints what was found, and says whether all of it is right. */
function report(found: Verification, expected: { number: number; hash: string } | undefined): boolean {
  const { fault, head, uncovered } = found
  console.log(`${found.coveredEvents} events under ${found.checkpoints} checkpoints are unchanged`)
  if (head) {
    console.log(
      `covered up to event ${head.lastEventId}, ${head.createdAt.toISOString()}; checkpoint ${head.number}:${head.hash}`,
    )
  }
  const since = uncovered.oldestAt ? `, the oldest of ${uncovered.oldestAt.toISOString()}` : ''
  console.log(`${uncovered.events} events are not covered yet${since}`)
  if (fault) {
    console.error(`FAULT: ${sayFault(fault)}`)
    if (found.now) console.error(`It says now: ${found.now}`)
    return false
  }
  if (expected && found.expectedHash !== expected.hash) {
    console.error(
      found.expectedHash
        ? `FAULT: checkpoint ${expected.number} is another one than was noted: the chain was made anew`
        : `FAULT: checkpoint ${expected.number} is missing: the end of the chain was cut off, or this copy is older`,
    )
    return false
  }
  return true
}
