import { beforeEach, expect, test } from 'vitest'
import { daysAgo } from '@/lib/config/day'
import { db } from '@/lib/db'
import { type AttentionAction, changeAttention, isSettled, listAttention, type Pending } from '@/lib/staff/attention'
import { makeStaffActor } from '@/tests/support/actors'
import { workInOwnDatabase } from '@/tests/support/inside'

const [one, other] = [makeStaffActor({ role: 'manager' }), makeStaffActor({ role: 'manager' })]
const hourMs = 3_600_000
const now = new Date()
const before = new Date(now.getTime() - hourMs)
workInOwnDatabase(one, other)

beforeEach(() => db().attention.deleteMany())

type More = { count?: number; until?: string; from?: string; scope?: string }

const change = (
  actor: typeof one,
  action: AttentionAction,
  { count = 3, until, from, scope = '' }: More = {},
): Promise<boolean> =>
  changeAttention(actor, {
    scope,
    item: 'conflicts',
    action,
    seen: { count, at: now },
    until: until ?? null,
    from: from ?? null,
    requestId: 'TEST-0001',
  })

const stateOf = async (scope = '') => (await listAttention(one, scope))[0]
const isHidden = async (pending: Partial<Pending> = {}, at = now) =>
  isSettled(await stateOf(), { count: 3, newestAt: before, ...pending }, at)

test('what somebody is done with shows again once something new has come, and not before', async () => {
  expect(await isHidden()).toBe(false)
  await change(one, 'done')
  expect(await isHidden()).toBe(true)
  expect(await isHidden({ count: 2 })).toBe(true)
  expect(await isHidden({ newestAt: new Date(now.getTime() + 1) })).toBe(false)
  expect(await isHidden({ newestAt: null, count: 4 })).toBe(false)
  expect(await isHidden({ newestAt: null, isDaily: true })).toBe(true)
  expect(await isHidden({ newestAt: null, isDaily: true }, new Date(now.getTime() + 24 * hourMs))).toBe(false)
  await change(other, 'reopen')
  expect(await isHidden()).toBe(false)
})

test('what is put off stays away until its day, whatever comes, and whoever had it keeps it', async () => {
  await change(one, 'take')
  await change(one, 'put_off', { until: daysAgo(-2, now) })
  expect(await isHidden({ count: 9 })).toBe(true)
  expect(await isHidden({}, new Date(now.getTime() + 24 * hourMs))).toBe(true)
  expect(await isHidden({}, new Date(now.getTime() + 48 * hourMs))).toBe(false)
  expect((await stateOf())?.holder?.id).toBe(one.staffId)
})

test('of two who take the same thing at once one gets it, and it is taken over only by who sees whose it is', async () => {
  const taken = await Promise.all([change(one, 'take'), change(other, 'take')])
  expect(taken.toSorted()).toEqual([false, true])
  const [first, second] = taken[0] ? [one, other] : [other, one]
  expect((await stateOf())?.holder?.id).toBe(first.staffId)
  expect(await change(second, 'take')).toBe(false)
  expect(await change(second, 'take', { from: first.staffId })).toBe(true)
  expect((await stateOf())?.holder?.id).toBe(second.staffId)
  await change(second, 'release')
  expect((await stateOf())?.holder).toBeNull()
  const events = await db().auditEvent.findMany({
    where: { action: { startsWith: 'attention.' }, actorId: second.staffId },
    orderBy: { id: 'desc' },
    take: 2,
  })
  expect(events.map(({ action, detail }) => ({ action, detail }))).toEqual([
    { action: 'attention.released', detail: { item: 'conflicts' } },
    { action: 'attention.taken', detail: { item: 'conflicts' } },
  ])
})

test('is shared only by those who see the same people', async () => {
  await change(one, 'done', { scope: 'Law' })
  expect(await stateOf()).toBeUndefined()
  expect((await stateOf('Law'))?.settledBy?.id).toBe(one.staffId)
})
