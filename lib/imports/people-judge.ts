import 'server-only'
import type { Mapping } from '@/lib/imports/columns'
import { type Judge, type JudgedRow, refusedRow, toFields } from '@/lib/imports/judge'
import { findKnownPeople, indexPeople, type JudgedPerson, judgePerson } from '@/lib/imports/judging-people'
import { type PersonRow, quote, type RowContext, readPersonRow } from '@/lib/imports/people-row'
import type { TableRow } from '@/lib/imports/table'
import { listObjected } from '@/lib/people/objections'

/** Judges the rows of a roster. */
export function makePeopleJudge(mapping: Mapping, context: RowContext): Judge {
  const seen = new Set<string>()
  let movesEmail = false
  return {
    async judge(tx, rows) {
      const read = rows.map((row) => readRow(row, mapping, context, seen))
      const good = read.flatMap((row) => ('person' in row ? [row.person] : []))
      const people = indexPeople(await findKnownPeople(tx, good))
      const objected = await listObjected(tx, good)
      return read.map((row) => {
        if ('refused' in row) return row.refused
        const { localId, email } = row.person
        if (localId && objected.numbers.has(localId)) return refuseObjected(row.line, 'local_id', localId)
        if (email && objected.addresses.has(email)) return refuseObjected(row.line, 'email', email)
        const found = judgePerson(row.person, people)
        movesEmail ||= found.movesEmail
        return toRow(row, found)
      })
    },
    doubts: () => (movesEmail ? ['email_moves'] : []),
  }
}

/** Nothing else of the row is kept: they are not to be held here. */
const refuseObjected = (line: number, field: 'local_id' | 'email', value: string) =>
  refusedRow(line, { [field]: value }, [{ field, code: 'objected', quoted: quote(value) }])

type ReadRow = { line: number; fields: Record<string, string>; person: PersonRow } | { refused: JudgedRow }

function readRow(row: TableRow, mapping: Mapping, context: RowContext, seen: Set<string>): ReadRow {
  const { line, cells, fault } = row
  const fields = toFields(cells, mapping)
  if (fault) return { refused: refusedRow(line, fields, [{ field: null, code: fault, quoted: '' }]) }
  const read = readPersonRow(cells, mapping, context)
  if ('faults' in read) return { refused: refusedRow(line, fields, read.faults) }
  const { localId, orcid, email } = read.person
  const key = localId ?? orcid ?? email?.toLowerCase() ?? ''
  if (seen.has(key)) {
    const field = localId ? 'local_id' : orcid ? 'orcid' : 'email'
    return { refused: refusedRow(line, fields, [{ field, code: 'repeated', quoted: quote(key) }]) }
  }
  seen.add(key)
  return { line, fields, person: read.person }
}

function toRow({ line, fields }: { line: number; fields: Record<string, string> }, judged: JudgedPerson): JudgedRow {
  const { verdict, personId, nearId, name, before, after, pairsWith } = judged
  const pair = pairsWith ? { ...after, pairsWith } : after
  return { line, fields, verdict, faults: null, name, personId, nearId, itemId: null, before, after: pair }
}
