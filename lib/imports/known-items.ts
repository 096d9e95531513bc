import 'server-only'
import { z } from 'zod'
import { affiliationKinds, affiliationStates } from '@/lib/affiliations/affiliation'
import { Prisma, type Queryable, queryRows } from '@/lib/db'
import type { OwnItem, Who } from '@/lib/imports/affiliation-row'
import { idsOfPeople, withoutZeros } from '@/lib/imports/person-ids'

const person = z.object({
  /** As the entry of the roster has them that the row may mean; merged entries lead to the one that stays. */
  entryNumber: z.string().nullable(),
  entryEmail: z.string().nullable(),
  id: z.string(),
  localId: z.string().nullable(),
  orcid: z.string().nullable(),
  email: z.string().nullable(),
  name: z.string().nullable(),
})
export type KnownPerson = z.infer<typeof person>

/** Everybody whom some rows may mean. The names of confidential people are left out. */
export async function findPeople(tx: Queryable, rows: readonly Who[]): Promise<KnownPerson[]> {
  const values = (of: (who: Who) => string | null) => [...new Set(rows.flatMap((who) => of(who) ?? []))]
  const numbers = values(({ localId }) => localId)
  const emails = values(({ email }) => email)
  const orcids = values(({ orcid }) => orcid)
  return queryRows(
    tx,
    person,
    Prisma.sql`
      select e.local_id as "entryNumber", e.email as "entryEmail", p.id::text, p.local_id as "localId", p.orcid, p.email,
        case when p.confidential then null else p.name end as name
      from person e join person p on p.id = coalesce(e.merged_into_id, e.id)
      where e.id = any(${idsOfPeople({ numbers, emails, orcids })})`,
  )
}

export type PersonMatch =
  | { person: KnownPerson; isNear: boolean }
  | { field: 'local_id' | 'orcid' | 'email'; code: 'not_found' | 'several_people' | 'people_differ' | 'other_id' }

/** Finds people by the identifiers of rows: local identifier, authenticated iD, e-mail address. */
export function makePersonFinder(people: readonly KnownPerson[]): (who: Who) => PersonMatch {
  const byNumber = new Map(people.flatMap((one) => (one.entryNumber ? [[one.entryNumber, one] as const] : [])))
  const byOrcid = new Map(people.flatMap((one) => (one.orcid ? [[one.orcid, one] as const] : [])))
  const group = (keyOf: (one: KnownPerson) => string | undefined) => groupBy(people, keyOf)
  const byZeros = group(({ entryNumber }) => entryNumber?.replace(/^0+(?=.)/, ''))
  const byEmail = group(({ entryEmail }) => entryEmail?.toLowerCase())
  const distinct = (found: readonly KnownPerson[]) => [...new Map(found.map((one) => [one.id, one])).values()]
  return ({ localId, orcid, email }) => {
    const mailed = distinct(email ? (byEmail.get(email.toLowerCase()) ?? []) : [])
    const certain = distinct(
      [...(localId ? [byNumber.get(localId)] : []), ...(orcid ? [byOrcid.get(orcid)] : [])].flatMap((one) => one ?? []),
    )
    const found = certain.length === 0 || mailed.length === 1 ? distinct([...certain, ...mailed]) : certain
    const [one, other] = found
    if (other)
      return certain.length === 0
        ? { field: 'email', code: 'several_people' }
        : { field: firstOf({ localId, orcid, email }), code: 'people_differ' }
    if (!one) {
      const [near, another] = distinct(localId ? (byZeros.get(withoutZeros(localId)) ?? []) : [])
      if (near && !another) return { person: near, isNear: true }
      return { field: firstOf({ localId, orcid, email }), code: 'not_found' }
    }
    if (orcid && one.orcid && one.orcid !== orcid) return { field: 'orcid', code: 'other_id' }
    const hasOtherNumber =
      localId !== null &&
      one.entryNumber !== localId &&
      one.localId !== null &&
      withoutZeros(one.localId) !== withoutZeros(localId) &&
      byNumber.get(localId)?.id !== one.id
    return { person: one, isNear: hasOtherNumber }
  }
}

/** In the order in which they are. */
export function groupBy<Key, Value>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group) group.push(value)
    else groups.set(keyOf(value), [value])
  }
  return groups
}

const firstOf = ({ localId, orcid }: Who) => (localId ? 'local_id' : orcid ? 'orcid' : 'email')

const item = z.object({
  id: z.string(),
  personId: z.string(),
  kind: z.enum(affiliationKinds),
  externalId: z.string(),
  title: z.string(),
  department: z.string().nullable(),
  startOn: z.string().nullable(),
  endOn: z.string().nullable(),
  url: z.string().nullable(),
  putCode: z.string().nullable(),
  state: z.enum(affiliationStates),
  removal: z.enum(['staff', 'person']).nullable(),
  orcid: z.string().nullable(),
  localId: z.string().nullable(),
  email: z.string().nullable(),
  name: z.string().nullable(),
})
export type KnownItem = z.infer<typeof item> & OwnItem

const selectItems = Prisma.sql`
  select a.id::text, a.person_id::text as "personId", a.kind::text, external_id as "externalId", a.title, a.department,
    a.start_on as "startOn", a.end_on as "endOn", a.url, a.put_code as "putCode", a.state::text, a.removal::text, p.orcid,
    p.local_id as "localId", p.email, case when p.confidential then null else p.name end as name
  from affiliation a join person p on p.id = a.person_id`

export const findItems = (tx: Queryable, ids: readonly string[]): Promise<KnownItem[]> =>
  queryRows(tx, item, Prisma.sql`${selectItems} where a.id = any(${[...ids]}::uuid[]) and a.kind <> 'work'`)

export const findItemsOf = (tx: Queryable, personIds: readonly string[]): Promise<KnownItem[]> =>
  queryRows(
    tx,
    item,
    Prisma.sql`${selectItems} where a.person_id = any(${[...new Set(personIds)]}::uuid[])
      and a.kind <> 'work' order by a.added_at, a.id`,
  )
