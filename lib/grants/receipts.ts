import 'server-only'
import type { ResearcherActor } from '@/lib/actor'
import { contentDigest } from '@/lib/audit/chain'
import { listProvenEvents, type ProvenEvent } from '@/lib/audit/proofs'
import { db, Prisma } from '@/lib/db'
import {
  makeReceipt,
  type Receipt,
  type ReceiptCheckpoint,
  type ReceiptEvent,
  type ReceiptParts,
  receiptFacts,
  stateAfter,
} from '@/lib/grants/receipt'

/** The receipt of the permission that an attempt of the actor's brought, or null. */
export async function findMyReceipt(actor: ResearcherActor, reference: string): Promise<Receipt | null> {
  const [receipt] = await listReceipts(actor, { attempt: { reference } })
  return receipt ?? null
}

/** All receipts of the actor, oldest first, for their download. */
export function listMyReceipts(actor: ResearcherActor): Promise<Receipt[]> {
  return listReceipts(actor, {})
}

/** The references of the actor's permissions that have a receipt. */
export async function listMyReceiptReferences({ researcherId }: ResearcherActor): Promise<ReadonlySet<string>> {
  const grants = await db().grant.findMany({
    where: { researcherId, receipt: { not: Prisma.DbNull } },
    select: { attempt: { select: { reference: true } } },
  })
  return new Set(grants.map(({ attempt }) => attempt.reference))
}

async function listReceipts({ researcherId }: ResearcherActor, filter: Prisma.GrantWhereInput): Promise<Receipt[]> {
  const grants = await db().grant.findMany({
    where: { researcherId, receipt: { not: Prisma.DbNull }, ...filter },
    orderBy: [{ grantedAt: 'asc' }, { id: 'asc' }],
    select: {
      id: true,
      state: true,
      grantedAt: true,
      endedAt: true,
      receipt: true,
      supersededBy: { select: { attempt: { select: { reference: true } } } },
      attempt: { select: { shownText: { select: { locale: true, content: true } } } },
    },
  })
  const grantIds = grants.map(({ id }) => id)
  const events = await listProvenEvents(researcherId, { grantIds, actions: Object.keys(stateAfter) })
  return grants.map(({ id, receipt, state, grantedAt, endedAt, supersededBy, attempt: { shownText } }) => {
    const own = events.filter(({ event }) => event.grantId === id)
    const last = own.at(-1)?.event
    return makeReceipt({
      facts: receiptFacts.parse(receipt),
      shown: shownText && {
        language: shownText.locale,
        sentences: shownText.content as NonNullable<ReceiptParts['shown']>['sentences'],
      },
      standing: {
        state,
        since: last && stateAfter[last.action] === state ? last.at : (endedAt ?? grantedAt).toISOString(),
        replacedBy: supersededBy?.attempt.reference ?? null,
        asOf: new Date().toISOString(),
      },
      history: { events: own.map(toReceiptEvent), checkpoints: toCheckpoints(own) },
    })
  })
}

function toReceiptEvent({ event, proof }: ProvenEvent): ReceiptEvent {
  const { id, actorKind, ...content } = event
  return {
    number: Number(id),
    ...content,
    actorKind: actorKind as ReceiptEvent['actorKind'],
    digest: contentDigest(event).toString('hex'),
    proof: proof && {
      checkpoint: proof.head.number,
      index: proof.index,
      path: proof.path.map((each) => each.toString('hex')),
    },
  }
}

function toCheckpoints(events: readonly ProvenEvent[]): ReceiptCheckpoint[] {
  const heads = new Map(events.flatMap(({ proof }) => (proof ? [[proof.head.number, proof] as const] : [])))
  return [...heads.values()].map(({ head, hash }) => ({
    number: head.number,
    previous: head.previousHash,
    firstEvent: Number(head.firstEventId),
    lastEvent: Number(head.lastEventId),
    count: head.count,
    createdAt: head.createdAt.toISOString(),
    root: head.root,
    hash,
  }))
}
