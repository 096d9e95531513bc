import 'server-only'
import { createHash } from 'node:crypto'
import type { ApiActor } from '@/lib/actor'
import { db, direct } from '@/lib/db'
import { exportForSystem } from '@/lib/exports/commands'
import { type Destination, openFolder } from '@/lib/exports/destination'
import { type ExportFormat, extensionOf } from '@/lib/exports/format'
import { DeliveryError } from '@/lib/exports/plan'
import { openPrivateKey } from '@/lib/exports/plan-key'
import { encryptTo, endingOf } from '@/lib/exports/recipient'
import { openSftp } from '@/lib/exports/sftp'
import { recordUse } from '@/lib/systems/use'

export type DeliveryPlan = NonNullable<Awaited<ReturnType<typeof findDeliveryPlan>>>
export type Delivered = { name: string; rows: number; bytes: bigint; sha256: string }

/** A plan with what its delivery needs. */
export const findDeliveryPlan = (id: string) => db().exportPlan.findUnique({ where: { id } })

/** Opens where the files of a plan go, and keeps the host key that the server showed. @throws DeliveryError */
export async function openDestination(plan: DeliveryPlan): Promise<Destination> {
  if (plan.place === 'folder') return openFolder(plan.id)
  const { host, port, username, path, hostKey } = plan
  if (!host || !port || !username || !path) throw new DeliveryError('unreachable')
  const privateKey = openPrivateKey(plan)
  if (!privateKey) throw new DeliveryError('key_lost')
  let shown: string | null = null
  const onHostKey = (key: string) => {
    shown = key
  }
  try {
    return await openSftp({ host, port, username, path, hostKey, privateKey }, onHostKey)
  } finally {
    if (shown && shown !== plan.offeredHostKey) {
      await db().exportPlan.update({ where: { id: plan.id }, data: { offeredHostKey: shown } })
    }
  }
}

/**
 * Writes the file of a plan, and then its manifest. Null if too many exports run now. Who is in it is decided now.
 *
 * @throws DeliveryError
 */
export async function deliver(plan: DeliveryPlan, actor: ApiActor, dueAt: Date): Promise<Delivered | null> {
  const destination = await openDestination(plan)
  try {
    const format = plan.format as ExportFormat
    const file = await exportForSystem(actor, { planId: plan.id, format, dn: plan.dn })
    if (file === 'busy') return null
    if (file === 'too_many_rows') throw new DeliveryError('too_many_rows')
    const measured = { bytes: 0n, hash: createHash('sha256') }
    const name = nameOf(plan, dueAt)
    try {
      const content = plan.recipient ? await encryptTo(plan.recipient, withoutEmpty(file.parts)) : file.parts
      await destination.write(name, measure(content, measured))
    } finally {
      file.stop.abort()
      await file.parts.return().catch(() => undefined)
    }
    const { rows } = await db().exportRun.findUniqueOrThrow({ where: { id: file.id }, select: { rows: true } })
    await recordUse(direct, actor, 'people:read', null)
    const delivered = { name, rows, bytes: measured.bytes, sha256: measured.hash.digest('hex') }
    await destination.write(`${name}.manifest.json`, toManifest(plan, actor, delivered))
    return delivered
  } finally {
    destination.close()
  }
}

/** The same at each try for one due time, so that a try after a crash replaces what the one before wrote. */
function nameOf({ id, format, recipient }: DeliveryPlan, dueAt: Date): string {
  const at = dueAt.toISOString().replace(/[-:]/g, '').slice(0, 13)
  return `orcid-${id.slice(0, 8)}-${at}Z.${extensionOf(format as ExportFormat)}${endingOf(recipient)}`
}

async function* withoutEmpty(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const part of parts) if (part.length > 0) yield part
}

async function* measure(
  file: AsyncIterable<Uint8Array>,
  measured: { bytes: bigint; hash: ReturnType<typeof createHash> },
): AsyncGenerator<Uint8Array> {
  for await (const part of file) {
    if (part.length === 0) continue
    measured.bytes += BigInt(part.length)
    measured.hash.update(part)
    yield part
  }
}

async function* toManifest(
  { format }: DeliveryPlan,
  { name: system }: ApiActor,
  { name, rows, bytes, sha256 }: Delivered,
): AsyncGenerator<Uint8Array> {
  const manifest = { file: name, format, rows, bytes: Number(bytes), sha256, system, made_at: new Date().toISOString() }
  yield Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)
}
