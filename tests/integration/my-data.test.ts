import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { columns } from '@/tests/integration/my-data-columns'
import { addCalls } from '@/tests/support/calls'
import { addCampaign } from '@/tests/support/invitations'
import { connect, tryToConnect, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'

const grace = '0000-0099-5475-2774'
const fixture = stackPerFile({ STAFF_ADMINS: grace })

// A day has no time zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (day) => day)

/** Schemas of others, by name. The queue's payloads hold ids of attempts and nothing else. */
const otherSchemas = ['pg_catalog', 'information_schema', 'graphile_worker']

type Column = { table_name: string; column_name: string }

const findColumns = () =>
  fixture.rows(
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
  // Below what is not known, nothing is known; what the download leaves out is undefined.
  const inner = value === null ? null : (value as Record<string, unknown> | undefined)?.[name]
  const found = step.endsWith('[]') ? ((inner ?? []) as unknown[]) : [inner]
  return rest.length === 0 ? found : found.flatMap((one) => valuesAt(one, rest.join('.')))
}

const toText = (value: unknown) => JSON.stringify(sortKeys(JSON.parse(JSON.stringify(value ?? null))))

/** `jsonb` has an order of keys of its own. */
function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.localeCompare(b)))
}

/** Somebody with everything that a person can have here: superseded and withdrawn grants, failed attempts, a role. */
async function fullLife() {
  const { visitor } = await connect(fixture.stack, { orcid: grace, scopes: ['/read-limited'] })
  await tryToConnect(fixture.stack, { orcid: grace, decision: 'deny' }, visitor)
  await connect(fixture.stack, { orcid: grace }, visitor)
  await visitor.get(`${fixture.stack.portal.url}/staff/researchers/${grace}`)
  await visitor.post(`${fixture.stack.portal.url}/staff/team/invitations`, [['role', 'viewer']])
  const fields = { orcid: grace, type: 'employment', title: 'Dean', start: '2021', url: 'https://www.example.org/' }
  const draft = await visitor.post(`${fixture.stack.portal.url}/staff/affiliations/entry`, Object.entries(fields))
  const id = draft.location?.split('draft=').at(-1) ?? ''
  await visitor.post(`${fixture.stack.portal.url}/staff/affiliations/apply`, [['draft', id]])
  await until(
    'it is written',
    async () => (await fixture.rows(`select 1 from affiliation where state = 'in_orcid'`)).length > 0,
  )
  for (const text of ['Called on Monday', 'Written about somebody else']) {
    await visitor.post(`${fixture.stack.portal.url}/staff/researchers/note`, Object.entries({ orcid: grace, text }))
  }
  const [mistaken] = await fixture.rows(`select id from note where text like 'Written%'`)
  await visitor.post(
    `${fixture.stack.portal.url}/staff/researchers/note/removal`,
    Object.entries({ orcid: grace, note: mistaken?.id ?? '' }),
  )
  await visitor.post(
    `${fixture.stack.portal.url}/staff/researchers/details`,
    Object.entries({ orcid: grace, department: 'Physics', local_id: 'hr-4711' }),
  )
  await fixture.rows(
    `update person set given_name = 'Grace', family_name = 'Adminson', email = 'grace@example.org', kind = 'staff',
       state = 'leaving', leaves_on = '2030-01-31', paused_at = now(), left_at = now(), end_dated_at = now(),
       missing_since = now(), language = 'es', known_orcid = $2
     where orcid = $1`,
    [grace, '0000-0002-1825-0097'],
  )
  await fixture.rows(
    `insert into import (kind, file_name, state, saved_at) values ('people', 'roster.csv', 'saved', now())`,
  )
  await addCampaign(fixture)
  for (const sql of [
    `insert into import_row (import_id, line, fields, verdict, name, person_id, before, after)
       select i.id, 2, '{"department":"Physics"}', 'changed', 'Grace', p.id, '{"department":"Law"}', '{"department":"Physics"}'
       from import i, person p`,
    `insert into mail (kind, state, message_id, person_id, address, template, locale, values, tries, sending_at, sent_at,
         bounced_at, reason)
       select 'link', 'sent', '<1@example.org>', id, 'grace@example.org', 'new_link', 'en', '{"a": 1}', 2, now(), now(),
         now(), '5.1.1' from person`,
    `insert into mail_suppression (address_hash, reason, person_id) select 'abc', 'unsubscribed', id from person`,
    `insert into appointment (person_id, department, title, kind, start_on, end_on, "primary")
       select id, 'Physics', 'Dean', 'staff', '2021-03', '2030-01-31', true from person`,
    `insert into conflict (kind, person_id, evidence, resolved_at, resolution) select 'proposal', id, '{names}', now(), 'kept' from person`,
    `insert into invitation (campaign_id, person_id, step, times, last_mail_at, failed_at, ended_at, ended)
       select c.id, p.id, 1, 1, now(), now(), now(), 'allowed' from campaign c, person p where p.email is not null`,
    `insert into binding (person_id, researcher_id, proof, must_ask, made_by_kind, confirmed_at, ended_at, ended, reason)
       select id, researcher_id, 'roster', true, 'system', now(), now(), 'not_me', 'We called' from person`,
    `insert into invitation_link (invitation_id, token_hash, email, expires_at, revoked_at, used_at, not_me_at)
       select id, 'hash', 'grace@example.org', now(), now(), now(), now() from invitation`,
    `insert into do_not_ask (person_id, reason, until) select id, 'refused', now() + interval '1 year' from person`,
    `insert into system (name, contact, operator, made_by_id)
       select 'Staff pages', 'pages@example.org', 'institution', id from staff_member`,
    `insert into system_term (system_id, number, purpose_number, purpose, rights, scopes, made_by_id)
       select id, 1, 1, '{"en":"Shows your works."}', '{people:read,record:read}', '{/read-limited}', made_by_id from system`,
    `insert into system_notice (term_id, researcher_id, told_at, mail_id)
       select t.id, p.researcher_id, now(), m.id from system_term t, person p, mail m where p.researcher_id is not null`,
    `insert into system_stop (system_id, researcher_id, kind)
       select s.id, p.researcher_id, 'paused' from system s, person p where p.researcher_id is not null`,
    `insert into system_use (system_id, researcher_id, "right", used_on, times)
       select s.id, p.researcher_id, 'record:read', '2026-10-02', 3 from system s, person p where p.researcher_id is not null`,
    `insert into delegation (system_id, researcher_id, key, receiver, scopes, ended_at)
       select s.id, p.researcher_id, 'release-1', 'APP-RECEIVER0000001', '{/read-limited}', now() from system s, person p
       where p.researcher_id is not null`,
    `update authorization_attempt a set campaign_id = i.campaign_id, invitation_id = i.id, link_id = l.id
       from invitation i, invitation_link l`,
  ]) {
    await fixture.rows(sql)
  }
  await visitor.post(`${fixture.stack.portal.url}/staff/researchers/check`, [['orcid', grace]])
  await visitor.post(`${fixture.stack.portal.url}/me/withdrawal`)
  await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' }, visitor)
  await until('only identity lives', async () => (await fixture.liveTokens()).length === 1)
  await addCalls(fixture.stack.database.url)
  await fixture.rows(
    `insert into suspicion (grant_id, since, last_asked_at, control_said, userinfo_said)
     select id, now() - interval '2 hours', now(), 'ok', 'refused' from "grant" where state = 'live'`,
  )
  return visitor
}

describe('the download of what is held about a person', () => {
  test('was decided about for every column of every table that there is', async () => {
    expect(undecided(await findColumns())).toEqual([])
  })

  test('is not decided about for a table or a column that somebody adds', async () => {
    await fixture.rows('begin')
    try {
      await fixture.rows('create table favourite_colour (researcher_id uuid references researcher, colour text)')
      await fixture.rows('alter table researcher add column shoe_size int')
      expect(undecided(await findColumns()).sort()).toEqual([
        'favourite_colour.colour',
        'favourite_colour.researcher_id',
        'researcher.shoe_size',
      ])
    } finally {
      await fixture.rows('rollback')
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
    // The last use of a session is written once a page is sent.
    await visitor.get(`${fixture.stack.portal.url}/me`)
    await until(
      'the session is seen',
      async () => (await fixture.rows('select 1 from session where ended_at is null and browser is null')).length === 0,
    )
    const before = await fixture.rows('select max(id)::int as id from audit_event')
    const data = JSON.parse((await visitor.get(`${fixture.stack.portal.url}/me/data`)).body)
    const missing: string[] = []
    for (const [table, decided] of Object.entries(columns)) {
      if ('leftOut' in decided) continue
      // The one person in the database is the one who downloads; that they did so is written down after the fact.
      const rows = await fixture.rows(
        table === 'audit_event'
          ? `select * from audit_event where id <= ${before[0]?.id} and (researcher_id is not null or actor_id is not null)`
          : `select * from "${table}"`,
      )
      expect(rows.length, table).toBeGreaterThan(0)
      for (const [column, where] of Object.entries(decided)) {
        if (typeof where !== 'string') continue
        const told = new Set(valuesAt(data, where).flatMap((one) => (one === undefined ? [] : [toText(one)])))
        const held = rows.map((row) => toText(row[column]))
        missing.push(...held.filter((one) => !told.has(one)).map((one) => `${table}.${column} ${one}`))
      }
    }
    expect(missing).toEqual([])
  })

  test('what was asked of ORCID is told in words, on the person’s page and on the staff’s', async () => {
    const visitor = await fullLife()
    const mine = (await visitor.get(`${fixture.stack.portal.url}/me`)).body
    const theirs = (await visitor.get(`${fixture.stack.portal.url}/staff/researchers/${grace}?tab=log`)).body
    for (const page of [mine, theirs]) {
      expect(page).toContain('Checking whether the permission still works')
      expect(page).toContain('ORCID refused the data that we sent')
      expect(page).toContain(`/${grace}/invited-position/1234567`)
      expect(page).toContain('Requested by the portal itself')
    }
    expect(mine).toContain('Our requests to ORCID about you')
    expect(theirs).toContain('Calls to ORCID')
  })
})
