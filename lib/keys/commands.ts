import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { keyIdOf } from '@/lib/crypto/sealed'
import { db, inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { keyRing, proveSealing } from '@/lib/installation/commands'
import { recordSealedRows } from '@/lib/keys/counting'
import { aadOf, countByKey, openAt, readSealedRows, tableOf } from '@/lib/keys/queries'
import { type OpenFailure, type SealedRow, type SealedTable, sealedTables } from '@/lib/keys/sealed-table'

const passesMax = 20
const passPauseMs = 250

export type RotationProgress = { resealed: number; total: number }

export type Rotation = {
  keyId: string
  /** Number of ciphertexts. */
  resealed: number
  unopened: OpenFailure[]
  /** Rows that stayed locked: run the rotation again. */
  busy: number
}

/**
 * Reseals everything under the first key of the ring, while portals with both keys run. Each batch is one statement. It
 * skips changed and locked rows: it never overwrites a withdrawal, which waits for one batch at most. Canary and lookup
 * key come last, so that a portal with only the new key cannot start early. Idempotent, also after a crash.
 *
 * @throws AppError `keys_wrong` if the ring does not open the canary, `conflict` on another registry's database
 */
export async function rotateKeys(
  onProgress: (progress: RotationProgress) => void = () => undefined,
): Promise<Rotation> {
  await proveSealing()
  const keyId = newestKeyId()
  const old = (await countByKey()).filter((count) => count.keyId !== keyId)
  const total = old.reduce((sum, { rows }) => sum + rows, 0)
  const rotation: Rotation = { keyId, resealed: 0, unopened: [], busy: 0 }
  if (total === 0) {
    await recordSealedRows()
    return rotation
  }
  const detail = { key: keyId, ciphertexts: total }
  await inTransaction((tx) => recordEvent(tx, system, { action: 'keys.rotation_started', detail }))
  const report = () => onProgress({ resealed: rotation.resealed, total })
  for (const table of sealedTables) {
    if (table.name !== 'installation') await rotateTable(table, rotation, report)
  }
  if (rotation.busy === 0) await finishRotation(rotation)
  // Portals need this count to become ready without the old key.
  await recordSealedRows()
  report()
  return rotation
}

function newestKeyId(): string {
  return keyRing().keyIds[0] ?? ''
}

/** Repeats passes over the table while rows are locked, at most `passesMax`. */
async function rotateTable(table: SealedTable, rotation: Rotation, report: () => void): Promise<void> {
  for (let pass = 1; ; pass++) {
    const unopened: OpenFailure[] = []
    let busy = 0
    let writing = Promise.resolve()
    const write = async (resealing: Resealing[]) => {
      const done = new Set(await replace(db(), table, resealing))
      for (const { row, count } of resealing) {
        if (done.has(row.id)) rotation.resealed += count
        else busy++
      }
      report()
    }
    for await (const rows of readSealedRows(table, { notUnder: rotation.keyId })) {
      const resealing = rows.map((row) => reseal(table, row, unopened)).filter(({ count }) => count > 0)
      await writing
      // PostgreSQL writes this batch while this process seals the next one.
      writing = write(resealing)
      // `await writing` throws a failure; without this, it would end the process earlier.
      writing.catch(() => undefined)
    }
    await writing
    if (busy === 0 || pass === passesMax) {
      rotation.unopened.push(...unopened)
      rotation.busy += busy
      return
    }
    await sleep(passPauseMs)
  }
}

/** Reseals the canary, in one transaction with the final event. */
async function finishRotation(rotation: Rotation): Promise<void> {
  for (const table of sealedTables.filter(({ name }) => name === 'installation')) {
    for await (const rows of readSealedRows(table)) {
      const resealing = rows.map((row) => reseal(table, row, rotation.unopened))
      const ciphertexts = rotation.resealed + resealing.reduce((sum, { count }) => sum + count, 0)
      const isDone = await inTransaction(async (tx) => {
        const done = await replace(tx, table, resealing)
        if (done.length < resealing.length) return false
        const detail = { key: rotation.keyId, ciphertexts, unopened: rotation.unopened.length }
        await recordEvent(tx, system, { action: 'keys.rotated', detail })
        return true
      })
      if (isDone) rotation.resealed = ciphertexts
      else rotation.busy++
    }
  }
}

type Resealing = { row: SealedRow; next: SealedRow['sealed']; count: number }

/** Reseals the ciphertexts that open with an older key; the others stay. */
function reseal(table: SealedTable, row: SealedRow, unopened: OpenFailure[]): Resealing {
  const next = { ...row.sealed }
  let count = 0
  for (const column of table.columns) {
    const sealed = row.sealed[column]
    if (!sealed || keyIdOf(sealed) === newestKeyId()) continue
    const opened = openAt(table, row, column, sealed)
    if (typeof opened === 'string') {
      next[column] = keyRing().seal(opened, aadOf(table, row, column))
      count++
    } else unopened.push(opened)
  }
  return { row, next, count }
}

/** Updates only unchanged rows, and returns their ids. */
async function replace(client: Tx, table: SealedTable, resealing: Resealing[]): Promise<string[]> {
  if (resealing.length === 0) return []
  const { columns, idType } = table
  const wanted = resealing.map(({ row, next }) => ({
    id: row.id,
    ...Object.fromEntries(columns.map((column) => [`old_${column}`, row.sealed[column]])),
    ...Object.fromEntries(columns.map((column) => [`new_${column}`, next[column]])),
  }))
  const shape = [`id ${idType}`, ...columns.flatMap((column) => [`old_${column} text`, `new_${column} text`])]
  const unchanged = columns.map((column) => `held.${column} is not distinct from wanted.old_${column}`).join(' and ')
  // `skip locked` prevents deadlocks: a withdrawal may lock two rows in another order.
  const done = await queryRows(
    client,
    z.object({ id: z.string() }),
    Prisma.sql`
    with wanted as materialized (
      select * from json_to_recordset(${JSON.stringify(wanted)}::json) as wanted(${Prisma.raw(shape.join(', '))})
    ), free as materialized (
      select held.id from ${tableOf(table)} held join wanted on wanted.id = held.id
      where ${Prisma.raw(unchanged)}
      for update of held skip locked
    )
    update ${tableOf(table)} held
    set ${Prisma.raw(columns.map((column) => `${column} = wanted.new_${column}`).join(', '))}
    from wanted join free on free.id = wanted.id
    where held.id = wanted.id and ${Prisma.raw(unchanged)}
    returning held.id::text as id`,
  )
  return done.map(({ id }) => id)
}
