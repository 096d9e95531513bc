import { z } from 'zod'
import { canonicalHash } from '@/lib/crypto/canonical'
import { endStates } from '@/lib/grants/grant'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const time = z.iso.datetime({ precision: 3 })
const count = z.int().nonnegative()

/** What never changes about a permission. The event `grant.saved` has its hash. */
export const receiptFacts = z.strictObject({
  reference: z.string(),
  grant: z.uuid(),
  institution: z.strictObject({ name: z.string(), email: z.string(), portal: z.string() }),
  researcher: z.strictObject({ id: z.string(), name: z.string().nullable() }),
  purpose: z.enum(['connect', 'sign_in', 'narrow', 'trial']),
  /** The campaign that asked. */
  campaign: z.string().nullable(),
  asked: z.array(z.string()),
  granted: z.array(z.string()),
  /** The hash of the language and the sentences; null for a sign-in, which shows none. */
  shownText: hash.nullable(),
  grantedAt: time,
  validUntil: time,
  registry: z.enum(['production', 'sandbox', 'local']),
  clientId: z.string(),
  /** Random: without it, nobody can try names and iDs on the hash. */
  salt: z.string(),
})

export type ReceiptFacts = z.infer<typeof receiptFacts>

const sentences = z.looseObject({
  permissions: z.array(z.looseObject({ scope: z.string(), title: z.string() })),
})

/** `ChainedEvent`, with a place under a checkpoint once there is one. */
const event = z.strictObject({
  number: count,
  at: time,
  action: z.string(),
  actorKind: z.enum(['researcher', 'system']),
  actorId: z.uuid().nullable(),
  researcherId: z.uuid().nullable(),
  attemptId: z.uuid().nullable(),
  grantId: z.uuid().nullable(),
  requestId: z.string().nullable(),
  detail: z.string(),
  digest: hash,
  proof: z.strictObject({ checkpoint: count, index: count, path: z.array(hash) }).nullable(),
})

const checkpoint = z.strictObject({
  number: count,
  /** The hash of the checkpoint before. */
  previous: hash,
  firstEvent: count,
  lastEvent: count,
  count,
  createdAt: time,
  root: hash,
  hash,
})

const parts = z.strictObject({
  facts: receiptFacts,
  shown: z.strictObject({ language: z.string(), sentences }).nullable(),
  /** How the permission stood when the receipt was made. */
  standing: z.strictObject({
    state: z.enum(['live', ...endStates]),
    since: time,
    replacedBy: z.string().nullable(),
    asOf: time,
  }),
  history: z.strictObject({ events: z.array(event), checkpoints: z.array(checkpoint) }),
})

export type ReceiptParts = z.infer<typeof parts>
export type ReceiptEvent = z.infer<typeof event>
export type ReceiptCheckpoint = z.infer<typeof checkpoint>

/** A file of a receipt. `makeReceipt` says what the other members must be. */
export const receiptFile = z.looseObject({ ...parts.shape })

const ownTerm = (name: string, type: string) => ({ '@id': `vocabulary:${name}`, '@type': type })

// Inline, so that nothing has to be fetched. The vocabulary has a UUID for a name: nobody has to own a domain for it.
const context = {
  '@version': 1.1,
  '@vocab': 'urn:uuid:7c1c1b53-5f0f-4c0e-9d0a-6f3a2c8e41b7#',
  vocabulary: 'urn:uuid:7c1c1b53-5f0f-4c0e-9d0a-6f3a2c8e41b7#',
  schema: 'https://schema.org/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  id: '@id',
  type: '@type',
  name: 'schema:name',
  email: 'schema:email',
  portal: { '@id': 'schema:url', '@type': '@id' },
  reference: 'schema:identifier',
  language: 'schema:inLanguage',
  asOf: { '@id': 'schema:dateCreated', '@type': 'xsd:dateTime' },
  grantedAt: ownTerm('grantedAt', 'xsd:dateTime'),
  validUntil: ownTerm('validUntil', 'xsd:dateTime'),
  since: ownTerm('since', 'xsd:dateTime'),
  sentences: ownTerm('sentences', '@json'),
  events: ownTerm('events', '@json'),
  checkpoints: ownTerm('checkpoints', '@json'),
}

export type Receipt = ReturnType<typeof makeReceipt>

/** The receipt of a permission as JSON-LD. The same parts give the same receipt. */
export function makeReceipt({ facts, shown, standing, history }: ReceiptParts) {
  const { institution, reference, granted } = facts
  const titles = new Map(shown?.sentences.permissions.map(({ scope, title }) => [scope, title]))
  const receipt = {
    '@context': context,
    id: `${institution.portal}${receiptPath(reference)}`,
    type: 'PermissionReceipt',
    format: 'concord permission receipt 1',
    verifiedBy: 'npm run audit -- receipt FILE',
    facts,
    /** What was granted, in the words that were shown. */
    permissions: granted.map((scope) => ({ scope, title: titles.get(scope) ?? null })),
    shown,
    standing,
    history,
  }
  return { ...receipt, checksum: canonicalHash(receipt) }
}

/** Where a receipt is in the portal. */
export const receiptPath = (reference: string) => `/me/receipts/${reference}`

/** How a grant stands after an event of its history. */
export const stateAfter: Record<string, ReceiptParts['standing']['state']> = {
  'grant.saved': 'live',
  'grant.revived': 'live',
  'grant.superseded': 'superseded',
  'grant.withdrawn': 'withdrawn_here',
  'grant.ended_here': 'ended_here',
  'grant.expired': 'expired',
  'grant.withdrawn_at_orcid': 'withdrawn_at_orcid',
  'grant.record_deprecated': 'record_deprecated',
  'grant.record_deactivated': 'record_deactivated',
}
