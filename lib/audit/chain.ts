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
export type Seal = {
  number: number
  firstEventId: bigint
  lastEventId: bigint
  count: number
  /** For each event its id (8 bytes, big-endian), then `contentDigest` (32 bytes). */
  digests: Uint8Array
  previousHash: string
  hash: string
  sealedAt: Date
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

/** Seals events, at least one and in the order of their ids, behind the seal before them. */
export function sealEvents(events: readonly ChainedEvent[], previous: Seal | null, sealedAt: Date): Seal {
  const [first, last] = [events[0], events.at(-1)]
  if (!first || !last) throw new RangeError('There is nothing to seal')
  const digests = Buffer.concat(events.flatMap((event) => [toBytes(event.id), contentDigest(event)]))
  const seal = {
    number: (previous?.number ?? 0) + 1,
    firstEventId: first.id,
    lastEventId: last.id,
    count: events.length,
    digests,
    previousHash: previous?.hash ?? firstPreviousHash,
    sealedAt,
  }
  return { ...seal, hash: sealHash(seal) }
}

function sealHash(seal: Omit<Seal, 'hash'>): string {
  const { number, firstEventId, lastEventId, count, previousHash, sealedAt, digests } = seal
  const facts = ['concord audit seal 1', previousHash, number, `${firstEventId}`, `${lastEventId}`, count, sealedAt]
  return createHash('sha256').update(JSON.stringify(facts)).update(digests).digest('hex')
}

/** What is wrong with the history: a seal or an event, the first in order, and what was done to it. */
export type ChainFault =
  | { kind: 'seal_missing' | 'seal_changed'; seal: number }
  | { kind: 'changed' | 'removed' | 'inserted'; seal: number; eventId: bigint }
  /** The row with `eventId` says what the one with `insteadOf` said when it was sealed. */
  | { kind: 'reordered'; seal: number; eventId: bigint; insteadOf: bigint }

/** Whether a seal follows the one before it and is as it was made. */
export function findSealFault(seal: Seal, previous: Seal | null): ChainFault | null {
  const number = (previous?.number ?? 0) + 1
  if (seal.number !== number) return { kind: 'seal_missing', seal: number }
  const follows = seal.previousHash === (previous?.hash ?? firstPreviousHash)
  return follows && sealHash(seal) === seal.hash ? null : { kind: 'seal_changed', seal: number }
}

/**
 * The first event that is not as it was sealed, or null. `events` are all rows with ids after the last one of the seal
 * before, up to the last one of this seal, in order.
 */
export function findEventFault(seal: Seal, events: readonly ChainedEvent[]): ChainFault | null {
  const entries = readEntries(seal)
  for (let at = 0; at < Math.max(entries.length, events.length); at++) {
    const [entry, event] = [entries[at], events[at]]
    if (entry && (!event || event.id > entry.id)) return { kind: 'removed', seal: seal.number, eventId: entry.id }
    if (event && (!entry || event.id < entry.id)) return { kind: 'inserted', seal: seal.number, eventId: event.id }
    if (!entry || !event || contentDigest(event).equals(entry.digest)) continue
    const origin = entries.find(({ digest }) => contentDigest(event).equals(digest))
    return origin
      ? { kind: 'reordered', seal: seal.number, eventId: event.id, insteadOf: origin.id }
      : { kind: 'changed', seal: seal.number, eventId: event.id }
  }
  return null
}

function readEntries({ digests, count }: Seal): { id: bigint; digest: Buffer }[] {
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
