import { beforeEach, expect, test } from 'vitest'
import { db } from '@/lib/db'
import { applyRetention } from '@/lib/retention/commands'
import { saveWebhook } from '@/lib/webhooks/commands'
import { connectSomebody } from '@/tests/support/api'
import { numbers, peoplePerFile } from '@/tests/support/people'
import { addSystem } from '@/tests/support/systems'

const fixture = peoplePerFile()
let systemId: string
let researcherId: string

beforeEach(async () => {
  systemId = (await addSystem(fixture.manager)).id
  researcherId = (await connectSomebody(numbers.a)).researcherId
})

test('releases are kept while the permission lasts and for 365 days after its end', async () => {
  await fixture.rows(
    `insert into delegation (system_id, researcher_id, key, receiver, scopes, at, ended_at)
     select $1, $2, key, 'APP-LOCALRECEIVER001', '{}', now() - interval '900 days', now() - make_interval(days => days)
     from (values ('live', null), ('ended', 364), ('old', 366)) as rows (key, days)`,
    [systemId, researcherId],
  )
  expect((await applyRetention()).delegations).toBe(1)
  expect((await db().delegation.findMany({ orderBy: { key: 'asc' } })).map(({ key }) => key)).toEqual(['ended', 'live'])
})

test('runs of files are kept for 365 days from the time they were due, and those that wait stay', async () => {
  await fixture.rows(
    `with plan as (
       insert into export_plan (system_id, format, every, hour, place, next_at, ends_on, made_by_id)
       select $1, 'csv', 'daily', 6, 'folder', now() + interval '1 day', current_date + 300, id from staff_member limit 1
       returning id)
     insert into export_plan_run (plan_id, due_at, state, name)
     select plan.id, now() - make_interval(days => days), state::export_plan_run_state, state || days
     from plan, (values ('done', 364), ('done', 366), ('failed', 367), ('waiting', 368)) as rows (state, days)`,
    [systemId],
  )
  expect((await applyRetention()).export_plan_runs).toBe(2)
  const left = await db().exportPlanRun.findMany({ orderBy: { dueAt: 'desc' } })
  expect(left.map(({ name }) => name)).toEqual(['done364', 'waiting368'])
})

test('deliveries are kept for 90 days, and those that wait stay', async () => {
  await saveWebhook(fixture.manager, systemId, 'https://receiver.example/', 'test')
  await fixture.rows(
    `insert into delivery (webhook_id, type, state, happened_at)
     select webhook.id, kind || days, kind::delivery_state, now() - make_interval(days => days)
     from webhook, (values ('delivered', 89), ('delivered', 91), ('withheld', 91), ('waiting', 91)) as rows (kind, days)`,
  )
  expect((await applyRetention()).deliveries).toBe(2)
  const left = await db().delivery.findMany({ orderBy: { id: 'asc' } })
  expect(left.map(({ type }) => type)).toEqual(['delivered89', 'waiting91'])
})
