import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { sayFault, type Verification, verifyAudit } from '@/scripts/audit-verification'
import { fail } from '@/scripts/failure'
import { compareWithDatabase, verifyReceipt } from '@/scripts/receipt-verification'
import { readVariable } from '@/scripts/variables'

// `npm run audit` looks for what was changed in the history, or in a receipt. It changes nothing, and needs no keys.
const usage = `Usage: npm run audit -- verify [--database URL] [--expect NUMBER:HASH]
       npm run audit -- receipt FILE [--database URL] [--expect NUMBER:HASH]
  --database  the database, also a restored copy; default for verify: DATABASE_URL; a receipt needs none
  --expect    a checkpoint that was noted elsewhere (log line "created an audit checkpoint", /staff/audit): it must be there as noted`

try {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { database: { type: 'string' }, expect: { type: 'string' } },
  })
  const [command, file, ...others] = positionals
  const expected = values.expect === undefined ? undefined : parseCheckpoint(values.expect)
  if (command === 'receipt' && file && others.length === 0) {
    if (!(await reportReceipt(readFileSync(file, 'utf8'), values.database, expected))) process.exitCode = 1
  } else if (command === 'verify' && file === undefined) {
    const url = values.database ?? readVariable('DATABASE_URL')
    if (!url) throw new Error(`Set DATABASE_URL, or give --database\n${usage}`)
    const verification = await verifyAudit(url, expected?.number)
    if (!report(verification, expected)) process.exitCode = 1
  } else throw new Error(usage)
} catch (error) {
  fail(error, 2)
}

type ExpectedCheckpoint = { number: number; hash: string }

function parseCheckpoint(text: string): ExpectedCheckpoint {
  const [, number, hash] = /^(\d{1,9}):([0-9a-f]{64})$/.exec(text) ?? []
  if (!number || !hash) throw new Error(`--expect takes a checkpoint's number and its hash: 12:9f86d0…\n${usage}`)
  return { number: Number(number), hash }
}

/** Prints what was found, and says whether all of it is right. */
function report(found: Verification, expected: ExpectedCheckpoint | undefined): boolean {
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

/** Prints what a receipt proves, what is wrong with it and what it leaves open, and says whether nothing is wrong. */
async function reportReceipt(
  text: string,
  databaseUrl: string | undefined,
  expected: ExpectedCheckpoint | undefined,
): Promise<boolean> {
  const { parts, proven, faults, open } = verifyReceipt(text)
  if (parts) {
    const { facts, history } = parts
    const { reference, researcher, institution } = facts
    console.log(`Receipt ${reference} of ${researcher.name ?? 'somebody'}, ${researcher.id}, from ${institution.name}`)
    if (expected) {
      const head = history.checkpoints.find(({ number }) => number === expected.number)
      if (!head) faults.push(`checkpoint ${expected.number}: is not in the file`)
      else if (head.hash !== expected.hash) faults.push(`checkpoint ${head.number}: is another one than was noted`)
      else proven.push(`Checkpoint ${head.number} is the one that was noted.`)
    }
    if (databaseUrl) {
      const differences = await compareWithDatabase(databaseUrl, parts)
      faults.push(...differences)
      if (differences.length === 0) proven.push('The database has the same events and checkpoints.')
    }
    for (const { number, hash } of databaseUrl ? [] : history.checkpoints) {
      if (number === expected?.number) continue
      open.push(
        `That ${number}:${hash} is a checkpoint of the portal. Compare it with one that was noted elsewhere (--expect), or with the database (--database).`,
      )
    }
  }
  for (const sentence of proven) console.log(`Proven: ${sentence}`)
  for (const sentence of open) console.log(`Not proven: ${sentence}`)
  for (const fault of faults) console.error(`FAULT: ${fault}`)
  return faults.length === 0
}
