import { type ChainedEvent, chainedEventColumns, contentDigest, headHash, isProven } from '@/lib/audit/chain'
import { canonicalHash, canonicalJson } from '@/lib/crypto/canonical'
import { databaseClient } from '@/lib/database/connection'
import {
  makeReceipt,
  type ReceiptCheckpoint,
  type ReceiptEvent,
  type ReceiptParts,
  receiptFile,
  stateAfter,
} from '@/lib/grants/receipt'

export type ReceiptVerification = {
  parts: ReceiptParts | null
  /** Sentences about what holds. */
  proven: string[]
  /** Sentences that begin with the place in the file. */
  faults: string[]
  /** Sentences about what this file cannot prove. */
  open: string[]
}

/** Verifies all that the text of a receipt can prove by itself. */
export function verifyReceipt(text: string): ReceiptVerification {
  const found: ReceiptVerification = { parts: null, proven: [], faults: [], open: [] }
  const file = parseJson(text)
  const parsed = receiptFile.safeParse(file)
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`)
    return { ...found, faults: file === undefined ? ['the file: is not JSON'] : issues }
  }
  const { facts, shown, standing, history } = parsed.data
  const parts = { facts, shown, standing, history }
  found.parts = parts
  verifyShown(parts, found)
  verifyFacts(parts, found)
  for (const [place, event] of history.events.entries()) verifyEvent(parts, event, `history.events.${place}`, found)
  for (const [place, head] of history.checkpoints.entries()) verifyHead(head, `history.checkpoints.${place}`, found)
  verifyStanding(parts, found)
  const [difference] = listDifferences(file, makeReceipt(parts), '')
  if (difference && (difference !== 'checksum' || found.faults.length === 0)) {
    found.faults.push(
      difference === 'checksum'
        ? 'standing, history or checksum: something was changed or left out that only the checksum covers'
        : `${difference}: is not what the portal writes there`,
    )
  }
  return found
}

function verifyShown({ facts, shown }: ReceiptParts, { proven, faults }: ReceiptVerification): void {
  const hash = shown && canonicalHash([shown.language, shown.sentences])
  if (hash !== facts.shownText) faults.push('shown: these are not the sentences whose hash is facts.shownText')
  else proven.push(hash ? `The sentences are those of the shown text ${hash}.` : 'It says that no text was shown.')
}

function verifyFacts({ facts, history }: ReceiptParts, { proven, faults }: ReceiptVerification): void {
  const [saved] = history.events
  if (saved?.action !== 'grant.saved') return void faults.push('history.events: does not begin with grant.saved')
  const hash = canonicalHash(facts)
  if (readDetail(saved).receipt !== hash) {
    return void faults.push(`facts: their hash is ${hash}, and event ${saved.number} has another one`)
  }
  proven.push(
    `Who, what was asked and granted, when, the campaign and the shown text are as event ${saved.number} says.`,
  )
}

function readDetail({ detail }: ReceiptEvent): { receipt?: unknown } {
  const value = parseJson(detail)
  return typeof value === 'object' && value !== null ? value : {}
}

function verifyEvent({ facts, history }: ReceiptParts, event: ReceiptEvent, place: string, found: ReceiptVerification) {
  const { proven, faults, open } = found
  const { number, action, at, digest, proof } = event
  if (event.grantId !== facts.grant) faults.push(`${place}.grantId: is not that of facts.grant`)
  if (contentDigest(toChained(event)).toString('hex') !== digest) {
    return void faults.push(`${place}: what event ${number} says does not fit its digest`)
  }
  if (!proof) return void open.push(`Event ${number} (${action}) is under no checkpoint in this file.`)
  const head = history.checkpoints.find((each) => each.number === proof.checkpoint)
  if (!head) return void faults.push(`${place}.proof: there is no checkpoint ${proof.checkpoint} in the file`)
  const path = proof.path.map((hash) => Buffer.from(hash, 'hex'))
  if (!isProven(toChained(event), { head: toHead(head), index: proof.index, path })) {
    return void faults.push(
      `${place}.proof: does not lead from event ${number} to the root of checkpoint ${head.number}`,
    )
  }
  proven.push(`Event ${number} (${action}, ${at}) is under checkpoint ${head.number}.`)
}

function verifyHead(head: ReceiptCheckpoint, place: string, { proven, faults }: ReceiptVerification): void {
  if (headHash(toHead(head)) !== head.hash) {
    return void faults.push(`${place}: what checkpoint ${head.number} says does not fit its hash`)
  }
  proven.push(
    `Checkpoint ${head.number}:${head.hash}, made ${head.createdAt}, has the hash that follows from what it says.`,
  )
}

function verifyStanding({ standing, history }: ReceiptParts, { proven, faults, open }: ReceiptVerification): void {
  const last = history.events.at(-1)
  const { state, since, asOf, replacedBy } = standing
  if (last && stateAfter[last.action] === state) {
    if (since !== last.at) faults.push(`standing.since: event ${last.number} is of ${last.at}`)
    else proven.push(`That it is ${state} since ${since} is what event ${last.number} says.`)
  } else {
    open.push(
      `That it is ${state} since ${since}: no event in this file says so. Events in which staff acted are left out.`,
    )
  }
  if (replacedBy) open.push(`That ${replacedBy} replaced it: only the database says which permission did.`)
  open.push(`That nothing happened to it after ${since}, and that the file is of ${asOf}: only the portal can say.`)
}

/** The paths at which two values differ. */
function listDifferences(one: unknown, other: unknown, path: string): string[] {
  if (canonicalJson(one) === canonicalJson(other)) return []
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return [path || 'the file']
  const [ones, others] = [one, other] as [Record<string, unknown>, Record<string, unknown>]
  return [...new Set([...Object.keys(others), ...Object.keys(ones)])].flatMap((key) =>
    listDifferences(ones[key], others[key], path ? `${path}.${key}` : key),
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function toChained({ number, digest: _digest, proof: _proof, ...content }: ReceiptEvent): ChainedEvent {
  return { id: BigInt(number), ...content }
}

function toHead({ previous, firstEvent, lastEvent, createdAt, hash: _hash, ...head }: ReceiptCheckpoint) {
  return {
    ...head,
    previousHash: previous,
    firstEventId: BigInt(firstEvent),
    lastEventId: BigInt(lastEvent),
    createdAt: new Date(createdAt),
  }
}

/** Compares the events and checkpoints of a receipt with a database. Returns faults. */
export async function compareWithDatabase(databaseUrl: string, { history }: ReceiptParts): Promise<string[]> {
  const client = databaseClient(databaseUrl, { application_name: 'concord audit' })
  await client.connect()
  try {
    const faults: string[] = []
    for (const { number, hash } of history.checkpoints) {
      const { rows } = await client.query('select hash from audit_checkpoint where number = $1', [number])
      if (!rows[0]) faults.push(`checkpoint ${number}: is not in the database`)
      else if (rows[0].hash !== hash) faults.push(`checkpoint ${number}: has the hash ${rows[0].hash} in the database`)
    }
    for (const { number, digest } of history.events) {
      const { rows } = await client.query(`select ${chainedEventColumns} from audit_event where id = $1`, [number])
      if (!rows[0]) faults.push(`event ${number}: is not in the database`)
      else if (contentDigest({ ...rows[0], id: BigInt(number) }).toString('hex') !== digest) {
        faults.push(`event ${number}: says something else in the database`)
      }
    }
    return faults
  } finally {
    await client.end()
  }
}
