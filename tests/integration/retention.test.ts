import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closePool } from '@/lib/db'
import { applyRetention } from '@/lib/retention/commands'
import { portalEnv } from '@/scripts/portal'
import { root } from '@/scripts/processes'
import { commandArgs } from '@/tests/support/command'
import { connect, goToOrcid, tryToConnect, until } from '@/tests/support/journey'
import { testSecrets } from '@/tests/support/portal'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const fixture = stackPerFile()

const kinds = [
  'revocations',
  'empty_attempts',
  'sessions',
  'orcid_calls',
  'shown_texts',
  'removed_notes',
  'affiliation_drafts',
  'form_drafts',
  'batches',
  'invitations',
  'trials',
  'export_runs',
  'export_plan_runs',
  'failed_jobs',
  'checks',
  'mails',
  'system_uses',
  'delegations',
  'deliveries',
  'access_tokens',
  'leaver_approvals',
  'changes',
  'api_writes',
  'leavers',
]
const nothing = Object.fromEntries(kinds.map((kind) => [kind, 0]))

const settings = () => {
  const { database, portal, registry } = fixture.stack
  const env = { LOG_LEVEL: 'silent' }
  return portalEnv({ databaseUrl: database.portalUrl, port: portal.port, registry, secrets: testSecrets, env })
}

beforeAll(() => void Object.assign(process.env, settings()))
afterAll(closePool)

/** `npm run retention`, as an operator runs it. Asynchronous, because the registry lives in this process. */
async function runCommand(...args: string[]): Promise<string> {
  const command = [...commandArgs('scripts/retention'), ...args]
  const env = { ...process.env, ...settings() }
  return (await promisify(execFile)(process.execPath, command, { cwd: root, env })).stdout
}

const count = async (table: string) => (await fixture.rows(`select count(*)::int as n from ${table}`))[0]?.n
const ageBy = async (days: number) => {
  for (const [table, columns] of Object.entries({
    authorization_attempt: ['started_at', 'ended_at', 'expires_at'],
    session: ['created_at', 'expires_at', 'ended_at'],
    revocation: ['requested_at', 'confirmed_at'],
    shown_text: ['first_shown_at'],
    orcid_call: ['at'],
    grant_check: ['at'],
  })) {
    const set = columns.map((column) => `${column} = ${column} - make_interval(days => $1)`).join(', ')
    await fixture.rows(`update ${table} set ${set}`, [days])
  }
}

/** One attempt that brought a grant which was replaced and one that was refused. */
async function history() {
  const { visitor } = await connect(fixture.stack, { orcid: ada })
  await connect(fixture.stack, { orcid: ada }, visitor)
  await until('the replaced token is dead', async () => (await fixture.liveTokens()).length === 1)
  await until(
    'it is confirmed',
    async () => (await fixture.rows('select 1 from revocation where confirmed_at is null')).length === 0,
  )
  await tryToConnect(fixture.stack, { orcid: josiah, decision: 'deny' })
}

describe('retention', () => {
  test('removes each kind when its time is over and not a day before, and never a grant, a person or an event', async () => {
    await history()
    await fixture.rows(
      `insert into orcid_call (actor_kind, purpose, method, path, outcome, latency_ms, tries)
       values ('system', 'check', 'GET', '/${ada}/record', 'ok', 9, 1)`,
    )
    const kept = ['researcher', '"grant"'] as const
    const before = [await count(kept[0]), await count(kept[1])]
    const events = await count('audit_event')
    expect(await applyRetention()).toEqual(nothing)

    await ageBy(29)
    expect(await applyRetention()).toEqual(nothing)
    await ageBy(2)
    expect(await applyRetention()).toEqual({ ...nothing, sessions: 2 })
    await ageBy(58)
    expect(await applyRetention()).toEqual(nothing)
    await ageBy(2)
    expect(await applyRetention()).toEqual({ ...nothing, empty_attempts: 1, orcid_calls: 1 })
    await ageBy(275)
    expect(await applyRetention()).toEqual({ ...nothing, revocations: 1 })

    expect([await count(kept[0]), await count(kept[1])]).toEqual(before)
    expect(await count('audit_event')).toBe(events + 4)
    expect(await fixture.rows(`select detail from audit_event where action = 'retention.applied' order by id`)).toEqual(
      [
        { detail: { kind: 'sessions', removed: 2 } },
        { detail: { kind: 'empty_attempts', removed: 1 } },
        { detail: { kind: 'orcid_calls', removed: 1 } },
        { detail: { kind: 'revocations', removed: 1 } },
      ],
    )
  })

  test('as a dry run counts what would go and removes nothing', async () => {
    await history()
    await ageBy(400)
    const counted = await applyRetention({ dryRun: true })
    expect(counted).toEqual({ ...nothing, sessions: 2, empty_attempts: 1, revocations: 1 })
    expect(await count('session')).toBe(2)
    expect(await applyRetention()).toEqual(counted)
    expect(await count('session')).toBe(0)
    expect(await applyRetention({ dryRun: true })).toEqual(nothing)
  })

  test('keeps a token that ORCID has not confirmed, and the attempt that it came from, however old', async () => {
    await fixture.stack.registry.addFault({ on: 'revoke', fault: 'unavailable_503', times: 0 })
    await fixture.stack.registry.addFault({ on: 'token', fault: 'wrong_nonce' })
    await tryToConnect(fixture.stack, { orcid: ada })
    expect(await fixture.rows('select 1 from revocation where attempt_id is not null')).toHaveLength(1)
    await ageBy(4_000)
    expect(await applyRetention()).toEqual(nothing)
    await fixture.stack.registry.clearFaults()
    await fixture.noTokenLives()
  })

  test('keeps an attempt that has not ended, however old', async () => {
    await goToOrcid(fixture.stack, new Visitor(), { orcid: ada })
    await ageBy(4_000)
    expect(await applyRetention()).toEqual(nothing)
  })

  test('forgets a text when no attempt refers to it any more', async () => {
    await tryToConnect(fixture.stack, { orcid: ada, decision: 'deny' })
    await ageBy(91)
    expect(await applyRetention()).toEqual({ ...nothing, empty_attempts: 1, shown_texts: 1 })
    expect(await count('shown_text')).toBe(0)
  })

  test('takes away jobs that have failed for good a month ago', async () => {
    const [job] = await fixture.rows(
      `select (graphile_worker.add_job('recover', run_at => now() + interval '1 day')).id`,
    )
    await fixture.rows(`select graphile_worker.permanently_fail_jobs(array[$1]::bigint[], 'for a test')`, [job.id])
    expect(await applyRetention()).toEqual(nothing)
    await fixture.rows(
      `update graphile_worker._private_jobs set updated_at = now() - interval '31 days' where id = $1`,
      [job.id],
    )
    expect(await applyRetention()).toEqual({ ...nothing, failed_jobs: 1 })
  })

  test('by the command tells each kind, its number and its time, and with --dry-run removes nothing', async () => {
    await history()
    await ageBy(400)
    expect((await runCommand('--dry-run')).split('\n')).toContain('sessions               2 would go, kept for 30 days')
    expect(await count('session')).toBe(2)
    expect((await runCommand()).split('\n')).toContain('revocations            1 gone, kept for 365 days')
    expect(await count('session')).toBe(0)
  })

  test('takes away what is known of files that were made three months ago', async () => {
    await fixture.rows(
      `insert into export_run (id, action, format, filter, searched, started_at)
       select gen_random_uuid(), 'list.exported', 'csv', '', false, now() - make_interval(days => n)
       from unnest(array[89, 91]) n`,
    )
    expect(await applyRetention()).toEqual({ ...nothing, export_runs: 1 })
  })

  test('takes away what systems used after a year, and their tokens when those are over', async () => {
    await fixture.rows(`insert into staff_member (orcid, role, origin) values ('${ada}', 'admin', 'test')`)
    for (const sql of [
      `insert into system (name, contact, operator, made_by_id) select 'Pages', 'x', 'institution', id from staff_member`,
      `insert into system_use (system_id, "right", used_on)
         select id, 'people:read', (now() - make_interval(days => d))::date from system, unnest(array[1, 364, 367]) as d`,
      `insert into api_key (system_id, kind, name, beginning, hash, made_by_id)
         select id, 'client', 'server', 'cnc_test_abcd', 'hash', made_by_id from system`,
      `insert into access_token (hash, key_id, rights, expires_at)
         select minutes, id, '{}', now() + make_interval(mins => minutes) from api_key, unnest(array[-1, 1]) as minutes`,
    ]) {
      await fixture.rows(sql)
    }
    expect(await applyRetention()).toEqual({ ...nothing, system_uses: 1, access_tokens: 1 })
    expect([await count('system_use'), await count('access_token')]).toEqual([2, 1])
  })

  test('takes away mails after three months, and those of a campaign three months after it ended', async () => {
    await fixture.rows(
      `with staff as (insert into staff_member (orcid, role, origin) values ('0000-0001-5109-3700', 'viewer', 'test') returning id),
       asked as (
         insert into campaign (name, state, code, purpose, scopes, made_by_id, closed_at)
         select name, state::campaign_state, name, 'Test', '{}', staff.id, now() - make_interval(days => days)
         from staff, (values ('open', 'open', null), ('long over', 'closed', 91), ('just over', 'closed', 89))
           as campaigns (name, state, days) returning id, name),
       round as (
         insert into mailing (campaign_id, template, state, recipients) select id, 'invitation', 'done', 1 from asked
         returning id, campaign_id)
       insert into mail (kind, state, message_id, template, locale, mailing_id, made_at)
       select 'invitation', 'sent', name || days, name, 'en', round.id, now() - make_interval(days => days)
       from (values ('open', 200), ('long over', 200), ('just over', 200), ('alone', 91), ('alone', 89)) mails (name, days)
       left join asked using (name) left join round on round.campaign_id = asked.id`,
    )
    expect(await applyRetention()).toEqual({ ...nothing, mails: 2 })
    expect((await fixture.rows('select message_id from mail order by 1')).map(({ message_id }) => message_id)).toEqual([
      'alone89',
      'just over200',
      'open200',
    ])
  })

  test('forgets who was asked, with links and mails, 90 days after the campaign has closed', async () => {
    const [{ id: maker } = { id: '' }] = await fixture.rows(
      `insert into staff_member (orcid, role, origin) values ('0000-0002-1825-0097', 'admin', 'test')
       on conflict (orcid) do update set role = 'admin' returning id`,
    )
    await fixture.rows(
      `insert into campaign (name, code, purpose, scopes, state, closed_at, made_by_id)
       select 'Closed ' || n, 'closed' || n, '', '{}', 'closed', now() - make_interval(days => n), $1 from unnest(array[89, 91]) n`,
      [maker],
    )
    const [person] = await fixture.rows(
      `insert into person (origin, local_id, family_name) values ('imported', 'asked', 'Asked') returning id`,
    )
    await fixture.rows(
      `insert into invitation (campaign_id, person_id, ended_at, ended)
       select id, $1, closed_at, 'closed' from campaign where state = 'closed'`,
      [person?.id],
    )
    await fixture.rows(
      `insert into invitation_link (invitation_id, token_hash, expires_at) select id, id::text, now() from invitation`,
    )
    await fixture.rows(
      `insert into mail (kind, message_id, person_id, invitation_id, template, locale)
       select 'invitation', id::text, $1, id, 'invitation', 'en' from invitation`,
      [person?.id],
    )
    expect(await applyRetention()).toEqual({ ...nothing, invitations: 1 })
    for (const table of ['invitation', 'invitation_link', 'mail']) expect(await count(table)).toBe(1)
    expect(await count('campaign')).toBe(2)
    await fixture.rows('delete from campaign')
    await fixture.rows('delete from person where id = $1', [person?.id])
  })

  test('runs in the portal as a job and says in the log how much it removed', async () => {
    await history()
    await ageBy(400)
    await fixture.rows(`select graphile_worker.add_job('retention')`)
    const line = await until('the log says so', async () =>
      fixture.stack.portal.logs.find((one) => one.includes('"retention applied"')),
    )
    expect(JSON.parse(line)).toMatchObject({ removed: { ...nothing, sessions: 2, empty_attempts: 1, revocations: 1 } })
  })
})
