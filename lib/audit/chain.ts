import { createHash } from 'node:crypto'
import { z } from 'zod'
import { merklePath, merkleRoot, rootByPath } from '@/lib/audit/merkle'

/**
 * The hashed form of an event. It has all columns, so that no change goes unnoticed. `detail` is jsonb's canonical
 * text; `at` is UTC with milliseconds.
 */
export const chainedEvent = z.object({
  id: z.bigint(),
  at: z.string(),
  action: z.string(),
  actorKind: z.string(),
  actorId: z.string().nullable(),
  researcherId: z.string().nullable(),
  attemptId: z.string().nullable(),
  grantId: z.string().nullable(),
  requestId: z.string().nullable(),
  detail: z.string(),
})
export type ChainedEvent = z.infer<typeof chainedEvent>

/** The `select` list for `ChainedEvent`s. */
export const chainedEventColumns = `id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, action,
  actor_kind::text as "actorKind", actor_id::text as "actorId", researcher_id::text as "researcherId",
  attempt_id::text as "attemptId", grant_id::text as "grantId", request_id as "requestId", detail::text as detail`

/** Covers a batch of events; `hash` includes the hash of the previous batch. */
export type Checkpoint = {
  number: number
  firstEventId: bigint
  lastEventId: bigint
  count: number
  /** For each event its id (8 bytes, big-endian), then `contentDigest` (32 bytes). */
  digests: Uint8Array
  previousHash: string
  hash: string
  createdAt: Date
}

const firstPreviousHash = '0'.repeat(64)
const idBytes = 8
const entryBytes = 40

/** SHA-256 without the id, so that a moved row is recognized. */
export function contentDigest({ id: _id, ...content }: ChainedEvent): Buffer {
  const { at, action, actorKind, actorId, researcherId, attemptId, grantId, requestId, detail } = content
  const parts = [at, action, actorKind, actorId, researcherId, attemptId, grantId, requestId, detail]
  return createHash('sha256').update(JSON.stringify(parts)).digest()
}

/** @param events ordered by id, at least one */
export function makeCheckpoint(
  events: readonly ChainedEvent[],
  previous: Checkpoint | null,
  createdAt: Date,
): Checkpoint {
  const [first, last] = [events[0], events.at(-1)]
  if (!first || !last) throw new RangeError('A checkpoint needs events')
  const digests = Buffer.concat(events.flatMap((event) => [toBytes(event.id), contentDigest(event)]))
  const checkpoint = {
    number: (previous?.number ?? 0) + 1,
    firstEventId: first.id,
    lastEventId: last.id,
    count: events.length,
    digests,
    previousHash: previous?.hash ?? firstPreviousHash,
    createdAt,
  }
  return { ...checkpoint, hash: headHash({ ...checkpoint, root: rootOf(checkpoint) }) }
}

/** A checkpoint without its digests: their Merkle root stands for them. */
export type CheckpointHead = Omit<Checkpoint, 'digests' | 'hash'> & { root: string }

/** The hash of a checkpoint. */
export function headHash({ number, firstEventId, lastEventId, count, previousHash, createdAt, root }: CheckpointHead) {
  const facts = [
    'concord audit checkpoint 1',
    previousHash,
    number,
    `${firstEventId}`,
    `${lastEventId}`,
    count,
    createdAt,
    root,
  ]
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex')
}

const rootOf = (checkpoint: Pick<Checkpoint, 'digests'>) => merkleRoot(leavesOf(checkpoint)).toString('hex')

function leavesOf({ digests }: Pick<Checkpoint, 'digests'>): Buffer[] {
  const bytes = Buffer.from(digests)
  return Array.from({ length: bytes.length / entryBytes }, (_, index) =>
    bytes.subarray(index * entryBytes, (index + 1) * entryBytes),
  )
}

/** How an event is found under a checkpoint without the other events: its place, and hashes from there to the root. */
export type EventProof = { head: CheckpointHead; index: number; path: Buffer[] }

/** Returns null if the checkpoint does not cover the event. */
export function proveEvent(checkpoint: Checkpoint, eventId: bigint): EventProof | null {
  const index = readEntries(checkpoint).findIndex(({ id }) => id === eventId)
  if (index < 0) return null
  const { digests: _digests, hash: _hash, ...head } = checkpoint
  return { head: { ...head, root: rootOf(checkpoint) }, index, path: merklePath(leavesOf(checkpoint), index) }
}

/** Whether the event is under the checkpoint. */
export function isProven(event: ChainedEvent, { head, index, path }: EventProof): boolean {
  const leaf = Buffer.concat([toBytes(event.id), contentDigest(event)])
  return rootByPath(leaf, { index, count: head.count }, path)?.toString('hex') === head.root
}

/** The first manipulated checkpoint or event. */
export type ChainFault =
  | { kind: 'checkpoint_missing' | 'checkpoint_changed'; checkpoint: number }
  | { kind: 'changed' | 'removed' | 'inserted'; checkpoint: number; eventId: bigint }
  /** Row `eventId` has the content that row `insteadOf` had at its checkpoint. */
  | { kind: 'reordered'; checkpoint: number; eventId: bigint; insteadOf: bigint }

/** Returns null if the checkpoint is unchanged and follows `previous`. */
export function findCheckpointFault(checkpoint: Checkpoint, previous: Checkpoint | null): ChainFault | null {
  const number = (previous?.number ?? 0) + 1
  if (checkpoint.number !== number) return { kind: 'checkpoint_missing', checkpoint: number }
  const follows = checkpoint.previousHash === (previous?.hash ?? firstPreviousHash)
  return follows && headHash({ ...checkpoint, root: rootOf(checkpoint) }) === checkpoint.hash
    ? null
    : { kind: 'checkpoint_changed', checkpoint: number }
}

/** @param events all rows of the checkpoint's id range, ordered by id, from the end of the previous checkpoint on */
export function findEventFault(checkpoint: Checkpoint, events: readonly ChainedEvent[]): ChainFault | null {
  const entries = readEntries(checkpoint)
  for (let at = 0; at < Math.max(entries.length, events.length); at++) {
    const [entry, event] = [entries[at], events[at]]
    if (entry && (!event || event.id > entry.id))
      return { kind: 'removed', checkpoint: checkpoint.number, eventId: entry.id }
    if (event && (!entry || event.id < entry.id))
      return { kind: 'inserted', checkpoint: checkpoint.number, eventId: event.id }
    if (!entry || !event || contentDigest(event).equals(entry.digest)) continue
    const origin = entries.find(({ digest }) => contentDigest(event).equals(digest))
    return origin
      ? { kind: 'reordered', checkpoint: checkpoint.number, eventId: event.id, insteadOf: origin.id }
      : { kind: 'changed', checkpoint: checkpoint.number, eventId: event.id }
  }
  return null
}

function readEntries(checkpoint: Checkpoint): { id: bigint; digest: Buffer }[] {
  return leavesOf(checkpoint).map((leaf) => ({ id: leaf.readBigInt64BE(0), digest: leaf.subarray(idBytes) }))
}

function toBytes(id: bigint): Buffer {
  const bytes = Buffer.alloc(idBytes)
  bytes.writeBigInt64BE(id)
  return bytes
}
