import { type CellFault, readCell } from '@/lib/imports/cell'
import type { Field, Mapping, WatchedField } from '@/lib/imports/columns'
import { type DateOrder, readDate } from '@/lib/imports/dates'
import { findOrcid, looksLikeOrcid } from '@/lib/orcid/id'
import { isBefore } from '@/lib/people/fuzzy-date'
import type { PersonKind } from '@/lib/people/person'

export type RowFaultCode =
  | CellFault
  | 'missing'
  | 'not_an_id'
  | 'wrong_check_digit'
  | 'not_an_address'
  | 'not_a_kind'
  | 'not_a_language'
  | 'not_a_date'
  | 'ambiguous_date'
  | 'end_before_start'
  | 'repeated'
  | 'columns'
  | 'broken_line'
  | 'merged_cells'
  | 'hidden_row'
  | 'second_table'
  | 'other_organisation'
  | 'delete'
  | 'visibility'
  | 'inactive'
  | 'objected'
  | ItemFaultCode

/** Of a row about an entry for a record. */
export type ItemFaultCode =
  | 'empty'
  | 'not_a_type'
  | 'not_a_work_type'
  | 'not_an_identifier_type'
  | 'not_contributors'
  | 'end_without_start'
  | 'not_a_link'
  | 'not_a_put_code'
  | 'bad_characters'
  | 'fixed'
  | 'unknown_id'
  | 'not_found'
  | 'several_people'
  | 'people_differ'
  | 'other_id'
  | 'other_person'
  | 'repeated_item'
  | 'put_code_not_ours'
  | 'is_local_id'
  | 'deleted_by_person'
  | 'removed_by_person'
  | 'changed_meanwhile'

/** `quoted`: the cell, cut. */
export type RowFault = { field: Field | null; code: RowFaultCode; quoted: string }

export type PersonRow = {
  localId: string | null
  givenName: string | null
  familyName: string | null
  email: string | null
  orcid: string | null
  department: string | null
  kind: PersonKind | null
  title: string | null
  startOn: string | null
  endOn: string | null
  /** Its code, as `messages` names it. */
  language: string | null
}

/** What a row is judged by: the dates’ order, and whether a name of an organisation is ours. */
export type RowContext = { order: DateOrder | null; isOurs: (organisation: string) => boolean }

const quotedMax = 60
const numberCharsMax = 200
const address = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** Reads the cells by the mapping, each with its fault. Empty cells are absent. */
export function readCells(cells: readonly string[], mapping: Mapping) {
  const values = new Map<Field, string>()
  const faults: RowFault[] = []
  if (cells.slice(mapping.length).some((cell) => cell.trim() !== '')) {
    faults.push({ field: null, code: 'columns', quoted: quote(cells.slice(mapping.length).join(' ')) })
  }
  for (const [index, field] of mapping.entries()) {
    const given = cells[index] ?? ''
    if (!field || given.trim() === '') continue
    const read = readCell(given)
    if ('fault' in read) faults.push({ field, code: read.fault, quoted: quote(given) })
    else if (read.text !== '') values.set(field, read.text)
  }
  return { values, faults }
}

/** Why there is no iD in a cell. */
export const orcidFault = (text: string) => (looksLikeOrcid(text) ? 'wrong_check_digit' : 'not_an_id')

export const quote = (text: string) => (text.length > quotedMax ? `${text.slice(0, quotedMax)}…` : text)

const rorId = /^(https?:\/\/)?(ror\.org\/)?0[a-z0-9]{6}\d{2}$/i
const isNo = (text: string) => /^(0|n|no|false|nein|non)$/i.test(text)

/** Columns whose meaning is not honoured stop the row where they say something. */
export function readWatched(values: ReadonlyMap<Field, string>, { isOurs }: RowContext): RowFault[] {
  const faults: RowFault[] = []
  const add = (field: WatchedField, code: RowFaultCode) =>
    faults.push({ field, code, quoted: quote(values.get(field) ?? '') })
  const [organisation, identifier] = [values.get('org_name'), values.get('org_id')]
  if (organisation && !isOurs(organisation)) add('org_name', 'other_organisation')
  // The configuration has our ROR id alone. Beside our name, an identifier of another scheme may well be ours.
  if (identifier && !isOurs(identifier) && (!organisation || rorId.test(identifier)))
    add('org_id', 'other_organisation')
  const removed = values.get('delete')
  if (removed && !isNo(removed)) add('delete', 'delete')
  if (values.has('visibility')) add('visibility', 'visibility')
  const active = values.get('is_active')
  if (active && isNo(active)) add('is_active', 'inactive')
  return faults
}

/** One row of a roster, or everything that is wrong with it. */
export function readPersonRow(
  cells: readonly string[],
  mapping: Mapping,
  context: RowContext,
): { person: PersonRow } | { faults: RowFault[] } {
  const { values, faults } = readCells(cells, mapping)
  faults.push(...readWatched(values, context))
  const add = (field: Field, code: RowFaultCode) => faults.push({ field, code, quoted: quote(values.get(field) ?? '') })
  const parsed = <T>(field: Field, parse: (text: string) => T | null, code: RowFaultCode): T | null => {
    const text = values.get(field)
    const value = text === undefined ? null : parse(text)
    if (text !== undefined && value === null) add(field, code)
    return value
  }
  const date = (field: 'start' | 'end'): string | null => {
    const text = values.get(field)
    if (text === undefined) return null
    const read = readDate(text, context.order)
    if ('date' in read) return read.date
    add(field, read.fault)
    return null
  }
  const orcid = parsed('orcid', findOrcid, orcidFault(values.get('orcid') ?? ''))
  const email = parsed('email', (text) => (address.test(text) && text.length <= 254 ? text : null), 'not_an_address')
  const kind = parsed('kind', parseKind, 'not_a_kind')
  const language = parsed('language', parseLanguage, 'not_a_language')
  const localId = parsed('local_id', (text) => (text.length <= numberCharsMax ? text : null), 'too_long')
  const [startOn, endOn] = [date('start'), date('end')]
  if (startOn && endOn && isBefore(endOn, startOn)) add('end', 'end_before_start')
  const who = ['local_id', 'orcid', 'email'] as const
  if (!who.some((field) => values.has(field)) && !faults.some(({ field }) => who.some((each) => each === field))) {
    faults.push({ field: who.find((field) => mapping.includes(field)) ?? null, code: 'missing', quoted: '' })
  }
  if (faults.length > 0) return { faults }
  const names = splitName(values)
  const [department, title] = [values.get('department') ?? null, values.get('title') ?? null]
  return { person: { localId, ...names, email, orcid, department, kind, title, startOn, endOn, language } }
}

/** `Family, Given`, or the last word as the family name. */
function splitName(values: ReadonlyMap<Field, string>) {
  const [givenName, familyName] = [values.get('given_name') ?? null, values.get('family_name') ?? null]
  const name = values.get('name')
  if (givenName || familyName || !name) return { givenName, familyName }
  const [family, given] = name.split(/,\s*/, 2)
  if (given) return { givenName: given, familyName: family ?? null }
  const words = name.split(' ')
  return { givenName: words.slice(0, -1).join(' ') || null, familyName: words.at(-1) ?? null }
}

/** `es` of `es-ES`, `es_ES` or `ES`: a language of ours is a code of two or three letters. */
const parseLanguage = (text: string) => /^([a-z]{2,3})([-_][a-z0-9]{2,8})*$/i.exec(text)?.[1]?.toLowerCase() ?? null

const kindWords: Record<PersonKind, RegExp> = {
  staff: /^(staff|employee|employment|faculty|academic|personal|mitarbeiter(in)?|member)$/i,
  student: /^(student|education|phd|doctoral|estudiante|studierende(r)?)$/i,
  guest: /^(guest|visitor|visiting|invited[_ -]?position|affiliate|invitado|gast)$/i,
}

function parseKind(text: string): PersonKind | null {
  const found = Object.entries(kindWords).find(([, words]) => words.test(text))
  return (found?.[0] as PersonKind | undefined) ?? null
}
