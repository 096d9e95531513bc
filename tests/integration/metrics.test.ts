import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { connect, until } from '@/tests/support/journey'
import { type Stack, startPortal } from '@/tests/support/portal'
import { stackPerFile } from '@/tests/support/stack-per-file'

const token = Buffer.from('what the monitor says at the door').toString('base64url')
const cronSecret = Buffer.from('what the timer says at the door..').toString('base64url')
const fixture = stackPerFile({ METRICS_TOKEN: token, CRON_SECRET: cronSecret, WORKER: 'none' })
const people = ['0000-0099-9458-0735', '0000-0002-1825-0097', '0000-0099-4262-1291']

const ask = (path: string, bearer?: string, { portal }: Pick<Stack, 'portal'> = fixture.stack) =>
  fetch(`${portal.url}${path}`, { headers: bearer ? { authorization: `Bearer ${bearer}` } : {} })
const read = async () => {
  const answer = await ask('/metrics', token)
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  return answer.text()
}
const sampleOf = (text: string, sample: string) => {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${sample} `))
  return line === undefined ? null : Number(line.split(' ').at(-1))
}

describe('the doors for machines', () => {
  test.each(['/metrics', '/api/jobs'])('%s is shut without its secret', async (path) => {
    expect((await ask(path)).status).toBe(401)
    expect((await ask(path, 'x'.repeat(43))).status).toBe(401)
    expect((await ask(path, path === '/metrics' ? cronSecret : token)).status).toBe(401)
    expect(await (await ask(path)).text()).toBe('Unauthorized\n')
  })

  test('/metrics and /api/jobs do not exist where no secret is configured', async () => {
    const { database, registry } = fixture.stack
    const portal = await startPortal({ databaseUrl: database.url, registry, env: { WORKER: 'none' } })
    for (const path of ['/metrics', '/api/jobs']) {
      expect((await ask(path, undefined, { portal })).status, path).toBe(404)
      expect((await ask(path, token, { portal })).status, path).toBe(404)
    }
    await portal.stop()
  })
})

describe('the numbers', () => {
  test('tell what came back from ORCID, how quickly it answered, what waits, and which keys are in use', async () => {
    const first = await read()
    expect(sampleOf(first, 'concord_database_up')).toBe(1)
    const attempts = (text: string) => sampleOf(text, 'concord_connection_attempts_total{outcome="connected"}') ?? 0
    const { visitor } = await connect(fixture.stack, { orcid: people[0] ?? '' })
    await connect(fixture.stack, { orcid: people[1] ?? '' })
    await visitor.post(`${fixture.stack.portal.url}/me/withdrawal`)
    const text = await read()
    expect(attempts(text) - attempts(first)).toBe(2)
    expect(sampleOf(text, 'concord_orcid_request_seconds_count{path="/oauth/token",end="answered"}')).toBeGreaterThan(1)
    expect(sampleOf(text, 'concord_revocations_waiting')).toBe(1)
    expect(sampleOf(text, 'concord_jobs_waiting')).toBeGreaterThanOrEqual(1)
    for (const secret of [token, cronSecret]) expect(text).not.toContain(secret)
  })

  test('tell what became of mails, with each of them in one state and none that was left out', async () => {
    await fixture.rows(`
      insert into mail (kind, template, locale, message_id, state, tries, sending_at, bounced_at)
      select 'notice', 'x', 'en', n::text, state::mail_state, tries, now() - age::interval, bounced
      from (values (1, 'sent', 1, '1 hour', null), (2, 'sent', 1, '1 hour', now()), (3, 'sent', 1, '25 hours', null),
        (4, 'refused', 1, '1 hour', null), (5, 'perhaps_sent', 1, '1 hour', null), (6, 'waiting', 2, '3 days', null),
        (7, 'waiting', 0, '1 hour', null), (8, 'suppressed', 1, '1 hour', null)) as mails (n, state, tries, age, bounced)`)
    const { database, registry } = fixture.stack
    const env = { METRICS_TOKEN: token, WORKER: 'none' }
    const portal = await startPortal({ databaseUrl: database.url, registry, env })
    const text = await (await ask('/metrics', token, { portal })).text()
    await portal.stop()
    await fixture.rows('delete from mail')
    const samples = [...text.matchAll(/^concord_mails\{state="(\w+)"\} (\d+)$/gm)].map(([, state, n]) => [
      state,
      Number(n),
    ])
    expect(Object.fromEntries(samples)).toEqual({ failing: 1, sent: 1, perhaps_sent: 1, refused: 1, bounced: 1 })
  })

  test('are well formed: every sample belongs to a metric that was described before it', async () => {
    await connect(fixture.stack, { orcid: people[2] ?? '' })
    const described = new Set<string>()
    for (const line of (await read()).trim().split(/\n+/)) {
      const [, help] = /^# (?:HELP|TYPE) (\w+) \S/.exec(line) ?? []
      if (help) described.add(help)
      else {
        const [, name = ''] = /^(\w+)(?:\{(?:\w+="[^"]*",?)*\})? [\d.e+-]+$/.exec(line) ?? []
        expect(described, line).toContain(name.replace(/_(bucket|sum|count)$/, ''))
      }
    }
  })

  test('have every one that docs/alerts.md asks for', async () => {
    await connect(fixture.stack, { orcid: people[0] ?? '' })
    expect((await ask('/api/jobs', cronSecret)).status).toBe(200)
    await fixture.rows(`update installation set backed_up_at = now() - interval '2 hours'`)
    const text = await read()
    expect(sampleOf(text, 'concord_backup_age_seconds')).toBeCloseTo(7_200, -2)
    const named = new Set(readFileSync('docs/alerts.md', 'utf8').match(/\bconcord_\w+/g))
    expect(named.size).toBeGreaterThan(7)
    for (const name of named) expect(text, name).toMatch(new RegExp(`^# TYPE ${name.replace(/_count$/, '')} `, 'm'))
  })
})

describe('a portal without a worker, whose jobs a timer has done', () => {
  beforeAll(() => fixture.rows('update installation set worker_seen_at = null'))

  test('revokes what was withdrawn, and is seen to be alive', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: people[0] ?? '' })
    await visitor.post(`${fixture.stack.portal.url}/me/withdrawal`)
    expect(await fixture.liveTokens()).toHaveLength(1)
    const answer = await ask('/api/jobs', cronSecret)
    expect([answer.status, await answer.json()]).toEqual([200, { left: 0 }])
    expect(await fixture.liveTokens()).toHaveLength(0)
    expect(sampleOf(await read(), 'concord_worker_seen_seconds')).toBeLessThan(30)
  })

  test('stays with what ORCID does not take yet, and revokes it when ORCID is back', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: people[1] ?? '' })
    await fixture.stack.registry.addFault({ on: 'revoke', fault: 'unavailable_503', times: 0 })
    await visitor.post(`${fixture.stack.portal.url}/me/withdrawal`)
    const answer = ask('/api/jobs', cronSecret)
    await until('ORCID was asked', async () => (await fixture.stack.registry.state()).revokeRequests.length > 0)
    await fixture.stack.registry.clearFaults()
    expect(await (await answer).json()).toEqual({ left: 0 })
    expect(await fixture.liveTokens()).toHaveLength(0)
  })
})
