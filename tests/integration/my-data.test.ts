import { describe, expect, test } from 'vitest'
import { addCalls } from '@/tests/support/calls'
import { connect, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'

const grace = '0000-0099-5475-2774'
const place = stackPerFile({ STAFF_ADMINS: grace })

/** Where the download has a column, as a path in which `[]` stands for every element. */
type Place = string
/** Why the download leaves a column out. */
type LeftOut = { leftOut: string }

const token = { leftOut: 'a sealed token: "held" says that it is there' }
const secret = { leftOut: 'the digest of a random secret of the browser, of use to nobody but a forger' }
const key = { leftOut: 'a number of ours for the row, which says nothing' }
const whose = { leftOut: 'says that the row is about the person who downloads it' }

/**
 * Every column of every table. Whoever adds one decides here: is it personal, then where is it in the download; or why
 * is it left out. Tables that are about nobody are named as a whole.
 */
const columns: Record<string, Record<string, Place | LeftOut> | LeftOut> = {
  researcher: {
    id: 'researcher.id',
    orcid: 'researcher.orcid',
    registry: 'researcher.registry',
    name: 'researcher.name',
    state: 'researcher.state',
    live_scopes: 'researcher.liveScopes',
    connected_at: 'researcher.connectedAt',
    expires_at: 'researcher.expiresAt',
    withdrawn_at: 'researcher.withdrawnAt',
    last_checked_at: 'researcher.lastCheckedAt',
    finding: 'researcher.finding',
    unanswered_since: 'researcher.unansweredSince',
    primary_orcid: 'researcher.primaryOrcid',
    merged_into_id: { leftOut: 'a number of ours for whoever connected with "primaryOrcid"' },
    department: 'researcher.department',
    local_id: 'researcher.localId',
    conflict: 'researcher.conflict',
    search_text: { leftOut: 'name and iD once more, without accents, for the search' },
    created_at: 'researcher.createdAt',
  },
  grant: {
    id: 'grants[].id',
    researcher_id: whose,
    attempt_id: 'grants[].attemptId',
    registry: 'grants[].registry',
    client_id: 'grants[].clientId',
    state: 'grants[].state',
    scopes: 'grants[].scopes',
    name_given: 'grants[].nameGiven',
    sealed_access_token: token,
    sealed_refresh_token: token,
    sealed_response: token,
    access_token_hash: { leftOut: 'a keyed digest of the token, by which it is found again' },
    granted_at: 'grants[].grantedAt',
    expires_at: 'grants[].expiresAt',
    ended_at: 'grants[].endedAt',
    superseded_by_id: 'grants[].supersededById',
    finding: 'grants[].finding',
    last_checked_at: 'grants[].lastCheckedAt',
    next_check_at: 'grants[].nextCheckAt',
    unanswered_since: 'grants[].unansweredSince',
  },
  grant_check: {
    id: key,
    grant_id: { leftOut: 'the check stands below its grant' },
    at: 'grants[].checks[].at',
    finding: 'grants[].checks[].finding',
    reason: 'grants[].checks[].reason',
  },
  authorization_attempt: {
    id: 'attempts[].id',
    reference: 'attempts[].reference',
    purpose: 'attempts[].purpose',
    state: 'attempts[].state',
    outcome: 'attempts[].outcome',
    scopes_asked: 'attempts[].scopesAsked',
    registry: 'attempts[].registry',
    client_id: 'attempts[].clientId',
    redirect_uri: 'attempts[].redirectUri',
    locale: 'attempts[].locale',
    shown_text_hash: 'attempts[].shownText.hash',
    subject_proof: 'attempts[].subjectProof',
    staff_invitation_id: 'attempts[].staffInvitationId',
    narrows_grant_id: 'attempts[].narrowsGrantId',
    started_by_id: { leftOut: 'told as "beganSignedIn"' },
    secret_hash: secret,
    state_hash: secret,
    sealed_code: { leftOut: 'a sealed code, there for seconds, which belongs to ORCID and to us' },
    started_at: 'attempts[].startedAt',
    expires_at: 'attempts[].expiresAt',
    claimed_at: 'attempts[].claimedAt',
    ended_at: 'attempts[].endedAt',
    researcher_id: { leftOut: 'told as "endedWithMe": it may have ended with another iD' },
  },
  affiliation: {
    id: 'affiliations[].id',
    researcher_id: whose,
    kind: 'affiliations[].kind',
    external_id: 'affiliations[].externalId',
    title: 'affiliations[].title',
    department: 'affiliations[].department',
    start_on: 'affiliations[].startOn',
    end_on: 'affiliations[].endOn',
    url: 'affiliations[].url',
    origin: 'affiliations[].origin',
    state: 'affiliations[].state',
    removal: 'affiliations[].removal',
    revision: 'affiliations[].revision',
    written_revision: 'affiliations[].writtenRevision',
    posted_revision: 'affiliations[].postedRevision',
    put_code: 'affiliations[].putCode',
    reason: 'affiliations[].reason',
    added_at: 'affiliations[].addedAt',
    changed_at: 'affiliations[].changedAt',
    written_at: 'affiliations[].writtenAt',
    checked_at: 'affiliations[].checkedAt',
    tries: 'affiliations[].tries',
    next_try_at: 'affiliations[].nextTryAt',
    claim_id: { leftOut: 'a random number of the worker that is at it just now' },
    claimed_until: { leftOut: 'seconds in which one worker is at it' },
  },
  affiliation_draft: {
    leftOut: 'what staff look at for an hour before they have it written, in whatever form they gave it',
  },
  writing_confirmation: { leftOut: 'about the institution; that somebody confirmed it is among their events' },
  orcid_call: {
    id: key,
    at: 'calls[].at',
    actor_kind: 'calls[].actorKind',
    actor_id: { leftOut: 'a staff member is an office here, not a person' },
    purpose: 'calls[].purpose',
    researcher_id: whose,
    method: 'calls[].method',
    path: 'calls[].path',
    outcome: 'calls[].outcome',
    status: 'calls[].status',
    error_code: 'calls[].errorCode',
    latency_ms: 'calls[].latencyMs',
    tries: 'calls[].tries',
  },
  session: {
    id: 'sessions[].id',
    researcher_id: whose,
    attempt_id: 'sessions[].attemptId',
    browser: 'sessions[].browser',
    last_seen_at: 'sessions[].lastSeenAt',
    created_at: 'sessions[].createdAt',
    expires_at: 'sessions[].expiresAt',
    ended_at: 'sessions[].endedAt',
  },
  revocation: {
    id: key,
    grant_id: { leftOut: 'the revocation stands below its grant' },
    attempt_id: { leftOut: 'the revocation stands below its attempt' },
    registry: { leftOut: 'that of its grant' },
    client_id: 'grants[].revocations[].clientId',
    reason: 'grants[].revocations[].reason',
    sealed_token: token,
    requested_at: 'grants[].revocations[].requestedAt',
    tries: 'grants[].revocations[].tries',
    last_tried_at: 'grants[].revocations[].lastTriedAt',
    last_outcome: 'grants[].revocations[].lastOutcome',
    next_try_at: 'grants[].revocations[].nextTryAt',
    confirmed_at: 'grants[].revocations[].confirmedAt',
  },
  staff_member: {
    id: 'staff.id',
    orcid: 'staff.orcid',
    name: 'staff.name',
    role: 'staff.role',
    added_at: 'staff.addedAt',
    origin: 'staff.origin',
    ended_at: 'staff.endedAt',
  },
  staff_invitation: {
    id: key,
    secret_hash: { leftOut: 'the digest of the secret in a link, of use to nobody' },
    role: 'staff.invitationsMade[].role',
    made_by_id: { leftOut: 'the link stands below the person who made it' },
    made_at: 'staff.invitationsMade[].madeAt',
    expires_at: 'staff.invitationsMade[].expiresAt',
    used_at: 'staff.invitationsMade[].usedAt',
    used_by_id: { leftOut: 'told as "invitationsUsed" to the one who used it, and to nobody else' },
    withdrawn_at: 'staff.invitationsMade[].withdrawnAt',
  },
  audit_event: {
    id: key,
    at: 'events[].at',
    action: 'events[].action',
    actor_kind: 'events[].actorKind',
    actor_id: { leftOut: 'a staff member is an office here, not a person; whoever acted themselves knows it' },
    researcher_id: { leftOut: 'the person who downloads it, or somebody whom they looked up as staff' },
    attempt_id: 'events[].attemptId',
    grant_id: 'events[].grantId',
    request_id: 'events[].requestId',
    detail: 'events[].detail',
  },
  shown_text: {
    hash: 'attempts[].shownText.hash',
    locale: { leftOut: 'that of the attempt' },
    content: 'attempts[].shownText.content',
    first_shown_at: { leftOut: 'about the text, not about a person' },
  },
  erasure: { leftOut: 'about people who are erased, and who cannot be told from it' },
  export_part: { leftOut: 'told as "exports": the other people in a file are not theirs to know' },
  audit_seal: { leftOut: 'about the history as a whole' },
  orcid_door: { leftOut: 'when the next call to ORCID may be made: about nobody' },
  client_token: { leftOut: 'a token of the portal itself, for what is public' },
  ledger_entry: { leftOut: 'random numbers and times, for the minute until they are in the ledger' },
  restore: { leftOut: 'about the database as a whole' },
  tally: { leftOut: 'how many people there are of each sort, and who of them is not said' },
  rate_limit: { leftOut: 'keyed digests that are forgotten within minutes' },
  installation: { leftOut: 'about the installation' },
  _prisma_migrations: { leftOut: 'about the schema' },
}

/** Schemas of others, by name. The queue's payloads hold ids of attempts and nothing else. */
const otherSchemas = ['pg_catalog', 'information_schema', 'graphile_worker']

type Column = { table_name: string; column_name: string }

const findColumns = () =>
  place.rows(
    `select table_name, column_name from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where t.table_type = 'BASE TABLE' and table_schema <> all($1)`,
    [otherSchemas],
  ) as Promise<Column[]>

function undecided(found: readonly Column[]): string[] {
  return found
    .filter(({ table_name, column_name }) => {
      const decided = columns[table_name]
      return !decided || !('leftOut' in decided || column_name in decided)
    })
    .map(({ table_name, column_name }) => `${table_name}.${column_name}`)
}

/** What is at a path, of every element where the path goes through lists. */
function valuesAt(value: unknown, path: string): unknown[] {
  const [step = '', ...rest] = path.split('.')
  const name = step.replace('[]', '')
  const inner = (value as Record<string, unknown> | null)?.[name]
  const found = step.endsWith('[]') ? ((inner ?? []) as unknown[]) : [inner]
  return rest.length === 0 ? found : found.flatMap((one) => valuesAt(one, rest.join('.')))
}

const toText = (value: unknown) => JSON.stringify(sortKeys(JSON.parse(JSON.stringify(value ?? null))))

/** `jsonb` has an order of keys of its own. */
function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.localeCompare(b)))
}

/** Somebody with everything that a person can have here: superseded and withdrawn grants, failed trips, a role. */
async function fullLife() {
  const { visitor } = await connect(place.stack, { orcid: grace, scopes: ['/read-limited'] })
  await connect(place.stack, { orcid: grace, decision: 'deny' }, visitor)
  await connect(place.stack, { orcid: grace }, visitor)
  await visitor.get(`${place.stack.portal.url}/staff/researchers/${grace}`)
  await visitor.post(`${place.stack.portal.url}/staff/team/invitations`, [['role', 'viewer']])
  const fields = { orcid: grace, type: 'employment', title: 'Dean', start: '2021', url: 'https://www.example.org/' }
  const draft = await visitor.post(`${place.stack.portal.url}/staff/affiliations/entry`, Object.entries(fields))
  const id = draft.location?.split('draft=').at(-1) ?? ''
  await visitor.post(`${place.stack.portal.url}/staff/affiliations/apply`, [['draft', id]])
  await until(
    'it is written',
    async () => (await place.rows(`select 1 from affiliation where state = 'in_orcid'`)).length > 0,
  )
  await visitor.post(`${place.stack.portal.url}/staff/researchers/check`, [['orcid', grace]])
  await visitor.post(`${place.stack.portal.url}/me/withdrawal`)
  await connect(place.stack, { orcid: grace, purpose: 'sign-in' }, visitor)
  await until('only identity lives', async () => (await place.liveTokens()).length === 1)
  await addCalls(place.stack.database.url)
  return visitor
}

describe('the download of what is held about a person', () => {
  test('was decided about for every column of every table that there is', async () => {
    expect(undecided(await findColumns())).toEqual([])
  })

  test('is not decided about for a table or a column that somebody adds', async () => {
    await place.rows('begin')
    try {
      await place.rows('create table favourite_colour (researcher_id uuid references researcher, colour text)')
      await place.rows('alter table researcher add column shoe_size int')
      expect(undecided(await findColumns()).sort()).toEqual([
        'favourite_colour.colour',
        'favourite_colour.researcher_id',
        'researcher.shoe_size',
      ])
    } finally {
      await place.rows('rollback')
    }
  })

  test('decides about nothing that is not there', async () => {
    const found = await findColumns()
    const tables = new Set(found.map(({ table_name }) => table_name))
    const named = new Set(found.map(({ table_name, column_name }) => `${table_name}.${column_name}`))
    for (const [table, decided] of Object.entries(columns)) {
      expect(tables, table).toContain(table)
      if ('leftOut' in decided) continue
      for (const column of Object.keys(decided)) expect(named).toContain(`${table}.${column}`)
    }
  })

  test('has every value of every column that it is said to have', async () => {
    const visitor = await fullLife()
    const before = await place.rows('select max(id)::int as id from audit_event')
    const data = JSON.parse((await visitor.get(`${place.stack.portal.url}/me/data`)).body)
    const missing: string[] = []
    for (const [table, decided] of Object.entries(columns)) {
      if ('leftOut' in decided) continue
      // The one person in the database is the one who downloads; that they did so is written down after the fact.
      const rows = await place.rows(
        table === 'audit_event'
          ? `select * from audit_event where id <= ${before[0]?.id} and (researcher_id is not null or actor_id is not null)`
          : `select * from "${table}"`,
      )
      expect(rows.length, table).toBeGreaterThan(0)
      for (const [column, where] of Object.entries(decided)) {
        if (typeof where !== 'string') continue
        const told = new Set(valuesAt(data, where).map(toText))
        const held = rows.map((row) => toText(row[column]))
        missing.push(...held.filter((one) => !told.has(one)).map((one) => `${table}.${column} ${one}`))
      }
    }
    expect(missing).toEqual([])
  })

  test('what was asked of ORCID is told in words, on the person’s page and on the staff’s', async () => {
    const visitor = await fullLife()
    const mine = (await visitor.get(`${place.stack.portal.url}/me`)).body
    const theirs = (await visitor.get(`${place.stack.portal.url}/staff/researchers/${grace}`)).body
    for (const page of [mine, theirs]) {
      expect(page).toContain('Does the permission still work?')
      expect(page).toContain('ORCID refused what was sent')
      expect(page).toContain(`/${grace}/invited-position/1234567`)
      expect(page).toContain('Asked by the portal itself')
    }
    expect(mine).toContain('What we asked ORCID about you')
    expect(theirs).toContain('Calls to ORCID')
  })
})
