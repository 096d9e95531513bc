import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ChainedEvent, contentDigest, makeCheckpoint, proveEvent } from '@/lib/audit/chain'
import { canonicalHash } from '@/lib/crypto/canonical'
import { makeReceipt, type Receipt, type ReceiptFacts } from '@/lib/grants/receipt'
import { verifyReceipt } from '@/scripts/receipt-verification'

const grant = '0b6f9a2e-7d5c-4a0e-9d11-2c1f0a7b3e55'
const at = '2026-11-30T01:02:03.004Z'
const ended = '2026-12-01T01:02:03.004Z'
const sentences = {
  heading: 'Connect your ORCID iD',
  permissions: [{ scope: '/read-limited', title: 'Read it', explanation: 'All of it.', reason: 'For your page.' }],
  remains: null,
}
const facts: ReceiptFacts = {
  reference: '7K2M-Q9XD',
  grant,
  institution: { name: 'University of Example', email: 'orcid@example.org', portal: 'https://orcid.example.org' },
  researcher: { id: 'https://orcid.org/0000-0002-1825-0097', name: 'Josiah Carberry' },
  purpose: 'connect',
  campaign: null,
  asked: ['openid', '/read-limited'],
  granted: ['/read-limited', 'openid'],
  shownText: canonicalHash(['en', sentences]),
  grantedAt: '2026-11-30T01:02:03.000Z',
  validUntil: '2046-11-30T01:02:03.000Z',
  registry: 'production',
  clientId: 'APP-1234',
  salt: '00112233445566778899aabbccddeeff',
}

function eventOf(id: number, content: Partial<ChainedEvent> = {}): ChainedEvent {
  const nobody = { actorId: null, researcherId: null, attemptId: null, grantId: null, requestId: null }
  return { id: BigInt(id), at, action: 'attempt.ended', actorKind: 'system', ...nobody, detail: '{}', ...content }
}

/** A receipt of a permission that was withdrawn, whose events stand among those of others. */
function receiptOf(isSealed = true): Receipt {
  const events = [
    eventOf(10),
    eventOf(12, { action: 'grant.saved', grantId: grant, detail: JSON.stringify({ receipt: canonicalHash(facts) }) }),
    eventOf(13),
    eventOf(17, { action: 'grant.withdrawn', grantId: grant, actorKind: 'researcher', at: ended }),
    eventOf(18),
  ]
  const before = makeCheckpoint([eventOf(1)], null, new Date(at))
  const checkpoint = makeCheckpoint(events, before, new Date(ended))
  const { root } = proveEvent(checkpoint, 10n)?.head ?? { root: '' }
  return makeReceipt({
    facts,
    shown: { language: 'en', sentences },
    standing: { state: 'withdrawn_here', since: ended, replacedBy: null, asOf: ended },
    history: {
      events: events
        .filter(({ grantId }) => grantId)
        .map((event) => {
          const { id, actorKind, ...content } = event
          const proof = proveEvent(checkpoint, id)
          return {
            number: Number(id),
            ...content,
            actorKind: actorKind as 'system',
            digest: contentDigest(event).toString('hex'),
            proof:
              isSealed && proof
                ? { checkpoint: 2, index: proof.index, path: proof.path.map((each) => each.toString('hex')) }
                : null,
          }
        }),
      checkpoints: isSealed
        ? [
            {
              number: 2,
              previous: before.hash,
              firstEvent: 10,
              lastEvent: 18,
              count: 5,
              createdAt: ended,
              root,
              hash: checkpoint.hash,
            },
          ]
        : [],
    },
  })
}

const textOf = (file: unknown) => JSON.stringify(file, null, 2)
const receipt = receiptOf()

type Path = (string | number)[]

/** The place of every text, number and null in a file. */
function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, [...path, key]))
}

/** A copy with one value changed: a letter, a number, or a text for null. */
function change(file: object, path: Path, letter: number): Record<string, unknown> {
  const copy = structuredClone(file) as Record<string, unknown>
  const parent = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy)
  const key = path.at(-1) ?? ''
  const value = parent[key]
  if (typeof value === 'string') {
    const place = letter % Math.max(value.length, 1)
    parent[key] = `${value.slice(0, place)}${value[place] === 'a' ? 'b' : 'a'}${value.slice(place + 1)}`
  } else parent[key] = typeof value === 'number' ? value + 1 : 'a'
  return copy
}

const leaf = fc.constantFrom(...leavesOf(receipt))

describe('a receipt', () => {
  test('that nobody touched proves the words, the facts, its events and their checkpoint', () => {
    const { faults, proven, open } = verifyReceipt(textOf(receipt))
    expect(faults).toEqual([])
    expect(proven.join('\n')).toMatch(
      /sentences.*\n.*as event 12 says.*\n.*Event 12.*\n.*Event 17.*\n.*Checkpoint 2:.*\n.*withdrawn_here/,
    )
    expect(open).toHaveLength(1)
  })

  test('in which any letter or number was changed is refused, with the place', () => {
    fc.assert(
      fc.property(leaf, fc.nat(200), (path, letter) => {
        const { faults } = verifyReceipt(textOf(change(receipt, path, letter)))
        expect(faults.join()).toContain(String(path[0]))
      }),
      { numRuns: 600 },
    )
  })

  test('of which any part was left out or added is refused', () => {
    fc.assert(
      fc.property(leaf, fc.boolean(), (path, isAdded) => {
        const copy = structuredClone(receipt) as unknown as Record<string, unknown>
        const keys = path.slice(0, -1)
        const parent = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy)
        if (isAdded && !Array.isArray(parent)) parent.more = 'more'
        else if (Array.isArray(parent)) parent.splice(Number(path.at(-1)), 1)
        else delete parent[path.at(-1) ?? '']
        expect(verifyReceipt(textOf(copy)).faults).not.toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('whose checksum was made anew is refused all the same where the history knows better', () => {
    const known = leavesOf(receipt).filter(
      ([part, name]) => part !== 'checksum' && !['asOf', 'replacedBy'].includes(String(name)),
    )
    fc.assert(
      fc.property(fc.constantFrom(...known), fc.nat(200), (path, letter) => {
        const { checksum: _checksum, ...rest } = change(receipt, path, letter)
        const { faults } = verifyReceipt(textOf({ ...rest, checksum: canonicalHash(rest) }))
        expect(faults).not.toEqual([])
      }),
      { numRuns: 600 },
    )
  })

  test('that is under no checkpoint yet says so, and is not refused', () => {
    const { faults, open } = verifyReceipt(textOf(receiptOf(false)))
    expect(faults).toEqual([])
    expect(open.filter((sentence) => sentence.includes('under no checkpoint'))).toHaveLength(2)
  })

  test('that says it is live after an event that ended it does not prove it', () => {
    const { history, shown } = receipt
    const standing = { state: 'live', since: at, replacedBy: null, asOf: ended } as const
    const { open, proven } = verifyReceipt(textOf(makeReceipt({ facts, shown, standing, history })))
    expect(open[0]).toMatch(/^That it is live since .*: no event in this file says so/)
    expect(proven.join()).not.toContain('live')
  })

  test('that gives another time for how it stands, or an event of another permission, is refused', () => {
    const { history, shown, standing } = receipt
    const later = makeReceipt({ facts, shown, standing: { ...standing, since: at }, history })
    expect(verifyReceipt(textOf(later)).faults).toEqual([expect.stringMatching(/^standing.since: event 17/)])
    const other = eventOf(12, { action: 'grant.expired', grantId: '11111111-1111-4111-8111-111111111111' })
    const { id, actorKind: _kind, ...content } = other
    const digest = contentDigest(other).toString('hex')
    const foreign = { number: Number(id), ...content, actorKind: 'system' as const, digest, proof: null }
    const events = [...history.events, foreign]
    const spliced = makeReceipt({
      facts,
      shown,
      standing: { ...standing, state: 'expired', since: at },
      history: { ...history, events },
    })
    expect(verifyReceipt(textOf(spliced)).faults).toEqual([expect.stringMatching(/^history.events.2.grantId/)])
  })

  test.each(['', '{', '[]', 'null', '{"facts": {}}', '"text"'])('that is none, %j, is refused', (text) => {
    expect(verifyReceipt(text).faults).not.toEqual([])
  })
})
