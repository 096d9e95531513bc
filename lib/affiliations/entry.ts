import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { type AffiliationItem, type AffiliationKind, affiliationKinds } from '@/lib/affiliations/affiliation'
import { findOrcid } from '@/lib/orcid/id'
import { isBefore, parseFuzzyDate } from '@/lib/people/fuzzy-date'

export const entryFields = [
  'orcid',
  /** Our id of a person, from a form. */
  'person',
  'type',
  'title',
  'department',
  'start',
  'end',
  'external_id',
  'url',
  'put_code',
] as const

export type EntryField = (typeof entryFields)[number]

/** One row of a form or a file, not validated yet. */
export const rawEntry = z.object({ line: z.int(), fields: z.partialRecord(z.enum(entryFields), z.string()) })

export type RawEntry = z.infer<typeof rawEntry>

export type EntryFaultCode =
  | 'missing'
  | 'too_long'
  | 'bad_characters'
  | 'not_an_id'
  | 'not_a_type'
  | 'not_a_date'
  | 'end_without_start'
  | 'end_before_start'
  | 'not_a_link'
  | 'rewritten_number'
  | 'not_a_put_code'
  | 'repeated'

export type EntryFault = { field: EntryField; code: EntryFaultCode }

/** `who`: the iD, or our id of the person. */
export type ParsedEntry = { line: number; who: string; putCode: string | null; item: AffiliationItem }

// `long-text` of ORCID's common-3.0.xsd allows 4,000 characters; identifiers and URLs have lower limits of ours.
const longest: Partial<Record<EntryField, number>> = { title: 4_000, department: 4_000, external_id: 255, url: 2_000 }

const hasControls = (text: string) => /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text)
const rewritten = /^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i

/** Reads the fields one after another and collects what is wrong with them. */
function makeReader(fields: RawEntry['fields']) {
  const faults: EntryFault[] = []
  const add = (field: EntryField, code: EntryFaultCode) => faults.push({ field, code })
  const read = (field: EntryField): string | null => {
    const text = tidy(fields[field] ?? '')
    if (text.length > (longest[field] ?? 100)) add(field, 'too_long')
    else if (hasControls(text)) add(field, 'bad_characters')
    else return text === '' ? null : text
    return null
  }
  const required = (field: EntryField): string | null => {
    const before = faults.length
    const text = read(field)
    if (text === null && faults.length === before) add(field, 'missing')
    return text
  }
  return { faults, add, read, required }
}

export function parseEntry({ line, fields }: RawEntry): { entry: ParsedEntry } | { faults: EntryFault[] } {
  const { faults, add, read, required } = makeReader(fields)
  const who = read('person') ?? parsed(required('orcid'), findOrcid, () => add('orcid', 'not_an_id'))
  const parsedItem = parseItem(fields)
  if ('faults' in parsedItem) faults.push(...parsedItem.faults)
  if (faults.length > 0 || who === null || 'faults' in parsedItem) return { faults }
  return { entry: { line, who, ...parsedItem } }
}

export type ParsedItem = Pick<ParsedEntry, 'putCode' | 'item'>

/** Derives a missing external id from the content, so that equal rows mean the same item. */
export function parseItem(fields: RawEntry['fields']): ParsedItem | { faults: EntryFault[] } {
  const { faults, add, read, required } = makeReader(fields)
  const kind = parsed(required('type'), parseKind, () => add('type', 'not_a_type'))
  const title = required('title')
  const department = read('department')
  const startOn = parsed(read('start'), parseFuzzyDate, () => add('start', 'not_a_date'))
  const endOn = parsed(read('end'), parseFuzzyDate, () => add('end', 'not_a_date'))
  const url = parsed(read('url'), parseLink, () => add('url', 'not_a_link'))
  const putCode = parsed(read('put_code'), parsePutCode, () => add('put_code', 'not_a_put_code'))
  const externalId = read('external_id')
  if (externalId !== null && rewritten.test(externalId)) add('external_id', 'rewritten_number')
  if (endOn && !startOn && !faults.some(({ field }) => field === 'start')) add('end', 'end_without_start')
  if (startOn && endOn && isBefore(endOn, startOn)) add('end', 'end_before_start')
  if (faults.length > 0 || kind === null || title === null) return { faults }
  const about = { kind, title, department, startOn }
  return { putCode, item: { ...about, externalId: externalId ?? deriveExternalId(about), endOn, url } }
}

const tidy = (text: string) => text.normalize('NFC').replace(/\s+/gu, ' ').trim()

function parsed<T>(text: string | null, parse: (text: string) => T | null, complain: () => void): T | null {
  if (text === null) return null
  const value = parse(text)
  if (value === null) complain()
  return value
}

// The NZ ORCID Hub's files have these beside ORCID's kinds.
const kindSynonyms: Record<string, AffiliationKind> = { staff: 'employment', student: 'education' }

export function parseKind(text: string): AffiliationKind | null {
  const name = text.toLowerCase().replace(/[\s-]+/g, '_')
  return affiliationKinds.find((kind) => kind === name) ?? kindSynonyms[name] ?? null
}

const webLink = z.url({ protocol: /^https?$/, hostname: z.regexes.domain })

function parseLink(text: string): string | null {
  const link = webLink.safeParse(text)
  return link.success ? link.data : null
}

const parsePutCode = (text: string) => (/^[1-9]\d{0,17}$/.test(text) ? text : null)

export function deriveExternalId(about: Pick<AffiliationItem, 'kind' | 'title' | 'department' | 'startOn'>): string {
  const text = JSON.stringify([about.kind, about.title, about.department, about.startOn])
  return `c-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`
}

/** The identity of rows and items. ORCID compares external identifiers without regard to case. */
export const keyOf = (who: string, { kind, externalId }: Pick<AffiliationItem, 'kind' | 'externalId'>) =>
  `${who} ${kind} ${externalId.toLowerCase()}`

const rowsPerTurn = 100

/** Rejects a second row for the same item: the two would undo each other. Other requests have their turn in between. */
export async function parseEntries(given: readonly RawEntry[]): Promise<{
  entries: ParsedEntry[]
  faulty: Map<number, EntryFault[]>
}> {
  const entries: ParsedEntry[] = []
  const faulty = new Map<number, EntryFault[]>()
  const seen = new Set<string>()
  for (const [index, row] of given.entries()) {
    if (index % rowsPerTurn === 0) await nextTurn()
    const result = parseEntry(row)
    if ('faults' in result) {
      faulty.set(row.line, result.faults)
      continue
    }
    const { who, item, putCode } = result.entry
    const keys = [keyOf(who, item), ...(putCode ? [`${who} ${item.kind} #${putCode}`] : [])]
    if (keys.some((key) => seen.has(key))) faulty.set(row.line, [{ field: 'external_id', code: 'repeated' }])
    else entries.push(result.entry)
    for (const key of keys) seen.add(key)
  }
  return { entries, faulty }
}
