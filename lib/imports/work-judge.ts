import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { itemFields } from '@/lib/affiliations/affiliation'
import { keyOf } from '@/lib/affiliations/entry'
import { toWork, toWorkItem } from '@/lib/affiliations/work-item'
import type { Prisma, Tx } from '@/lib/db'
import type { Who } from '@/lib/imports/affiliation-row'
import type { Mapping, WorkField } from '@/lib/imports/columns'
import { type Judge, type JudgedRow, refusedRow, toFields } from '@/lib/imports/judge'
import { findPeople, makePersonFinder } from '@/lib/imports/known-items'
import { orcidFault, quote, type RowFault, type RowFaultCode, readCells } from '@/lib/imports/people-row'
import type { TableRow } from '@/lib/imports/table'
import { findOrcid } from '@/lib/orcid/id'
import { contributorsMax, tidyId, type Work, workParts } from '@/lib/orcid/work'
import { parseFuzzyDate } from '@/lib/people/fuzzy-date'

type Fields = Partial<Record<WorkField, string>>
type Read = { line: number; fields: Record<string, string>; who: Who } & ({ work: Work } | { faults: RowFault[] })

const doi = /^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:\s*)?10\.\d{4,9}\//i
const address = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** Reads the cells of a row, with everything that is wrong with it. */
function readWork({ line, cells, fault }: TableRow, mapping: Mapping): Read {
  const fields = toFields(cells, mapping)
  const { values, faults } = readCells(cells, mapping)
  const given: Fields = Object.fromEntries(values)
  const isFaulty = (...among: WorkField[]) => faults.some(({ field }) => among.some((one) => one === field))
  const add = (field: WorkField, code: RowFaultCode) => faults.push({ field, code, quoted: quote(given[field] ?? '') })
  if (fault) faults.push({ field: null, code: fault, quoted: '' })
  const take = <Value>(field: WorkField, schema: z.ZodType<Value, string>, code: RowFaultCode): Value | null => {
    const text = given[field]
    if (text === undefined) return null
    const parsed = schema.safeParse(text)
    if (parsed.success) return parsed.data
    add(field, parsed.error.issues.some((issue) => issue.code === 'too_big') ? 'too_long' : code)
    return null
  }
  const need = <Value>(field: WorkField, value: Value | null): value is Value => {
    if (given[field] === undefined && !isFaulty(field)) add(field, 'empty')
    return value !== null
  }
  const orcid = given.orcid === undefined ? null : findOrcid(given.orcid)
  if (given.orcid !== undefined && !orcid) add('orcid', orcidFault(given.orcid))
  if (given.email !== undefined && !address.test(given.email)) add('email', 'not_an_address')
  const who = { localId: given.local_id ?? null, orcid, email: given.email ?? null }
  if (!who.localId && !given.orcid && !who.email && !isFaulty('local_id', 'orcid', 'email'))
    faults.push({ field: null, code: 'missing', quoted: '' })
  const value = take('external_id', workParts.idValue, 'bad_characters')
  const idType = idTypeOf(given, take)
  const title = take('title', workParts.title, 'bad_characters')
  const type = given.type === undefined ? null : parseType(given.type)
  if (given.type !== undefined && !type) add('type', 'not_a_work_type')
  const publishedOn = given.date === undefined ? null : parseFuzzyDate(given.date)
  if (given.date !== undefined && !publishedOn) add('date', 'not_a_date')
  const contributors = readContributors(given.contributors ?? '')
  if (!contributors) add('contributors', 'not_contributors')
  const rest = {
    subtitle: take('subtitle', workParts.title, 'bad_characters'),
    journalTitle: take('journal', workParts.journalTitle, 'bad_characters'),
    url: take('url', workParts.link, 'not_a_link'),
  }
  const isWhole = [need('external_id', value), need('title', title), need('type', type)].every(Boolean)
  if (value && !idType && given.id_type === undefined && !isFaulty('id_type')) add('id_type', 'empty')
  if (faults.length > 0 || !isWhole || !value || !idType || !title || !type || !contributors) {
    return { line, fields, who, faults }
  }
  const externalId = { type: idType, value: tidyId(idType, value), url: null }
  return { line, fields, who, work: { type, title, publishedOn, externalId, contributors, ...rest } }
}

type Take = <Value>(field: WorkField, schema: z.ZodType<Value, string>, code: RowFaultCode) => Value | null

/** A DOI says what it is. */
const idTypeOf = ({ id_type: type, external_id: value }: Fields, take: Take) =>
  type === undefined && value && doi.test(value) ? 'doi' : take('id_type', lowerCased, 'not_an_identifier_type')

const lowerCased = z
  .string()
  .transform((text) => text.toLowerCase().replace(/\s+/g, '-'))
  .pipe(workParts.idType)

const parseType = (text: string) => workParts.type.safeParse(text.toLowerCase().replace(/[\s_]+/g, '-')).data ?? null

const contributor = /^(?<name>[^()[\]]+?)(?:\s*\((?<role>[^()]+)\))?(?:\s*\[(?<id>[^\]]+)\])?$/

/** `Ada Lovelace (author) [0000-…]; Grace Hopper`. Null if it is something else. */
function readContributors(text: string): Work['contributors'] | null {
  const found = text
    .split(';')
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => {
      const { name = '', role = null, id } = contributor.exec(one)?.groups ?? {}
      const orcid = id === undefined ? null : findOrcid(id)
      const isRight = workParts.name.safeParse(name).success && (id === undefined || orcid !== null)
      return isRight ? { name, role, orcid } : null
    })
  const whole = found.flatMap((one) => one ?? [])
  return whole.length === found.length && whole.length <= contributorsMax ? whole : null
}

const known = { ...itemFields, state: true, removal: true } satisfies Prisma.AffiliationSelect

/** Judges the rows of a file of works. Each needs its person’s yes, whatever they chose for systems. */
export function makeWorkJudge(mapping: Mapping): Judge {
  const seen = new Set<string>()
  return {
    async judge(tx: Tx, rows) {
      const read = rows.map((row) => readWork(row, mapping))
      const findPerson = makePersonFinder(
        await findPeople(
          tx,
          read.map(({ who }) => who),
        ),
      )
      const matches = read.map(({ who }) => findPerson(who))
      const items = await tx.affiliation.findMany({
        where: { kind: 'work', personId: { in: matches.flatMap((one) => ('person' in one ? one.person.id : [])) } },
        select: known,
      })
      const byKey = new Map(items.map((item) => [keyOf(item.personId, item), item]))
      return read.map((row, index): JudgedRow => {
        const { line, fields } = row
        const refuse = (field: WorkField, code: RowFaultCode) =>
          refusedRow(line, fields, [{ field, code, quoted: quote(fields[field] ?? '') }])
        if ('faults' in row) return refusedRow(line, fields, row.faults)
        const match = matches[index]
        if (!match || 'code' in match) return refuse(match?.field ?? 'email', match?.code ?? 'not_found')
        // Works are public: nobody gets one who is only perhaps meant.
        if (match.isNear) return refuse('local_id', 'not_found')
        const { id: personId, name, localId } = match.person
        if (row.work.externalId.value.toLowerCase() === localId?.trim().toLowerCase()) {
          return refuse('external_id', 'is_local_id')
        }
        const key = keyOf(personId, toWorkItem(row.work))
        if (seen.has(key)) return refuse('external_id', 'repeated_item')
        seen.add(key)
        const exact = byKey.get(key)
        if (exact?.state === 'deleted_by_person') return refuse('title', 'deleted_by_person')
        if (exact?.removal === 'person') return refuse('title', 'removed_by_person')
        const now = exact && toWork(exact)
        // The identifier stays as it was written first, with its link, of which no column says anything.
        const newWork: Work = { ...row.work, externalId: now?.externalId ?? row.work.externalId }
        const item = toWorkItem(newWork)
        const { endOn: _endOn, department: _department, ...after } = item
        const isSame = exact && exact.removal === null && isDeepStrictEqual(now, newWork)
        const verdict = isSame ? 'unchanged' : exact && exact.removal === null ? 'changed' : 'added'
        const before = exact ? { title: exact.title, startOn: exact.startOn, url: exact.url, work: exact.work } : {}
        return {
          line,
          fields,
          verdict,
          faults: null,
          name,
          personId,
          nearId: null,
          itemId: exact?.id ?? null,
          before,
          after,
        }
      })
    },
    doubts: () => [],
  }
}
