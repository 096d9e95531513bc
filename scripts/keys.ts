import { existsSync } from 'node:fs'
import { parseEnv } from '@/lib/config/env'
import { formatFaults } from '@/lib/config/fault'
import { findHold } from '@/lib/installation/restore-detection'
import { rotateKeys } from '@/lib/keys/commands'
import { dropLostKey } from '@/lib/keys/loss'
import { countByKey, verifySealed } from '@/lib/keys/queries'
import type { OpenFailure } from '@/lib/keys/sealed-table'
import { sentenceOf } from '@/scripts/failure'

// `npm run keys -- status | rotate | verify`: which sealing keys are in use, seals everything anew under the newest,
// and opens everything. `forget` gives up what is under a key that is lost: docs/keys.md says what comes before it. All
// take the portal's own configuration and print no token and no key.
const disabled = '--orcid-has-disabled-its-tokens'
const usage = `Usage: npm run keys -- status | rotate | verify | forget <key id> ${disabled}`
const listedMax = 100
const progressEveryMs = 2_000

const commands: Record<string, (...args: string[]) => Promise<number>> = { status, rotate, verify, forget }

if (existsSync('.env')) process.loadEnvFile('.env')
const [name = '', ...rest] = process.argv.slice(2)
const command = rest.length === (name === 'forget' ? 2 : 0) ? commands[name] : undefined
process.exit(command ? await run(() => command(...rest)) : refuse(usage))

async function run(work: () => Promise<number>): Promise<number> {
  const parsed = parseEnv()
  if ('faults' in parsed) return refuse(formatFaults(parsed.faults).replace('Concord cannot start', 'Nothing was done'))
  try {
    return await work()
  } catch (error) {
    return refuse(`${sentenceOf(error)}.`)
  }
}

function refuse(text: string): number {
  console.error(text)
  return 1
}

function ringIds(): string[] {
  const parsed = parseEnv()
  return 'env' in parsed ? parsed.env.tokenKeys.map(({ id }) => id) : []
}

async function status(): Promise<number> {
  const counts = await countByKey()
  const ring = ringIds()
  const used = new Set(counts.map(({ keyId }) => keyId))
  const missing = [...used].filter((id) => !ring.includes(id))
  for (const id of [...ring, ...missing]) {
    const role = id === ring[0] ? 'seals what is new' : ring.includes(id) ? 'opens' : 'NOT IN TOKEN_KEYS'
    console.log(`${id}  ${role}`)
    for (const { keyId, table, column, rows } of counts) {
      if (keyId === id) console.log(`    ${`${table}.${column}`.padEnd(36)} ${String(rows).padStart(10)}`)
    }
    if (!used.has(id)) console.log(id === ring[0] ? '    nothing yet' : '    nothing: it may be taken away')
  }
  return missing.length > 0 ? 1 : 0
}

async function rotate(): Promise<number> {
  const startedAt = Date.now()
  let saidAt = startedAt
  const { keyId, resealed, unopened, busy } = await rotateKeys(({ resealed, total }) => {
    if (Date.now() - saidAt < progressEveryMs) return
    saidAt = Date.now()
    console.log(`${resealed} of ${total} (${perSecond(resealed, startedAt)}/s)`)
  })
  const took = ((Date.now() - startedAt) / 1_000).toFixed(1)
  console.log(`Sealed anew under ${keyId}: ${resealed} in ${took} s (${perSecond(resealed, startedAt)}/s)`)
  list(unopened)
  if (busy > 0) console.error(`${busy} rows were in use the whole time: run this again`)
  else if (unopened.length === 0) console.log(`Everything is sealed under ${keyId}.`)
  return unopened.length + busy > 0 ? 1 : 0
}

async function verify(): Promise<number> {
  let saidAt = Date.now()
  const { opened, unopened } = await verifySealed((opened) => {
    if (Date.now() - saidAt < progressEveryMs) return
    saidAt = Date.now()
    console.log(`${opened} opened`)
  })
  list(unopened)
  console.log(`${opened} open, ${unopened.length} do not.`)
  return unopened.length > 0 ? 1 : 0
}

async function forget(keyId: string, confirmation: string): Promise<number> {
  if (confirmation !== disabled) return refuse(usage)
  if (await findHold())
    return refuse('Nothing was given up: this database was restored and is held. Release it first (docs/backups.md).')
  const { grants, revocations, attempts } = await dropLostKey(keyId)
  console.log(`Given up: ${grants} grants ended, ${revocations} revocations closed, ${attempts} lost exchanges ended.`)
  return 0
}

function list(unopened: OpenFailure[]): void {
  for (const { table, row, column, reason } of unopened.slice(0, listedMax)) {
    console.error(`does not open: ${table} ${row} ${column}: ${reason}`)
  }
  if (unopened.length > listedMax) console.error(`and ${unopened.length - listedMax} more`)
}

function perSecond(count: number, startedAt: number): number {
  return Math.round((count * 1_000) / Math.max(1, Date.now() - startedAt))
}
