import { createHash } from 'node:crypto'

/**
 * An event as PostgreSQL writes it: what the chain is over. `detail` is jsonb's own text, which has one form for one
 * value; the time is in UTC with milliseconds. Everything that a row holds is here, so that no part can change unseen.
 */
export type ChainedEvent = {
  id: bigint
  at: string
  action: string
  actorKind: string
  actorId: string | null
  researcherId: string | null
  attemptId: string | null
  grantId: string | null
  requestId: string | null
  detail: string
}

/** What a query selects from `audit_event` to get `ChainedEvent`s. */
export const chainedEventColumns = `id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, action,
  actor_kind::text as "actorKind", actor_id::text as "actorId", researcher_id::text as "researcherId",
  attempt_id::text as "attemptId", grant_id::text as "grantId", request_id as "requestId", detail::text as detail`

/** A batch of events: the ids and digests of its events, and the hash that ties it to the batch before. */
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

/** SHA-256 of what an event says, without its id: so a row that took another's place is known again. */
export function contentDigest({ id: _id, ...content }: ChainedEvent): Buffer {
  const { at, action, actorKind, actorId, researcherId, attemptId, grantId, requestId, detail } = content
  const parts = [at, action, actorKind, actorId, researcherId, attemptId, grantId, requestId, detail]
  return createHash('sha256').update(JSON.stringify(parts)).digest()
}

/** Seals events, at least one and in the order of their ids, behind the checkpoint before them. */
export function makeCheckpoint(
  events: readonly ChainedEvent[],
  previous: Checkpoint | null,
  createdAt: Date,
): Checkpoint {
  const [first, last] = [events[0], events.at(-1)]
  if (!first || !last) throw new RangeError('There is nothing to checkpoint')
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
  return { ...checkpoint, hash: checkpointHash(checkpoint) }
}

function checkpointHash(checkpoint: Omit<Checkpoint, 'hash'>): string {
  const { number, firstEventId, lastEventId, count, previousHash, createdAt, digests } = checkpoint
  const facts = [
    'concord audit checkpoint 1',
    previousHash,
    number,
    `${firstEventId}`,
    `${lastEventId}`,
    count,
    createdAt,
  ]
  return createHash('sha256').update(JSON.stringify(facts)).update(digests).digest('hex')
}

/** What is wrong with the history: a checkpoint or an event, the first in order, and what was done to it. */
export type ChainFault =
  | { kind: 'checkpoint_missing' | 'checkpoint_changed'; checkpoint: number }
  | { kind: 'changed' | 'removed' | 'inserted'; checkpoint: number; eventId: bigint }
  /** The row with `eventId` says what the one with `insteadOf` said when it was sealed. */
  | { kind: 'reordered'; checkpoint: number; eventId: bigint; insteadOf: bigint }

/** Whether a checkpoint follows the one before it and is as it was made. */
export function findCheckpointFault(checkpoint: Checkpoint, previous: Checkpoint | null): ChainFault | null {
  const number = (previous?.number ?? 0) + 1
  if (checkpoint.number !== number) return { kind: 'checkpoint_missing', checkpoint: number }
  const follows = checkpoint.previousHash === (previous?.hash ?? firstPreviousHash)
  return follows && checkpointHash(checkpoint) === checkpoint.hash
    ? null
    : { kind: 'checkpoint_changed', checkpoint: number }
}

/**
 * The first event that is not as it was sealed, or null. `events` are all rows with ids after the last one of the checkpoint
 * before, up to the last one of this checkpoint, in order.
 */
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

function readEntries({ digests, count }: Checkpoint): { id: bigint; digest: Buffer }[] {
  const bytes = Buffer.from(digests)
  return Array.from({ length: count }, (_, index) => {
    const start = index * entryBytes
    return { id: bytes.readBigInt64BE(start), digest: bytes.subarray(start + idBytes, start + entryBytes) }
  })
}

function toBytes(id: bigint): Buffer {
  const bytes = Buffer.alloc(idBytes)
  bytes.writeBigInt64BE(id)
  return bytes
}
