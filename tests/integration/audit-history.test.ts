import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { auditActions } from '@/lib/audit/event'
import { findSubject, listAudit } from '@/lib/audit/history'
import { type AuditFilters, auditActors, noAuditFilters, parseAuditFilters } from '@/lib/audit/schema'
import { closePool } from '@/lib/db'
import { exportAudit } from '@/lib/exports/commands'
import { listAllMyExports } from '@/lib/exports/queries'
import { toParameters } from '@/lib/list/search'
import { makeResearcherActor, makeStaffActor } from '@/tests/support/actors'
import { historyPerFile } from '@/tests/support/audit'
import { readFile } from '@/tests/support/export-lines'

const history = historyPerFile()
afterAll(closePool)
const grace = makeStaffActor({ orcid: '0000-0099-5475-2774', role: 'admin' })

// Two people and one employee; 130 events about the first, 3 about the second, 2 about nobody.
beforeEach(async () => {
  await history.rows('delete from staff_member')
  await history.rows(
    `insert into researcher (id, orcid, registry, state, name) values
     ('11111111-1111-4111-8111-111111111111', '0000-0002-1825-0097', 'local', 'connected', 'Ada =SUM(A1) 100%'),
     ('22222222-2222-4222-8222-222222222222', '0000-0001-5109-3700', 'local', 'connected', '=cmd()')`,
  )
  await history.rows(
    `insert into staff_member (id, orcid, role, origin, name) values ($1, $2, 'admin', 'test', 'Grace Adminson')`,
    [grace.staffId, grace.orcid],
  )
  await history.rows(
    `insert into audit_event (at, action, actor_kind, actor_id, researcher_id)
     select '2026-03-01T00:00:00Z'::timestamptz + n * interval '1 hour', 'grant.saved', 'researcher',
       '11111111-1111-4111-8111-111111111111', '11111111-1111-4111-8111-111111111111' from generate_series(0, 129) n`,
  )
  await history.rows(
    `insert into audit_event (at, action, actor_kind, actor_id, researcher_id)
     select '2026-05-01T23:59:59.999Z'::timestamptz + n * interval '1 millisecond', 'researcher.viewed', 'staff', $1,
       '22222222-2222-4222-8222-222222222222' from generate_series(0, 2) n`,
    [grace.staffId],
  )
  await history.rows(
    `insert into audit_event (action, actor_kind) values ('staff.added', 'system'), ('later.than-this', 'system')`,
  )
})

async function all(filters: Partial<AuditFilters>): Promise<number> {
  const file = await readFile(await exportAudit(grace, { ...noAuditFilters, ...filters }, 'json'))
  return new Set(JSON.parse(file.toString()).map(({ id }: { id: number }) => id)).size
}

describe('the history', () => {
  test.each<[Partial<AuditFilters>, number]>([
    [{}, 135],
    [{ subject: '0000-0002-1825-0097' }, 130],
    [{ subject: 'https://orcid.org/0000-0001-5109-3700' }, 3],
    [{ subject: 'ADA' }, 130],
    [{ subject: '100%' }, 130],
    [{ subject: '%' }, 130],
    [{ subject: 'nobody' }, 0],
    [{ q: '5109' }, 3],
    [{ q: 'adminson' }, 3],
    [{ q: 'nobody' }, 0],
    [{ actor: 'adminson' }, 3],
    [{ actor: 'ada' }, 130],
    [{ actor: grace.orcid }, 3],
    [{ by: 'system' }, 2],
    [{ by: 'staff', subject: '5109' }, 3],
    [{ action: 'grant.saved' }, 130],
    [{ from: '2026-03-02', to: '2026-03-02' }, 24],
    [{ from: '2026-05-01', to: '2026-05-01' }, 1],
    [{ from: '2026-05-02', to: '2026-05-02' }, 2],
    [{ from: '2026-05-03', to: '2026-05-01' }, 0],
  ])('filtered by %j holds %i events', async (filters, count) => {
    expect(await all(filters)).toBe(count)
  })

  test('is read page by page, every event once, forth and back, whatever is added meanwhile', async () => {
    const forth: bigint[] = []
    let page = await listAudit(grace, noAuditFilters)
    const first = page.rows.map(({ id }) => id)
    while (page.next) {
      forth.push(...page.rows.map(({ id }) => id))
      await history.write(3)
      page = await listAudit(grace, { ...noAuditFilters, cursor: page.next })
    }
    forth.push(...page.rows.map(({ id }) => id))
    expect(new Set(forth).size).toBe(135)
    expect(forth).toEqual([...forth].sort((a, b) => Number(b - a)))
    while (page.previous && !page.rows.some(({ id }) => id === first[0])) {
      page = await listAudit(grace, { ...noAuditFilters, cursor: page.previous })
    }
    expect(page.rows.some(({ id }) => id === first[0])).toBe(true)
  })

  test('names the one person that the words mean, and none where they mean several', async () => {
    expect(await findSubject(grace, '1825')).toEqual({ id: '11111111-1111-4111-8111-111111111111' })
    expect(await findSubject(grace, '0000')).toBeNull()
    expect(await findSubject(grace, '')).toBeNull()
  })

  test('goes into a file without formulas, oldest first, and the file is an event without what was searched for', async () => {
    const filters: AuditFilters = { ...noAuditFilters, subject: '=cmd', action: 'researcher.viewed' }
    const csv = (await readFile(await exportAudit(grace, filters, 'csv', '7K2M-Q9XD'))).toString()
    const lines = csv.slice(1).trim().split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines[0]).toMatch(/^id,at,action,actor_kind,actor_orcid/)
    expect(lines[1]).toContain(
      '2026-05-01T23:59:59.999Z,"researcher.viewed",staff,0000-0099-5475-2774,"Grace Adminson"',
    )
    expect(lines[1]).toContain(`,"'=cmd()",`)
    const json = (await readFile(await exportAudit(grace, noAuditFilters, 'json'))).toString()
    expect(JSON.parse(json)).toHaveLength(136)
    const [event] = await history.rows(`select * from audit_event where action = 'audit.exported' order by id`)
    expect(event).toMatchObject({ actor_id: grace.staffId, request_id: '7K2M-Q9XD' })
    expect(event.detail).toMatchObject({
      format: 'csv',
      rows: 3,
      complete: true,
      filter: { action: 'researcher.viewed', subjectSearched: true, actorSearched: false },
    })
    expect(JSON.stringify(event.detail)).not.toContain('cmd')
  })

  test('tells exactly those that a file of it is about them', async () => {
    await readFile(await exportAudit(grace, { ...noAuditFilters, action: 'researcher.viewed' }, 'csv'))
    const told = async (researcherId: string) =>
      (await listAllMyExports(makeResearcherActor({ researcherId, orcid: '' }))).map(({ action }) => action)
    expect(await told('22222222-2222-4222-8222-222222222222')).toEqual(['audit.exported'])
    expect(await told('11111111-1111-4111-8111-111111111111')).toEqual([])
  })
})

describe('the address', () => {
  const words = fc.string({ maxLength: 40, unit: 'grapheme' }).filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text))
  const day = fc.option(
    fc.integer({ min: 0, max: 40_000 }).map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10)),
  )

  test('leads back to the filters that it was made of', () => {
    const filters = fc.record({
      q: words.map((text) => text.trim()),
      actor: words.map((text) => text.trim()),
      subject: words.map((text) => text.trim()),
      by: fc.option(fc.constantFrom(...auditActors)),
      action: fc.option(fc.constantFrom(...auditActions)),
      from: day,
      to: day,
      cursor: fc.option(
        fc.record({
          go: fc.constantFrom('next' as const, 'previous' as const),
          id: fc.bigInt({ min: 1n, max: 10n ** 17n }).map(String),
        }),
      ),
    })
    fc.assert(
      fc.property(filters, (given) => {
        expect(parseAuditFilters(new URLSearchParams(toParameters(given).toString()))).toEqual({
          filters: given,
          notices: [],
        })
      }),
    )
  })

  test('may hold anything: what is none of ours is left out and named', async () => {
    const names = ['actor', 'by', 'subject', 'action', 'from', 'to', 'cursor'] as const
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.string({ unit: 'binary' }), async (name, value) => {
        const { filters } = parseAuditFilters(new URLSearchParams([[name, value]]))
        expect((await listAudit(grace, filters)).rows.length).toBeLessThanOrEqual(50)
      }),
      { numRuns: 60 },
    )
    expect(
      parseAuditFilters({ action: 'x', by: ['staff', 'system'], from: '2026-02-30', cursor: '!' }).notices,
    ).toEqual(['by', 'action', 'from', 'cursor'])
  })
})
