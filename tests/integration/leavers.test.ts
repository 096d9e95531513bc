import { describe, expect, test } from 'vitest'
import { system } from '@/lib/actor'
import { resumeWriting } from '@/lib/affiliations/commands'
import { checkAffiliations, enqueueDueDriftChecks } from '@/lib/affiliations/drift'
import { findApproval, listDone, listPlan } from '@/lib/affiliations/leaver-plan'
import { approveLeavers, handleLeavers } from '@/lib/affiliations/leavers'
import { writeAffiliation } from '@/lib/affiliations/writing'
import { checkGrant, checkNow, requestChecks } from '@/lib/checks/commands'
import { sweep } from '@/lib/checks/sweep'
import { inTransaction } from '@/lib/db'
import { findGrantToken, findLiveToken, findRemovalToken } from '@/lib/grants/queries'
import { runRevocations } from '@/lib/grants/revoking'
import { markLeaving, unmarkLeaving } from '@/lib/people/batch-leaving'
import { setLastDay } from '@/lib/people/leaving'
import { readRecord } from '@/lib/records/commands'
import { applyRetention } from '@/lib/retention/commands'
import { ourItems, row, toCsv } from '@/tests/support/affiliations'
import { importItems } from '@/tests/support/affiliations-import'
import { workInside } from '@/tests/support/inside'
import { leaversPerFile } from '@/tests/support/leavers'
import { workOnce } from '@/tests/support/work-affiliations'

const ada = '0000-0099-9458-0735'
const requestId = 'TEST-0001'
const given = leaversPerFile()
const { fixture, configure, one, person, grants, ago, leave, write, age, calls, events, pauseAda, signIn } = given
workInside(fixture)

describe('somebody whose last day is over', () => {
  test('has it as the end date on their record before the permission is paused', async () => {
    await write()
    await leave()
    await handleLeavers()
    await handleLeavers()
    expect(await person()).toMatchObject({ state: 'leaving', paused_at: null })
    await workOnce(fixture.rows)
    expect(await ourItems(fixture.stack.registry, ada)).toMatchObject([
      { content: { 'end-date': { year: { value: ago(1).slice(0, 4) }, day: { value: ago(1).slice(8) } } } },
    ])
    await handleLeavers()
    expect(await person()).toMatchObject({ state: 'paused', paused_at: expect.any(Date), left_at: null })
    expect(await grants()).toEqual([{ state: 'live', held: true }])
  })

  test('is left alone on the last day itself', async () => {
    await write()
    await leave(0)
    await handleLeavers()
    expect(await person()).toMatchObject({ state: 'leaving', end_dated_at: null })
  })

  test('reads that it is on the last day itself, and that it was from the next on', async () => {
    const read = async () => (await given.visitor.get(`${fixture.stack.portal.url}/me`)).body
    await leave(0)
    expect(await read()).toMatch(/Your last day at [^.]+ is /)
    await leave()
    expect(await read()).toMatch(/Your last day at [^.]+ was /)
  })

  test('keeps an end date that was earlier, and one of a thing that does not end', async () => {
    const rows = [row(ada, { end: '2024-05' }), row(ada, { type: 'distinction', external_id: 'hr-2' })]
    await importItems(given.staff, toCsv(rows))
    await workOnce(fixture.rows)
    await leave()
    await handleLeavers()
    expect(await fixture.rows('select end_on from affiliation order by external_id')).toEqual([
      { end_on: '2024-05' },
      { end_on: null },
    ])
    expect(await person()).toMatchObject({ state: 'paused' })
  })

  test('gives the permission back after the pause, which is no withdrawal, and keeps the iD', async () => {
    await pauseAda()
    await age(179)
    await handleLeavers()
    expect(await person()).toMatchObject({ state: 'paused' })
    await age(1)
    await handleLeavers()
    expect(await person()).toMatchObject({ state: 'left', orcid: ada, withdrew_at: null, connection: 'expired' })
    expect(await grants()).toEqual([{ state: 'ended_here', held: false }])
    expect(await one(`select reason::text from revocation`)).toEqual({ reason: 'left' })
    expect(await one(`select detail from audit_event where action = 'grant.ended_here'`)).toMatchObject({
      detail: { because: 'left' },
    })
    await runRevocations()
    await fixture.noTokenLives()
    expect(await events('grant.withdrawn%')).toEqual([])
    const page = (await given.visitor.get(`${fixture.stack.portal.url}/me`)).body
    expect(page).toContain('We gave your permission back on')
  })

  test('gets only what LEAVERS names', async () => {
    configure({ LEAVERS: 'none' })
    await write()
    await leave()
    await handleLeavers()
    expect(await person()).toMatchObject({ state: 'left' })
    expect(await one('select end_on from affiliation')).toEqual({ end_on: null })
    expect(await grants()).toEqual([{ state: 'live', held: true }])
    configure({ LEAVERS: 'revoke' })
    await setLastDay(given.staff, { id: (await person()).id, lastDay: null, requestId })
    await leave()
    await handleLeavers()
    expect(await person()).toMatchObject({ state: 'left', paused_at: null })
    expect(await grants()).toEqual([{ state: 'ended_here', held: false }])
  })

  test('who has no permission is marked as left at once', async () => {
    await fixture.rows(`update person set leaves_on = current_date - 2 where local_id = 'hr-7'`)
    await handleLeavers()
    expect(await one(`select state::text from person where local_id = 'hr-7'`)).toEqual({ state: 'left' })
  })
})

describe('while somebody is paused', () => {
  test('nothing of ours uses their permission, whatever is due, and they see why', async () => {
    await pauseAda()
    const { id, researcher_id: researcherId } = await person()
    await fixture.rows(
      `update "grant" set next_check_at = now(), granted_at = now() - interval '9 days', last_checked_at = null`,
    )
    await fixture.rows(`update affiliation set state = 'updating', revision = revision + 1, next_try_at = now(),
      checked_at = now() - interval '99 days', claimed_until = null`)
    await fixture.rows('delete from graphile_worker._private_jobs')
    const before = await calls()
    const [grant] = await fixture.rows('select id::text from "grant"')
    const [item] = await fixture.rows('select id::text from affiliation')
    await sweep()
    await requestChecks(given.staff, researcherId)
    expect(await checkGrant(system, grant?.id, 'met')).toBeNull()
    expect(await checkNow(given.staff, researcherId)).toBe(false)
    await writeAffiliation(item?.id)
    await resumeWriting()
    await fixture.rows(`update affiliation set state = 'in_orcid'`)
    await enqueueDueDriftChecks()
    await checkAffiliations(researcherId)
    expect(await readRecord(given.staff, { id: researcherId, orcid: ada }, null)).toMatchObject({ because: 'paused' })
    expect(await findGrantToken(system, grant?.id)).toBeNull()
    expect(await findLiveToken(system, researcherId, [])).toBeNull()
    await fixture.rows(`update "grant" set state = 'withdrawn_at_orcid', ended_at = now()`)
    expect(await findRemovalToken(system, researcherId, [])).toBeNull()
    await sweep()
    expect(await calls()).toBe(before)
    expect(
      await fixture.rows(
        `select 1 from graphile_worker.jobs where key like 'write-affiliation:%' or key like 'check-affiliations:%' or key like 'grant.check:%'`,
      ),
    ).toEqual([])
    const page = (await given.visitor.get(`${fixture.stack.portal.url}/me`)).body
    expect(page).toContain('Your permission is paused since')
    expect(page).toContain('It resumes by itself if you return by')
    expect((await (await signIn()).get(`${fixture.stack.portal.url}/staff/researchers/${ada}`)).body).toContain(
      'Their permission is paused since',
    )
    expect(id).toBeTruthy()
  })

  test('a suspicion is cleared up all the same', async () => {
    await pauseAda()
    await fixture.rows(`insert into suspicion (grant_id, since, last_asked_at, control_said, userinfo_said)
      select id, now() - interval '2 hours', now() - interval '1 hour', 'ok', 'refused' from "grant"`)
    await fixture.rows(`update "grant" set next_check_at = now(), finding = 'being_checked'`)
    await sweep()
    expect(await fixture.rows('select 1 from suspicion')).toEqual([])
    expect(await one('select finding::text from "grant"')).toEqual({ finding: 'good' })
  })

  test.each([null, ago(-30)])(
    'they resume by themselves when the last day becomes %s, by an import too',
    async (day) => {
      await pauseAda()
      await fixture.rows(`update person set leaves_on = $1 where orcid = $2`, [day, ada])
      await handleLeavers()
      const state = day === null ? 'active' : 'leaving'
      expect(await person()).toMatchObject({ state, paused_at: null, end_dated_at: null })
      expect(await events('person.returned')).toHaveLength(1)
      const before = await calls()
      await sweep()
      expect(await calls()).toBeGreaterThan(before)
      expect(await findLiveToken(system, (await person()).researcher_id, [])).not.toBeNull()
    },
  )
})

describe('a last day that a batch sets', () => {
  const later = '2099-12-31'
  const mark = async (personId: string) =>
    inTransaction((tx) => markLeaving(tx, given.staff, { personId, leavesOn: later, requestId }))

  test('brings back who was paused, and undoing it leads to the pause again and to its end', async () => {
    await pauseAda()
    const { id: personId, leaves_on: leavesOn } = await person()
    const marked = await mark(personId)
    expect(await person()).toMatchObject({ state: 'leaving', paused_at: null, end_dated_at: null })
    expect(await events('person.returned')).toHaveLength(1)
    const before = 'before' in marked && marked.before
    await inTransaction((tx) => unmarkLeaving(tx, given.staff, { personId, leavesOn: later, before, requestId }))
    expect(await person()).toMatchObject({ leaves_on: leavesOn })
    await workOnce(fixture.rows)
    await handleLeavers()
    await workOnce(fixture.rows)
    await handleLeavers()
    expect(await person()).toMatchObject({ state: 'paused', paused_at: expect.any(Date) })
    await age(180)
    await handleLeavers()
    expect(await person()).toMatchObject({ state: 'left' })
  })
})

describe('on a day on which more than 5 % leave', () => {
  const states = () =>
    one(`select count(*) filter (where state = 'left')::int as "left" from person`).then(({ left }) => left)

  test('nothing happens until an administrator says yes, and then to that day’s list alone', async () => {
    await fixture.rows(`update person set leaves_on = current_date - 2 where local_id in ('hr-1', 'hr-2', 'hr-3')`)
    await handleLeavers()
    expect(await states()).toBe(0)
    const admin = await signIn()
    const page = (await admin.get(`${fixture.stack.portal.url}/staff/leavers`)).body
    expect(page).toContain('3 of 41 people leave today')
    const { location } = await admin.post(`${fixture.stack.portal.url}/staff/leavers/approval`, [['sure', 'yes']])
    expect(location).toContain('/staff/leavers')
    await fixture.rows(`update person set leaves_on = current_date - 2 where local_id in ('hr-4', 'hr-5')`)
    await handleLeavers()
    expect(await states()).toBe(3)
    expect(await findApproval(given.staff)).toMatchObject({ affected: 5, isHeld: true, waiting: 2 })
    expect(await approveLeavers(given.staff, requestId)).toBe(2)
    await handleLeavers()
    expect(await states()).toBe(5)
    expect(await events('leavers.approved')).toHaveLength(2)
  })

  test('the list adds up over the day, so that two imports do not pass one by one', async () => {
    await fixture.rows(`update person set leaves_on = current_date - 2 where local_id in ('hr-1', 'hr-2')`)
    await handleLeavers()
    expect(await states()).toBe(2)
    await fixture.rows(`update person set leaves_on = current_date - 2 where local_id = 'hr-3'`)
    await handleLeavers()
    expect(await states()).toBe(2)
  })
})

describe('the dry run', () => {
  test('says who, what and when, and changes nothing', async () => {
    await write()
    await fixture.rows(`update person set leaves_on = current_date + 10 where local_id = 'hr-9'`)
    await fixture.rows(`update person set leaves_on = current_date + 90 where local_id = 'hr-10'`)
    await leave()
    const plan = await listPlan(given.staff, 100)
    expect(
      plan.map(({ localId, what, on, items, hasPermission }) => [localId, what, on, items, hasPermission]),
    ).toEqual([
      ['hr-ada', 'end', ago(0), 1, true],
      ['hr-9', 'end', ago(-11), 0, false],
    ])
    expect(await person()).toMatchObject({ state: 'leaving', end_dated_at: null })
    await handleLeavers()
    expect(await listPlan(given.staff, 1)).toMatchObject([{ what: 'write', items: 1 }])
    await workOnce(fixture.rows)
    await handleLeavers()
    expect((await listDone(given.staff, 10)).map(({ what }) => what)).toEqual(['paused', 'end_dated'])
    await age(170)
    expect(await listPlan(given.staff, 1)).toMatchObject([{ what: 'revoke', on: ago(-10) }])
  })
})

describe('retention', () => {
  test('erases who has left and permits nothing after LEAVERS_KEEP_MONTHS, and nobody else', async () => {
    await fixture.rows(`update person set leaves_on = current_date - 3 where local_id in ('hr-1')`)
    await leave()
    await write()
    await handleLeavers()
    await workOnce(fixture.rows)
    await handleLeavers()
    await age(181)
    await handleLeavers()
    await runRevocations()
    expect(await one(`select count(*)::int as n from person where state = 'left'`)).toEqual({ n: 2 })
    await age(185)
    expect(await applyRetention({ dryRun: true })).toMatchObject({ leavers: 1 })
    await age(190)
    expect(await applyRetention({ dryRun: true })).toMatchObject({ leavers: 2 })
    expect(await applyRetention()).toMatchObject({ leavers: 2 })
    expect(await fixture.rows(`select 1 from person where local_id in ('hr-1', 'hr-ada')`)).toEqual([])
    expect(await fixture.rows('select 1 from researcher where orcid = $1', [ada])).toEqual([])
    expect(await fixture.rows('select reason::text from erasure')).toEqual([{ reason: 'left' }])
    expect(await fixture.rows('select 1 from objection')).toEqual([])
  })

  test('keeps who has left with a live permission', async () => {
    configure({ LEAVERS: 'end-date' })
    await leave()
    await handleLeavers()
    await age(2_000)
    expect(await person()).toMatchObject({ state: 'left' })
    expect(await applyRetention()).toMatchObject({ leavers: 0 })
  })
})
