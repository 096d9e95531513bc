import { beforeAll } from 'vitest'
import { db, inTransaction, type Prisma } from '@/lib/db'
import { matchToRoster } from '@/lib/people/matching'
import { makeSeededOrcid } from '@/prisma/seed-numbers'
import { makeStaffActor } from '@/tests/support/actors'
import { historyPerFile } from '@/tests/support/audit'

export const numbers = { a: makeSeededOrcid(1), b: makeSeededOrcid(2), c: makeSeededOrcid(3) }

type Entry = Partial<Prisma.PersonUncheckedCreateInput> & { name?: string }

/** Somebody on the roster, by their number. */
export async function addToRoster(localId: string, { name = 'Anna Müller', ...entry }: Entry = {}): Promise<string> {
  const [givenName, familyName] = name.split(' ')
  const data = {
    localId,
    givenName,
    familyName,
    origin: 'imported',
    department: 'Physics',
    kind: 'staff',
    ...entry,
  } as const
  return (await db().person.create({ data, select: { id: true } })).id
}

/** An iD that ORCID has authenticated, and of whom nothing else is known. */
export async function addId(orcid: string, name: string | null = 'Anna Müller') {
  const liveScopes = ['/activities/update', '/read-limited', 'openid']
  const data = { orcid, name, registry: 'local', state: 'connected', liveScopes, firstConnectedAt: new Date() } as const
  return db().researcher.create({ data, select: { id: true, orcid: true } })
}

export const match = (researcher: { id: string; orcid: string }) =>
  inTransaction((tx) => matchToRoster(tx, researcher, 'TEST-0001'))

export const holderOf = async ({ id }: { id: string }) =>
  (await db().person.findUniqueOrThrow({ where: { researcherId: id }, select: { id: true } })).id

/** An item as a worker leaves it that has written it to the record. */
export async function addWritten(researcher: { id: string }, externalId: string, putCode: string): Promise<string> {
  const written = { state: 'in_orcid', putCode, writtenRevision: 1, writtenAt: new Date() } as const
  return addItem(await holderOf(researcher), externalId, { researcherId: researcher.id, ...written })
}

export async function addItem(
  personId: string,
  externalId: string,
  more: Partial<Prisma.AffiliationUncheckedCreateInput> = {},
): Promise<string> {
  const data = {
    personId,
    externalId,
    kind: 'employment',
    title: 'Lecturer',
    origin: 'imported',
    state: 'waiting_for_person',
    ...more,
  } as const
  return (await db().affiliation.create({ data, select: { id: true } })).id
}

/** Everything that a decision may change, without ids that it may give anew. */
export async function snapshot() {
  const name = (person: { localId: string | null; orcid: string | null } | null) =>
    person?.localId ?? person?.orcid ?? null
  const side = { select: { localId: true, orcid: true } }
  const people = await db().person.findMany({
    select: {
      localId: true,
      orcid: true,
      knownOrcid: true,
      department: true,
      conflict: true,
      mergedInto: side,
      appointments: { select: { title: true, primary: true }, orderBy: { title: 'asc' } },
      bindings: { where: { endedAt: null }, select: { proof: true, confirmedAt: true } },
    },
  })
  const items = await db().affiliation.findMany({
    select: {
      externalId: true,
      state: true,
      putCode: true,
      removal: true,
      person: side,
      researcher: { select: { orcid: true } },
    },
  })
  const conflicts = await db().conflict.findMany({
    select: { kind: true, resolvedAt: true, person: side, otherPerson: side, researcher: { select: { orcid: true } } },
  })
  const sorted = <T>(rows: T[]) => rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  return {
    people: sorted(people.map((person) => ({ ...person, mergedInto: name(person.mergedInto) }))),
    items: sorted(
      items.map(({ person, researcher, ...item }) => ({ ...item, of: name(person), on: researcher?.orcid ?? null })),
    ),
    open: sorted(
      conflicts
        .filter(({ resolvedAt }) => resolvedAt === null)
        .map(({ kind, person, otherPerson, researcher }) => [
          kind,
          name(person),
          name(otherPerson),
          researcher?.orcid ?? null,
        ]),
    ),
  }
}

/** A database of one's own, emptied before each test, with a manager. `settings`: other variables of this process. */
export function peoplePerFile(settings: () => Record<string, string> = () => ({})) {
  const history = historyPerFile()
  let staffId = ''
  beforeAll(async () => {
    Object.assign(process.env, settings())
    const data = { orcid: makeSeededOrcid(900), name: 'Grace', role: 'manager', origin: 'invited' } as const
    staffId = (await db().staffMember.create({ data, select: { id: true } })).id
  })
  return {
    rows: history.rows,
    get url() {
      return history.url
    },
    get manager() {
      return makeStaffActor({ staffId, role: 'manager' })
    },
  }
}
