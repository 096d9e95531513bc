import { makeSeededOrcid, makeSeededReference } from '@/prisma/seed-numbers'

type Rows = (sql: string, values?: unknown[]) => Promise<Record<string, string>[]>

export type WorldPerson = {
  id: string
  localId: string
  given: string
  family: string
  email: string
  department: string | null
  kind: 'staff' | 'student' | 'guest'
  orcid: string | null
  state: 'connected' | 'identity_only' | 'withdrawn'
  /** Of one who was connected. */
  reference: string | null
}

/** `conflicts` are with people inside, `merges` entries whose numbers lead to people inside. */
export type World = { people: WorldPerson[]; references: string[] }
export type Outsiders = World & { seed: number; conflicts: [string, string][]; merges: [string, string][] }

/** With the signs that mean something in a pattern. */
export const limits = ['Science', 'Arts_1 / 50%']

const insideDepartments = [
  'Science',
  'Science / Physics',
  'Science / Physics / Optics',
  'Arts_1 / 50%',
  'Arts_1 / 50% / x',
]
const outsideDepartments = [
  'Law',
  'Sciences',
  'science',
  'Science/Physics',
  'ArtsX1 / 50%',
  'Arts_1',
  'Arts_1 / 50 / x',
  null,
]
const kinds = ['staff', 'student', 'guest'] as const
const states = ['connected', 'identity_only', 'withdrawn'] as const

/** Mulberry32: the same numbers for the same seed. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const uuid = (kind: string, index: number) => `${kind.repeat(8)}-0000-4000-8000-${String(index).padStart(12, '0')}`

function makePerson(
  kind: 'a' | 'b',
  index: number,
  of: { name: string; department: string | null; orcid: boolean; state: number },
): WorldPerson {
  const number = (kind === 'a' ? 0 : 500_000) + index
  const state = states[of.state % states.length] ?? 'connected'
  return {
    id: uuid(kind, number),
    localId: `${kind === 'a' ? 'in' : 'out'}-${number}`,
    given: of.name,
    family: kind === 'a' ? 'Insider' : 'Outsider',
    email: `${kind === 'a' ? 'in' : 'out'}-${number}@example.edu`,
    department: of.department,
    kind: kinds[number % kinds.length] ?? 'staff',
    orcid: of.orcid ? makeSeededOrcid(10_000 + number) : null,
    state,
    reference: of.orcid && state === 'connected' ? makeSeededReference(10_000 + number) : null,
  }
}

const withReferences = (people: WorldPerson[]) => ({
  people,
  references: people.flatMap(({ reference }) => reference ?? []),
})

/** More than a page, with and without iDs. */
export const inside: World = withReferences(
  Array.from({ length: 120 }, (_, index) =>
    makePerson('a', index, {
      name: `Ina${String.fromCharCode(97 + (index % 26))}${index}`,
      department: insideDepartments[index % insideDepartments.length] ?? null,
      orcid: index % 2 === 0,
      state: index >> 1,
    }),
  ),
)

const outNames = ['Ina', 'Otto', 'Zoe', 'Aaron', 'Ömer']

export function makeOutsiders(seed: number): Outsiders {
  const random = makeRandom(seed)
  const people = Array.from({ length: 3 + random(9) }, () =>
    makePerson('b', random(400_000), {
      name: `${outNames[random(outNames.length)]}${random(1_000)}`,
      department: outsideDepartments[random(outsideDepartments.length)] ?? null,
      orcid: random(3) > 0,
      state: random(3),
    }),
  ).filter((one, index, all) => all.findIndex(({ id }) => id === one.id) === index)
  const someone = () => inside.people[random(inside.people.length)]?.id ?? ''
  const conflicts = people.filter(() => random(2) === 0).map(({ id }): [string, string] => [id, someone()])
  const merges = people
    .filter(({ orcid }) => !orcid && random(2) === 0)
    .map(({ id }): [string, string] => [id, someone()])
  return { seed, ...withReferences(people), conflicts, merges }
}

/** What names somebody, and nothing else in the two worlds does. A few people stand for all. */
export const tokensOf = ({ people, references }: World): string[] => [
  ...people
    .slice(0, 3)
    .flatMap(({ localId, given, email, orcid }) => [localId, given, email, ...(orcid ? [orcid] : [])]),
  ...references.slice(0, 3),
]

const at = '2024-03-01T10:00:00Z'

/** Writes people of both sides. Everything inside is the same in each world, to the ids and times. */
export async function fillWorld(rows: Rows, outsiders: Outsiders): Promise<void> {
  const people = [...inside.people, ...outsiders.people]
  const withId = JSON.stringify(people.filter(({ orcid }) => orcid))
  const all = JSON.stringify(people)
  await rows(
    `INSERT INTO researcher (id, orcid, registry, name, state, live_scopes, first_connected_at, last_confirmed_at, withdrew_at, expires_at, created_at)
     SELECT id, orcid, 'local', given || ' at ORCID', state::researcher_state,
       CASE state WHEN 'connected' THEN '{/read-limited,openid}'::text[] WHEN 'identity_only' THEN '{openid}' ELSE '{}' END,
       CASE WHEN state <> 'identity_only' THEN $2::timestamptz END, $2::timestamptz, CASE WHEN state = 'withdrawn' THEN $2::timestamptz END,
       $2::timestamptz + interval '30 years', $2::timestamptz
     FROM jsonb_to_recordset($1::jsonb) AS p (id uuid, orcid text, given text, state text)`,
    [withId, at],
  )
  await rows(
    `UPDATE person SET id = p.id, origin = 'imported', added_at = $2::timestamptz + make_interval(hours => hashtext(p.id::text) % 1000)
     FROM jsonb_to_recordset($1::jsonb) AS p (id uuid, orcid text) WHERE person.orcid = p.orcid`,
    [withId, at],
  )
  await rows(
    `INSERT INTO person (id, origin, added_at)
     SELECT id, 'imported', $2::timestamptz + make_interval(hours => hashtext(id::text) % 1000)
     FROM jsonb_to_recordset($1::jsonb) AS p (id uuid, orcid text) WHERE orcid IS NULL`,
    [all, at],
  )
  await rows(
    `UPDATE person SET local_id = p.local_id, given_name = p.given, family_name = p.family, email = p.email,
       department = p.department, kind = p.kind::person_kind
     FROM jsonb_to_recordset($1::jsonb) AS p (id uuid, local_id text, given text, family text, email text, department text, kind text)
     WHERE person.id = p.id`,
    [JSON.stringify(people.map(({ localId, ...one }) => ({ ...one, local_id: localId })))],
  )
  await rows(
    `INSERT INTO authorization_attempt (reference, purpose, state, outcome, scopes_asked, registry, client_id, redirect_uri, locale,
       secret_hash, state_hash, started_at, expires_at, ended_at, researcher_id)
     SELECT reference, 'connect', 'saved', 'connected', '{openid}', 'local', 'APP-TEST', 'http://localhost', 'en', reference, reference,
       $2::timestamptz, $2::timestamptz, $2::timestamptz, id
     FROM jsonb_to_recordset($1::jsonb) AS p (id uuid, reference text) WHERE reference IS NOT NULL`,
    [withId, at],
  )
  for (const [outer, inner] of outsiders.conflicts) {
    await rows(`INSERT INTO conflict (kind, person_id, other_person_id) VALUES ('two_people_are_one', $1, $2)`, [
      inner,
      outer,
    ])
  }
  for (const [outer, inner] of outsiders.merges) {
    await rows(`UPDATE person SET merged_into_id = $2 WHERE id = $1`, [outer, inner])
  }
}
