import 'server-only'
import { z } from 'zod'
import { Prisma, type Queryable, queryRows } from '@/lib/db'
import type { PersonRow } from '@/lib/imports/people-row'
import { idsOfPeople, withoutZeros } from '@/lib/imports/person-ids'
import { personKinds } from '@/lib/people/person'

const known = z.object({
  id: z.string(),
  localId: z.string().nullable(),
  givenName: z.string().nullable(),
  familyName: z.string().nullable(),
  email: z.string().nullable(),
  department: z.string().nullable(),
  kind: z.enum(personKinds).nullable(),
  orcid: z.string().nullable(),
  knownOrcid: z.string().nullable(),
  title: z.string().nullable(),
  startOn: z.string().nullable(),
  endOn: z.string().nullable(),
  language: z.string().nullable(),
})
export type KnownPerson = z.infer<typeof known>

/** What a file can change about a person. */
const compared = [
  'localId',
  'givenName',
  'familyName',
  'email',
  'department',
  'kind',
  'title',
  'startOn',
  'endOn',
  'language',
] as const
export type Change = Partial<Record<(typeof compared)[number] | 'knownOrcid', string | null>>

export type JudgedPerson = {
  verdict: 'added' | 'changed' | 'unchanged' | 'perhaps'
  personId: string | null
  nearId: string | null
  name: string | null
  before: Change
  after: Change
  /** The address is another person's. */
  movesEmail: boolean
  /** A number beside an iD that ORCID has authenticated for somebody else's entry. */
  pairsWith: string | null
}

const fold = (text: string | null) =>
  (text ?? '')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** Everybody whom some rows may mean: the same number, address, iD, or name. */
export async function findKnownPeople(tx: Queryable, rows: readonly PersonRow[]): Promise<KnownPerson[]> {
  const values = (of: (row: PersonRow) => string | null) => [...new Set(rows.flatMap((row) => of(row) ?? []))]
  const numbers = values(({ localId }) => localId)
  const emails = values(({ email }) => email)
  const orcids = values(({ orcid }) => orcid)
  const names = values(({ givenName, familyName }) => fold([givenName, familyName].filter(Boolean).join(' ')) || null)
  return queryRows(
    tx,
    known,
    Prisma.sql`
      select p.id::text, local_id as "localId", given_name as "givenName", family_name as "familyName", email,
        p.department, p.kind::text, orcid, known_orcid as "knownOrcid", a.title, a.start_on as "startOn", a.end_on as "endOn", language
      from person p left join appointment a on a.person_id = p.id and a."primary"
      where merged_into_id is null and p.id = any(${idsOfPeople({ numbers, emails, orcids, knownOrcids: orcids, names })})`,
  )
}

const nameOf = ({ givenName, familyName }: Pick<PersonRow, 'givenName' | 'familyName'>) =>
  fold([givenName, familyName].filter(Boolean).join(' '))

/** People by what a row may have of them. */
export function indexPeople(people: readonly KnownPerson[]) {
  const by = (keyOf: (person: KnownPerson) => string | null) =>
    new Map(people.flatMap((person) => (keyOf(person) ? [[keyOf(person), person] as const] : [])))
  return {
    byNumber: by(({ localId }) => localId),
    byZeros: by(({ localId }) => localId && withoutZeros(localId)),
    byEmail: by(({ email }) => email?.toLowerCase() ?? null),
    byOrcid: by(({ orcid }) => orcid),
    byName: by(nameOf),
  }
}

type Index = ReturnType<typeof indexPeople>

/** Compares one row with whom it may mean. Empty cells change nothing. */
export function judgePerson(row: PersonRow, index: Index): JudgedPerson {
  const name = [row.givenName, row.familyName].filter(Boolean).join(' ') || null
  const byNumber = index.byNumber.get(row.localId)
  const byEmail = index.byEmail.get(row.email?.toLowerCase() ?? null)
  const byOrcid = index.byOrcid.get(row.orcid)
  const byAddress = byEmail?.localId === null ? byEmail : undefined
  const matched = row.localId === null ? (byOrcid ?? byEmail) : (byNumber ?? byAddress)
  const movesEmail = byEmail !== undefined && byEmail.id !== matched?.id
  const pairsWith = byOrcid && byOrcid.id !== matched?.id ? byOrcid.id : null
  const near = matched ? undefined : findNear(row, index)
  const { before, after } = compare(row, matched ?? null, byOrcid !== undefined)
  return {
    verdict: matched ? (Object.keys(after).length > 0 ? 'changed' : 'unchanged') : near ? 'perhaps' : 'added',
    personId: matched?.id ?? null,
    nearId: near?.id ?? null,
    name,
    before: matched ? before : {},
    after,
    movesEmail,
    pairsWith,
  }
}

/** The number without its leading zeros, the same address with another number, or the same name in the same unit. */
function findNear(row: PersonRow, { byZeros, byEmail, byName }: Index): KnownPerson | undefined {
  const { localId } = row
  const near = (localId && byZeros.get(withoutZeros(localId))) || byEmail.get(row.email?.toLowerCase() ?? null)
  if (near) return near
  const named = byName.get(nameOf(row) || null)
  if (!named || localId === null || named.localId === null) return named
  return fold(named.department) === fold(row.department) ? named : undefined
}

/** Differences that the file means; capitals, accents and spaces alone are none for an address. */
function compare(
  row: PersonRow,
  person: KnownPerson | null,
  isAuthenticated: boolean,
): { before: Change; after: Change } {
  const before: Change = {}
  const after: Change = {}
  for (const field of compared) {
    const [was, is] = [person?.[field] ?? null, row[field]]
    if (is === null || is === was) continue
    if (field === 'email' && was?.toLowerCase() === is.toLowerCase()) continue
    before[field] = was
    after[field] = is
  }
  // An iD of a file proves nothing: it is kept until ORCID has authenticated one.
  if (row.orcid !== null && !isAuthenticated && person?.orcid !== row.orcid && person?.knownOrcid !== row.orcid) {
    before.knownOrcid = person?.knownOrcid ?? null
    after.knownOrcid = row.orcid
  }
  return { before, after }
}
