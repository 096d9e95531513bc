import type { AffiliationItem } from '@/lib/affiliations/affiliation'
import { type EntryFault, type ParsedItem, parseItem, parseKind, type RawEntry } from '@/lib/affiliations/entry'
import type { Field, Mapping } from '@/lib/imports/columns'
import { readDate } from '@/lib/imports/dates'
import {
  orcidFault,
  quote,
  type RowContext,
  type RowFault,
  type RowFaultCode,
  readCells,
  readWatched,
} from '@/lib/imports/people-row'
import { findOrcid } from '@/lib/orcid/id'

/** Whom a row is about, as its cells say. */
export type Who = { localId: string | null; orcid: string | null; email: string | null }

/** An item of ours with the identifiers of its person, as our own files have them. */
export type OwnItem = AffiliationItem & { putCode: string | null } & Who

/** What a file can change about an item. */
export const contentFields = ['title', 'department', 'startOn', 'endOn', 'url'] as const
export type ContentField = (typeof contentFields)[number]

export type AffiliationRow = ParsedItem & {
  who: Who
  /** The cell had one: it was not derived. */
  hasExternalId: boolean
  /** What the file says of the item. It leaves the rest as it is. */
  given: ContentField[]
}

const ownValues: Partial<Record<Field, (item: OwnItem) => string | null>> = {
  orcid: ({ orcid }) => orcid,
  local_id: ({ localId }) => localId,
  email: ({ email }) => email,
  type: ({ kind }) => kind,
  title: ({ title }) => title,
  department: ({ department }) => department,
  start: ({ startOn }) => startOn,
  end: ({ endOn }) => endOn,
  external_id: ({ externalId }) => externalId,
  url: ({ url }) => url,
  put_code: ({ putCode }) => putCode,
}

const contentOf: Partial<Record<Field, ContentField>> = {
  title: 'title',
  department: 'department',
  start: 'startOn',
  end: 'endOn',
  url: 'url',
}

const squash = (text: string) => text.normalize('NFC').replace(/\s+/gu, ' ').trim()

/** Whether the cell is as our own file has it, so that nobody has edited it. */
const isUntouched = (field: Field | null | undefined, cell: string, own: OwnItem) =>
  field != null && field in ownValues && squash(cell) === squash(ownValues[field]?.(own) ?? '')

/** Whether nothing but the id says anything. */
export const hasOnlyId = (cells: readonly string[], mapping: Mapping) =>
  mapping.every((field, index) => field === 'id' || field === null || (cells[index] ?? '').trim() === '')

/** Whether the row is what our own file says of the item. */
export const isUnedited = (cells: readonly string[], mapping: Mapping, own: OwnItem) =>
  mapping.every(
    (field, index) =>
      field === 'id' || field === null || isUntouched(field, cells[index] ?? '', own) || isSilent(field, cells[index]),
  ) && cells.slice(mapping.length).every((cell) => cell.trim() === '')

/** A column that our files do not have, and that says nothing here. */
const isSilent = (field: Field, cell: string | undefined) => !(field in ownValues) && (cell ?? '').trim() === ''

/**
 * One row of a file of affiliations, or everything that is wrong with it. `own`: the item of which the row has the id;
 * cells that are as our own file had them are not read anew.
 */
export function readAffiliationRow(
  cells: readonly string[],
  mapping: Mapping,
  context: RowContext,
  own: OwnItem | null,
): { row: AffiliationRow } | { faults: RowFault[]; who: Who } {
  const untouched = new Set(
    mapping.filter((field, index): field is Field =>
      Boolean(own && field && isUntouched(field, cells[index] ?? '', own)),
    ),
  )
  const { values, faults } = readCells(
    cells.map((cell, index) => (mapping[index] && untouched.has(mapping[index]) ? '' : cell)),
    mapping,
  )
  faults.push(...readWatched(values, context))
  const add = (field: Field, code: RowFaultCode) => faults.push({ field, code, quoted: quote(values.get(field) ?? '') })
  const who = readWho(values, add)
  const whoFields = ['local_id', 'orcid', 'email'] as const
  const isSaid = whoFields.some((field) => values.has(field) || faults.some((fault) => fault.field === field))
  if (!own && !isSaid) {
    faults.push({ field: whoFields.find((field) => mapping.includes(field)) ?? null, code: 'missing', quoted: '' })
  }
  const fields = readItem(values, { mapping, untouched, own, context, add })
  const parsed = parseItem(fields)
  if ('faults' in parsed) addItemFaults(faults, parsed.faults, values)
  if (own) refuseFixed(values, own, add)
  if (faults.length > 0 || 'faults' in parsed) return { faults, who }
  const given = mapping.flatMap((field) => (field && !untouched.has(field) ? (contentOf[field] ?? []) : []))
  return { row: { ...parsed, who, hasExternalId: values.has('external_id'), given } }
}

type Add = (field: Field, code: RowFaultCode) => void

const address = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

function readWho(values: ReadonlyMap<Field, string>, add: Add): Who {
  const [orcid, email] = [values.get('orcid'), values.get('email')]
  const found = orcid === undefined ? null : findOrcid(orcid)
  if (orcid !== undefined && !found) add('orcid', orcidFault(orcid))
  const isAddress = email !== undefined && address.test(email)
  if (email !== undefined && !isAddress) add('email', 'not_an_address')
  return { localId: values.get('local_id') ?? null, orcid: found, email: isAddress ? email : null }
}

type ItemCells = {
  mapping: Mapping
  untouched: ReadonlySet<Field>
  own: OwnItem | null
  context: RowContext
  add: Add
}

/** The fields of the item as a form would have them. Where the file has no word, those of the item that is there. */
function readItem(
  values: ReadonlyMap<Field, string>,
  { mapping, untouched, own, context, add }: ItemCells,
): RawEntry['fields'] {
  const said = (field: Field & keyof RawEntry['fields']) => {
    const keeps = own && (untouched.has(field) || !mapping.includes(field))
    return values.get(field) ?? (keeps ? (ownValues[field]?.(own) ?? '') : '')
  }
  const date = (field: 'start' | 'end') => {
    const text = values.get(field)
    if (text === undefined) return said(field)
    const read = readDate(text, context.order)
    if ('date' in read) return read.date
    add(field, read.fault)
    return ''
  }
  return {
    type: values.get('type') ?? own?.kind ?? '',
    title: said('title'),
    department: said('department'),
    start: date('start'),
    end: date('end'),
    url: said('url'),
    external_id: values.get('external_id') ?? own?.externalId ?? '',
    put_code: values.get('put_code') ?? '',
  }
}

/** What the rules of the form say, with the cells at fault. What the cells say already is not said twice. */
function addItemFaults(faults: RowFault[], found: readonly EntryFault[], values: ReadonlyMap<Field, string>): void {
  const isSaid = (field: string) => faults.some((fault) => fault.field === field)
  const dateIsBad = isSaid('start')
  for (const { field, code } of found) {
    if (isSaid(field) || (code === 'end_without_start' && dateIsBad) || field === 'person') continue
    faults.push({ field, code: code === 'missing' ? 'empty' : code, quoted: quote(values.get(field) ?? '') })
  }
}

/** ORCID knows an item by its kind and its identifier: neither changes. */
function refuseFixed(values: ReadonlyMap<Field, string>, own: OwnItem, add: Add): void {
  const [type, externalId, putCode] = [values.get('type'), values.get('external_id'), values.get('put_code')]
  const kind = type === undefined ? null : parseKind(type)
  if (kind && kind !== own.kind) add('type', 'fixed')
  if (externalId && externalId.toLowerCase() !== own.externalId.toLowerCase()) add('external_id', 'fixed')
  if (putCode && putCode !== own.putCode) add('put_code', 'fixed')
}
