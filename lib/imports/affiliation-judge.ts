import 'server-only'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { keyOf } from '@/lib/affiliations/entry'
import {
  type AffiliationRow,
  type ContentField,
  contentFields,
  hasOnlyId,
  isUnedited,
  readAffiliationRow,
  type Who,
} from '@/lib/imports/affiliation-row'
import type { Field, Mapping } from '@/lib/imports/columns'
import { type Judge, type JudgedRow, refusedRow, toFields } from '@/lib/imports/judge'
import {
  findItems,
  findItemsOf,
  findPeople,
  groupBy,
  type KnownItem,
  type KnownPerson,
  makePersonFinder,
  type PersonMatch,
} from '@/lib/imports/known-items'
import { isNearlySame } from '@/lib/imports/near-items'
import { quote, type RowContext, type RowFault, type RowFaultCode } from '@/lib/imports/people-row'
import type { TableRow } from '@/lib/imports/table'

type Fields = Record<string, string>
type Refused = { line: number; fields: Fields; faults: RowFault[]; who: Who | null; own: KnownItem | null }
type Read = { line: number; fields: Fields; row: AffiliationRow; own: KnownItem | null }

const ourId = z.uuid()

/** Judges the rows of a file of affiliations. */
export function makeAffiliationJudge(mapping: Mapping, context: RowContext): Judge {
  const seen = new Set<string>()
  const idAt = mapping.indexOf('id')
  const idOf = ({ cells }: TableRow) => ourId.safeParse((cells[idAt] ?? '').trim().toLowerCase()).data ?? null

  function readRow(given: TableRow, owned: ReadonlyMap<string, KnownItem>): Refused | Read | { done: JudgedRow } {
    const { line, cells, fault } = given
    const fields = toFields(cells, mapping)
    const id = idOf(given)
    const own = (id ? owned.get(id) : null) ?? null
    const refuse = (field: Field | null, code: RowFaultCode): Refused => ({
      line,
      fields,
      faults: [{ field, code, quoted: quote((field && fields[field]) ?? '') }],
      who: null,
      own,
    })
    if (fault) return refuse(null, fault)
    const isOnlyId = idAt >= 0 && fields.id !== undefined && hasOnlyId(cells, mapping)
    // An id of another system means nothing here; the rest of its row does.
    if (!own && (id || isOnlyId)) return refuse('id', 'unknown_id')
    if (own && seen.has(`item ${own.id}`)) return refuse('id', 'repeated')
    if (own) seen.add(`item ${own.id}`)
    if (own && isOnlyId) return { done: removedRow(line, fields, own) }
    if (own && isUnedited(cells, mapping, own)) return { done: itemRow('unchanged', line, fields, own) }
    const read = readAffiliationRow(cells, mapping, context, own)
    return 'faults' in read ? { line, fields, own, ...read } : { line, fields, own, row: read.row }
  }

  return {
    async judge(tx, rows) {
      const owned = new Map(
        (
          await findItems(
            tx,
            rows.flatMap((row) => idOf(row) ?? []),
          )
        ).map((one) => [one.id, one]),
      )
      const read = await mapInTurns(rows, (row) => readRow(row, owned))
      const whos = read.flatMap((one) => ('row' in one ? one.row.who : 'who' in one && one.who ? one.who : []))
      const findPerson = makePersonFinder(await findPeople(tx, whos))
      const matches = read.map((one) => ('row' in one ? matchOf(one, findPerson) : null))
      const itemsOf = groupBy(
        await findItemsOf(
          tx,
          matches.flatMap((match) => (match && 'person' in match ? match.person.id : [])),
        ),
        ({ personId }) => personId,
      )
      return mapInTurns(read, (one, index) => {
        if ('done' in one) return one.done
        if ('faults' in one) return withPerson(refusedRow(one.line, one.fields, one.faults), personOf(one, findPerson))
        const match = matches[index]
        if (!match || 'code' in match) {
          const { field, code } = match ?? { field: 'email', code: 'not_found' }
          return refusedRow(one.line, one.fields, [{ field, code, quoted: quote(one.fields[field] ?? '') }])
        }
        return judgeItem(one, match, itemsOf.get(match.person.id) ?? [], seen)
      })
    },
    doubts: () => [],
  }
}

const rowsPerTurn = 100

/** Other requests have their turn in between. */
async function mapInTurns<Value, Result>(
  values: readonly Value[],
  toResult: (value: Value, index: number) => Result,
): Promise<Result[]> {
  const results: Result[] = []
  for (const [index, value] of values.entries()) {
    if (index % rowsPerTurn === 0) await nextTurn()
    results.push(toResult(value, index))
  }
  return results
}

type Whose = Pick<KnownPerson, 'id' | 'name' | 'localId'>
type Match =
  | { person: Whose; isNear: boolean }
  | Exclude<PersonMatch, { person: unknown }>
  | { field: 'id'; code: 'other_person' }

/** Whom a row is about. An item cannot pass to somebody else. */
function matchOf({ row: { who }, own }: Read, find: (who: Who) => PersonMatch): Match {
  const said = [who.localId, who.orcid, who.email].some(Boolean)
  if (!own) return find(who)
  const person = { id: own.personId, name: own.name, localId: own.localId }
  if (!said) return { person, isNear: false }
  const match = find(who)
  const isTheirs =
    ('person' in match && match.person.id === own.personId) ||
    [
      [who.localId, own.localId],
      [who.orcid, own.orcid],
      [who.email?.toLowerCase(), own.email?.toLowerCase()],
    ].some(([given, theirs]) => given && given === theirs)
  return isTheirs ? { person, isNear: false } : { field: 'id', code: 'other_person' }
}

function personOf({ who, own }: Refused, find: (who: Who) => PersonMatch): Whose | null {
  if (own) return { id: own.personId, name: own.name, localId: own.localId }
  const match = who && find(who)
  return match && 'person' in match && !match.isNear ? match.person : null
}

const withPerson = (row: JudgedRow, person: Whose | null): JudgedRow =>
  person ? { ...row, personId: person.id, name: person.name } : row

const isGone = ({ state, removal }: KnownItem) => state === 'deleted_by_person' || removal !== null

const contentOf = (item: Pick<KnownItem, ContentField>, fields: readonly ContentField[] = contentFields) =>
  Object.fromEntries(fields.map((field) => [field, item[field]]))

function itemRow(verdict: JudgedRow['verdict'], line: number, fields: Fields, item: KnownItem): JudgedRow {
  const { id: itemId, personId, name } = item
  return { line, fields, verdict, faults: null, name, personId, nearId: null, itemId, before: {}, after: {} }
}

function removedRow(line: number, fields: Fields, own: KnownItem): JudgedRow {
  if (isGone(own)) return itemRow('unchanged', line, fields, own)
  return { ...itemRow('removed', line, fields, own), before: { kind: own.kind, ...contentOf(own) } }
}

/** Compares one row with the items of its person. */
function judgeItem(
  { line, fields, row, own }: Read,
  { person, isNear }: { person: Whose; isNear: boolean },
  items: readonly KnownItem[],
  seen: Set<string>,
): JudgedRow {
  const { item, putCode, given, hasExternalId } = row
  const refuse = (field: Field, code: RowFaultCode) =>
    withPerson(refusedRow(line, fields, [{ field, code, quoted: quote(fields[field] ?? '') }]), person)
  const numbered = putCode === null ? undefined : items.find((one) => one.kind === item.kind && one.putCode === putCode)
  if (putCode !== null && !own && !numbered) return refuse('put_code', 'put_code_not_ours')
  const key = keyOf(person.id, item)
  const exact =
    own ??
    numbered ??
    items.find((one) => keyOf(person.id, one) === key) ??
    (hasExternalId ? undefined : onlySame(item, items))
  if (numbered && hasExternalId && numbered.externalId.toLowerCase() !== item.externalId.toLowerCase()) {
    return refuse('external_id', 'fixed')
  }
  const keys = exact && !own ? [`item ${exact.id}`] : own ? [] : [`key ${key}`]
  if (keys.some((each) => seen.has(each))) return refuse(hasExternalId ? 'external_id' : 'title', 'repeated_item')
  for (const each of keys) seen.add(each)
  const about = {
    line,
    fields,
    faults: null,
    name: person.name,
    personId: isNear ? null : person.id,
    nearId: isNear ? person.id : null,
  }
  const whole = { kind: item.kind, externalId: item.externalId, ...contentOf(item, given) }
  if (exact?.state === 'deleted_by_person') return refuse(own ? 'id' : 'title', 'deleted_by_person')
  if (exact?.removal === 'person') return refuse(own ? 'id' : 'title', 'removed_by_person')
  if (exact) {
    const changed = given.filter((field) => item[field] !== exact[field])
    const isAgain = exact.removal === 'staff'
    const verdict = isNear ? 'perhaps' : isAgain ? 'added' : changed.length > 0 ? 'changed' : 'unchanged'
    const [before, after] = [contentOf(exact, changed), isAgain ? whole : contentOf(item, changed)]
    return { ...about, verdict, itemId: exact.id, before, after }
  }
  if (hasExternalId && item.externalId.toLowerCase() === person.localId?.trim().toLowerCase()) {
    return refuse('external_id', 'is_local_id')
  }
  const near = items.find((one) => one.removal !== 'staff' && isNearlySame(item, one))
  const differing = near ? given.filter((field) => item[field] !== near[field]) : []
  const verdict = isNear || near ? 'perhaps' : 'added'
  return { ...about, verdict, itemId: near?.id ?? null, before: near ? contentOf(near, differing) : {}, after: whole }
}

/** The one item with the same words and start, whatever its identifier is. */
function onlySame(item: AffiliationRow['item'], items: readonly KnownItem[]): KnownItem | undefined {
  const same = (['kind', 'title', 'department', 'startOn'] as const).map(
    (field) => (one: KnownItem) => one[field] === item[field],
  )
  const [one, other] = items.filter((each) => !isGone(each) && same.every((test) => test(each)))
  return other ? undefined : one
}
