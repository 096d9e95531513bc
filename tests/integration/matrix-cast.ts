import { encode } from 'next-auth/jwt'
import pg from 'pg'
import { hashSecret } from '@/lib/crypto/secrets'
import {
  type Audience,
  castCampaign,
  castPlan,
  castSystem,
  type Row,
  rosterEntry,
} from '@/tests/integration/matrix-table'
import { deleteAll } from '@/tests/support/database'
import { connect } from '@/tests/support/journey'
import { type Stack, startStack, testSecrets } from '@/tests/support/portal'
import { type RawAnswer, rawRequest } from '@/tests/support/raw-request'

export const callers = ['anonymous', 'researcher', 'other', 'viewer', 'manager', 'admin'] as const
export type Caller = (typeof callers)[number]
export type Person = Exclude<Caller, 'anonymous'>
export const people = callers.filter((caller): caller is Person => caller !== 'anonymous')

/** Of the registry's people. The names that the portal holds of them are canaries, given once they are connected. */
const orcids: Record<Person, string> = {
  researcher: '0000-0099-9458-0735',
  other: '0000-0099-4262-1291',
  viewer: '0000-0099-9722-0030',
  manager: '0000-0099-5475-2774',
  admin: '0000-0002-1825-0097',
}

export type Cast = {
  stack: Stack
  orcids: typeof orcids
  rows(sql: string, values?: unknown[]): Promise<Record<string, string>[]>
  beginSession(person: Person): Promise<{ id: string; cookie: string }>
  /** A cookie of a session of one's own that has just begun; none for strangers. */
  cookieOf(caller: Caller): Promise<string>
  /** What belongs to one person and is found nowhere else: name, iD, references, ids of rows and requests. */
  canariesOf: Record<Person, string[]>
  addressOf(row: Row): string
  bodyOf(row: Row): string
  ask(
    caller: Caller | { cookie: string },
    method: string,
    path: string,
    headers?: Record<string, string>,
    body?: string,
  ): Promise<RawAnswer>
  /** Puts every table back as it was when everybody had just connected. */
  restore(): Promise<void>
  stop(): Promise<void>
}

/** A portal at which five people have connected, three of whom have a role. */
export async function startCast(): Promise<Cast> {
  const stack = await startStack()
  const client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
  const rows = async (sql: string, values: unknown[] = []) => (await client.query(sql, values)).rows
  for (const person of people) {
    if (isStaff(person)) {
      await rows(
        `INSERT INTO staff_member (orcid, role, origin, may_export) VALUES ($1, $2::staff_role, 'test', $2 = 'manager')`,
        [orcids[person], person],
      )
    }
    await connect(stack, { orcid: orcids[person] })
    const name = nameOf(person)
    await rows('UPDATE researcher SET name = $2 WHERE orcid = $1', [orcids[person], name])
    await rows('UPDATE staff_member SET name = $2 WHERE orcid = $1', [orcids[person], name])
  }
  await rows('UPDATE "grant" g SET name_given = r.name FROM researcher r WHERE r.id = g.researcher_id')
  const canariesOf = {} as Record<Person, string[]>
  for (const person of people) canariesOf[person] = await findCanaries(rows, person)
  const [attempt] = await rows(referenceSql, [orcids.researcher])
  const cookieOf = async (caller: Caller) => (caller === 'anonymous' ? '' : (await beginSession(rows, caller)).cookie)
  const usual = {} as Record<Caller, string>
  for (const caller of callers) usual[caller] = await cookieOf(caller)
  const code = 'a-link-to-join-the-team'
  const [invitation] = await rows(
    `INSERT INTO staff_invitation (secret_hash, role, made_by_id, expires_at)
     SELECT $2, 'viewer', id, now() + interval '1 day' FROM staff_member WHERE orcid = $1 RETURNING id`,
    [orcids.admin, hashSecret(code)],
  )
  const [affiliation] = await rows(
    `INSERT INTO affiliation (person_id, researcher_id, kind, external_id, title, origin, state)
     SELECT id, researcher_id, 'employment', 'hr-1', 'Lecturer', 'entered', 'refused' FROM person WHERE orcid = $1 RETURNING id`,
    [orcids.researcher],
  )
  const [conflict] = await rows(
    `INSERT INTO conflict (kind, person_id, other_person_id)
     SELECT 'two_people_are_one', one.id, two.id FROM person one, person two WHERE one.orcid = $1 AND two.orcid = $2 RETURNING id`,
    [orcids.researcher, orcids.other],
  )
  await rows(
    `INSERT INTO person (id, local_id, given_name, family_name, department, kind, origin)
     VALUES ($1, 'hr-roster', 'Roster', 'Entry', 'Science / Physics', 'staff', 'entered')`,
    [rosterEntry],
  )
  const [unconnected] = await rows(
    `INSERT INTO person (origin, family_name, kind) VALUES ('entered', 'Without an iD', 'staff') RETURNING id`,
  )
  const [batch] = await rows(
    `INSERT INTO batch (action, leaves_on, made_by_id) SELECT 'mark_leaving', '2030-01-01', id FROM staff_member WHERE orcid = $1
     RETURNING id`,
    [orcids.manager],
  )
  await rows('INSERT INTO batch_step (batch_id, place, person_id) VALUES ($1, 0, $2)', [batch?.id, unconnected?.id])
  await rows(
    `INSERT INTO campaign (id, name, code, purpose, scopes, audience, made_by_id)
     SELECT $1, 'Autumn', 'matrix22', 'More', '{/read-limited}', 'kind=staff', id FROM staff_member WHERE orcid = $2`,
    [castCampaign, orcids.manager],
  )
  await rows('INSERT INTO invitation (campaign_id, person_id) SELECT $1, id FROM person WHERE orcid = $2', [
    castCampaign,
    orcids.researcher,
  ])
  await rows(
    `INSERT INTO system (id, name, contact, operator, made_by_id)
     SELECT $1, 'Staff pages', 'pages@example.org', 'institution', id FROM staff_member WHERE orcid = $2`,
    [castSystem, orcids.admin],
  )
  await rows(
    `INSERT INTO system_term (system_id, number, purpose_number, purpose, rights, scopes, made_by_id)
     SELECT id, 1, 1, '{"en":"Shows your works."}', '{people:read}', '{}', made_by_id FROM system`,
  )
  await rows(
    `INSERT INTO export_plan (id, system_id, format, every, hour, place, ends_on, next_at, made_by_id)
     SELECT $1, id, 'jsonl', 'daily', 6, 'folder', current_date + 365, now() + interval '1 day', made_by_id FROM system`,
    [castPlan],
  )
  const tables = await takeSnapshot(rows)
  const [member] = await rows('SELECT id FROM staff_member WHERE orcid = $1', [orcids.viewer])
  const fill = (text: string) =>
    text
      .replace('{orcid}', orcids.researcher)
      .replace('{reference}', attempt?.reference ?? '')
      .replace('{affiliation}', affiliation?.id ?? '')
      .replace('{conflict}', conflict?.id ?? '')
      .replace('{person}', unconnected?.id ?? '')
      .replace('{batch}', batch?.id ?? '')
      .replace('{draft}', '00000000-0000-4000-8000-000000000000')
      .replace('{roster}', rosterEntry)
      .replace('{member}', member?.id ?? '')
      .replace('{invitation}', invitation?.id ?? '')
      .replace('{code}', code)
  const ownOrigin = { host: new URL(stack.portal.url).host, origin: stack.portal.url, 'sec-fetch-site': 'same-origin' }
  return {
    stack,
    orcids,
    rows,
    cookieOf,
    beginSession: (person) => beginSession(rows, person),
    canariesOf,
    addressOf: ({ at }) => fill(at),
    bodyOf: ({ fields }) =>
      new URLSearchParams(Object.entries(fields ?? {}).map(([name, value]) => [name, fill(value)])).toString(),
    ask: (caller, method, path, headers = {}, body = '') => {
      const cookie = typeof caller === 'string' ? usual[caller] : caller.cookie
      const all = { ...ownOrigin, ...(cookie === '' ? {} : { cookie }), ...headers }
      return rawRequest(stack.portal.url, method, path, all, method === 'POST' ? body || 'from=the+matrix' : '')
    },
    restore: () => restoreSnapshot(rows, tables),
    stop: async () => {
      await client.end()
      await stack.stop()
    },
  }
}

const isStaff = (person: Person) => person !== 'researcher' && person !== 'other'
const nameOf = (person: Person) => `Canary${person}Wexford`

type Rows = Cast['rows']

const referenceSql = `SELECT a.reference FROM authorization_attempt a JOIN researcher r ON r.id = a.researcher_id
  WHERE r.orcid = $1 AND a.outcome = 'connected'`

async function findCanaries(rows: Rows, person: Person): Promise<string[]> {
  const found = await rows(
    `WITH one AS (SELECT id FROM researcher WHERE orcid = $1)
     SELECT id::text AS canary FROM one
     UNION SELECT unnest(ARRAY[id::text, reference]) FROM authorization_attempt WHERE researcher_id IN (SELECT id FROM one)
     UNION SELECT id::text FROM "grant" WHERE researcher_id IN (SELECT id FROM one)
     UNION SELECT request_id FROM audit_event WHERE researcher_id IN (SELECT id FROM one) AND request_id IS NOT NULL`,
    [orcids[person]],
  )
  return [orcids[person], nameOf(person), ...found.map(({ canary }) => String(canary))]
}

/** A copy of the person's last session, whatever columns a session has, under an id of its own. */
async function beginSession(rows: Rows, person: Person): Promise<{ id: string; cookie: string }> {
  const [session] = await rows(
    `INSERT INTO session
     SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'ended_at', null))).*
       FROM session s JOIN researcher r ON r.id = s.researcher_id
      WHERE r.orcid = $1 ORDER BY s.created_at DESC LIMIT 1 RETURNING id`,
    [orcids[person]],
  )
  const id = String(session?.id)
  return { id, cookie: await sessionCookie(id, testSecrets.sessionSecret) }
}

export async function sessionCookie(sid: string, secret: string): Promise<string> {
  return `concord.session=${await encode({ token: { sid }, secret, maxAge: 3_600 })}`
}

async function takeSnapshot(rows: Rows): Promise<string[]> {
  const found = await rows(
    `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`,
  )
  const tables = found.map(({ name }) => String(name))
  await rows('CREATE SCHEMA as_it_was')
  for (const table of tables) await rows(`CREATE TABLE as_it_was.${table} AS TABLE public.${table}`)
  return tables
}

async function restoreSnapshot(rows: Rows, tables: string[]): Promise<void> {
  // History refuses to be emptied, and rows refer to one another: for this session neither is looked at.
  const columns = new Map(
    (
      await rows(
        `SELECT quote_ident(table_name) AS name, string_agg(quote_ident(column_name), ', ') AS columns
         FROM information_schema.columns WHERE table_schema = 'public' AND is_generated = 'NEVER' GROUP BY table_name`,
      )
    ).map((row) => [row.name, row.columns]),
  )
  const statements = [
    'SET session_replication_role = replica',
    deleteAll(tables),
    ...tables.map(
      (table) =>
        `INSERT INTO public.${table} (${columns.get(table)}) SELECT ${columns.get(table)} FROM as_it_was.${table}`,
    ),
    'SET session_replication_role = DEFAULT',
  ]
  for (let tries = 1; ; tries++) {
    try {
      await rows(statements.join('; '))
      return
    } catch (error) {
      // A job that is at work just then may make PostgreSQL choose us to give way.
      if (!(error instanceof pg.DatabaseError) || error.code !== '40P01' || tries === 5) throw error
    }
  }
}

/** What a caller must get for a method that the row knows, as `200`, `307 /sign-in`, `303 ORCID`. */
export function expectedAnswer(row: Row, caller: Caller, method: string): string {
  if (caller === 'anonymous' && row.stranger) return row.stranger
  if (isAdmitted(row.audience, caller)) return method === 'POST' ? (row.posted ?? row.answer) : row.answer
  if (caller !== 'anonymous') return '404'
  return row.kind === 'route' && method === 'POST' ? '303 /sign-in' : '307 /sign-in'
}

const ranks: Record<Exclude<Audience, 'owner'> | Caller, number> = {
  anybody: 0,
  anonymous: 0,
  'signed-in': 1,
  researcher: 1,
  other: 1,
  viewer: 2,
  exporter: 3,
  manager: 3,
  admin: 4,
}

export const isAdmitted = (audience: Audience, caller: Caller): boolean =>
  audience === 'owner' ? caller === 'researcher' : ranks[caller] >= ranks[audience]

/** The same form of what came, without the query of a redirect. */
export function describeAnswer({ status, headers }: RawAnswer, cast: Cast): string {
  if (!headers.location) return String(status)
  const { origin, pathname } = new URL(headers.location, cast.stack.portal.url)
  if (origin === cast.stack.registry.url) return `${status} ORCID`
  return `${status} ${origin === cast.stack.portal.url ? pathname : headers.location}`
}

/** What an answer holds of other people, apart from what the request itself said. */
export function findLeaks(cast: Cast, caller: Caller, path: string, answer: RawAnswer): string[] {
  const received = `${answer.body}\n${JSON.stringify(answer.headers)}`
  const said = decodeURIComponent(decodeURIComponent(path.replace(/%(?![\da-f]{2})/gi, '')))
  return people
    .filter((person) => person !== caller)
    .flatMap((person) => cast.canariesOf[person])
    .filter((canary) => received.includes(canary) && !said.includes(canary))
}

/** Keys of JSON objects and of what React sends that are named like something secret. The code of a problem is its name. */
export function findSecretNames({ body: told, headers }: RawAnswer): string[] {
  const body = headers['content-type'] === 'application/problem+json' ? told.replace('"code":', '') : told
  const keys = [...body.matchAll(/\\*"(\w{2,40})\\*"\s*:/g)].map(([, key = '']) => key)
  return [...new Set(keys.filter((key) => /token|secret|sealed|passw|privatekey|.hash$|^sid$|^code$/i.test(key)))]
}
