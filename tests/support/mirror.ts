import pg from 'pg'
import { expect } from 'vitest'
import type { StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import { makeSeededOrcid } from '@/prisma/seed-numbers'
import { askInside, connectSomebody } from '@/tests/support/api'
import { addSystem, tell } from '@/tests/support/systems'

type Item = { id: string; deleted?: true }
type Mirror = { cursor: string; people: ReadonlyMap<string, Item> }

const pick = <T>(choices: readonly T[]) => choices[Math.floor(Math.random() * choices.length)] as T

/** A copy of the list, as a program that keeps one begins it. */
async function readList(key: string): Promise<Mirror> {
  const people = new Map<string, Item>()
  let next: string | null = null
  for (;;) {
    const query: string = `limit=${pick([3, 7, 1_000])}${next ? `&cursor=${next}` : ''}`
    const { json } = await askInside(key, `/people?${query}`)
    for (const item of json.items as Item[]) people.set(item.id, item)
    next = json.next_cursor
    if (next === null) return { cursor: json.changes_cursor, people }
  }
}

/** The copy after the next changes. */
async function follow(key: string, { cursor, people }: Mirror): Promise<Mirror & { hasMore: boolean }> {
  const { json } = await askInside(key, `/people/changes?updated_since=${cursor}&limit=${pick([1, 20, 1_000])}`)
  const after = new Map(people)
  for (const item of json.items as Item[]) {
    if (item.deleted) after.delete(item.id)
    else after.set(item.id, item)
  }
  return { cursor: json.changes_cursor, people: after, hasMore: json.has_more }
}

async function followToTheEnd(key: string, mirror: Mirror): Promise<Mirror> {
  for (let now = await follow(key, mirror); ; now = await follow(key, now)) if (!now.hasMore) return now
}

const someone = `(select id from person order by random() limit 1)`
const someId = `(select id from researcher order by random() limit 1)`
const live = `'{/read-limited,openid}'`

/** Most people stay covered most of the time. */
const mostly = <T>(usual: T, other: T) => (Math.random() < 0.75 ? usual : other)

const changes: ((n: number, systemId: string) => string)[] = [
  (n) => `update person set given_name = 'n${n}', family_name = 'x' where id = ${someone}`,
  () => `update person set department = '${mostly('Physics / Optics', 'Law')}' where id = ${someone}`,
  () => `update person set confidential = ${mostly('false', 'true')} where id = ${someone}`,
  () => `update person set state = '${mostly('active', 'left')}' where id = ${someone}`,
  () =>
    `update researcher set live_scopes_given_at = array[now(), now()], ${mostly(
      `state = 'connected', live_scopes = ${live}`,
      `state = 'withdrawn', live_scopes = '{}'`,
    )} where id = ${someId}`,
  () => `update researcher set finding = ${mostly("'good'", "'being_checked'")} where id = ${someId}`,
  (_n, id) =>
    `insert into system_stop (system_id, researcher_id, kind) values ('${id}', ${someId}, 'paused') on conflict do nothing`,
  () =>
    `delete from system_stop where researcher_id = (select researcher_id from system_stop order by random() limit 1)`,
  () =>
    `update system_notice set told_at = ${mostly(`now() - interval '15 days'`, 'null')} where researcher_id = ${someId}`,
  (n, id) => `with new as (insert into researcher (orcid, registry, state, live_scopes, live_scopes_given_at)
      values ('${makeSeededOrcid(10_000 + n)}', 'local', 'connected', ${live}, array[now(), now()]) returning id),
    told as (insert into system_notice (researcher_id, term_id, told_at)
      select new.id, t.id, now() - interval '15 days' from new, system_term t where t.system_id = '${id}')
    select`,
  (n) =>
    n % 2
      ? `delete from researcher where id = ${someId}`
      : `update person set department = 'Physics' where department is null`,
  (n) =>
    n % 5
      ? `update person set merged_into_id = null where merged_into_id is not null`
      : `update person set merged_into_id = ${someone} where id = ${someone} and local_id is not null`,
]

/** A system that is told of thirty people, of whom half are on the roster. */
export async function addMirrored(actor: StaffActor): Promise<{ id: string; key: string }> {
  const system = await addSystem(actor, { departments: ['Physics'], perMinute: 1_000_000 })
  for (let n = 0; n < 30; n++) {
    const { id, researcherId } = await connectSomebody(makeSeededOrcid(n))
    const entry = { localId: `${n}`, origin: 'imported' } as const
    await db().person.update({ where: { id }, data: { department: 'Physics', ...(n % 2 ? entry : {}) } })
    await tell(system.id, [researcherId])
  }
  return system
}

/** One writer of several: a few changes in each transaction, which may last, and may be undone. */
async function write(url: string, systemId: string, { from, count }: { from: number; count: number }): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (let n = from; n < from + count; ) {
    await client.query('begin')
    try {
      for (let left = pick([1, 1, 2, 4]); left > 0 && n < from + count; left--, n++) {
        await client.query(pick(changes)(n, systemId))
        if (Math.random() < 0.2) await client.query('select pg_sleep(random() * 0.02)')
      }
      await client.query(Math.random() < 0.1 ? 'rollback' : 'commit')
    } catch {
      // Two that wait for each other, or somebody who is gone meanwhile.
      await client.query('rollback')
    }
  }
  await client.end()
}

const writers = 4

/**
 * Makes so many random changes, some at once, while a copy of the list follows. From every point at which it was, the
 * changes lead to the list as it is in the end.
 */
export async function expectNoGaps(url: string, system: { id: string; key: string }, count: number): Promise<void> {
  let isOver = false
  const each = Math.ceil(count / writers)
  const writing = Promise.all(
    Array.from({ length: writers }, (_, n) => write(url, system.id, { from: n * each, count: each })),
  ).finally(() => {
    isOver = true
  })
  const points: Mirror[] = []
  let mirror = await readList(system.key)
  while (!isOver) {
    mirror = await follow(system.key, mirror)
    if (points.length < 60 && Math.random() < 0.3) points.push(mirror)
    // A copy may be begun at any time.
    if (Math.random() < 0.02) points.push(await readList(system.key))
  }
  await writing
  const expected = (await readList(system.key)).people
  expect(expected.size).toBeGreaterThan(5)
  for (const point of [mirror, ...points]) {
    const { people } = await followToTheEnd(system.key, point)
    expect(sorted(people)).toEqual(sorted(expected))
  }
}

const sorted = (people: ReadonlyMap<string, Item>) => [...people.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
