import pg from 'pg'
import { expect } from 'vitest'
import { makeSeededOrcid } from '@/prisma/seed-numbers'
import { askInside } from '@/tests/support/api'

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

const changes: ((n: number, systemId: string) => string)[] = [
  (n) => `update person set given_name = 'n${n}', family_name = 'x' where id = ${someone}`,
  () => `update person set department = '${pick(['Physics', 'Physics / Optics', 'Law'])}' where id = ${someone}`,
  () => `update person set confidential = not confidential where id = ${someone}`,
  () => `update person set state = '${pick(['active', 'active', 'paused', 'left'])}' where id = ${someone}`,
  () =>
    `update researcher set state = 'withdrawn', live_scopes = '{}', live_scopes_given_at = '{}' where id = ${someId}`,
  () =>
    `update researcher set state = 'connected', live_scopes = ${live}, live_scopes_given_at = array[now(), now()] where id = ${someId}`,
  () => `update researcher set finding = ${pick(["'being_checked'", "'good'"])} where id = ${someId}`,
  (_n, id) =>
    `insert into system_stop (system_id, researcher_id, kind) values ('${id}', ${someId}, 'paused') on conflict do nothing`,
  () => `delete from system_stop where researcher_id = ${someId}`,
  () =>
    `update system_notice set told_at = ${pick(['null', `now() - interval '15 days'`])} where researcher_id = ${someId}`,
  (n, id) => `with new as (insert into researcher (orcid, registry, state, live_scopes, live_scopes_given_at)
      values ('${makeSeededOrcid(10_000 + n)}', 'local', 'connected', ${live}, array[now(), now()]) returning id)
    insert into system_notice (researcher_id, term_id, told_at)
    select new.id, t.id, now() - interval '15 days' from new, system_term t where t.system_id = '${id}'`,
  () => `delete from researcher where id = ${someId}`,
  () => `update person set merged_into_id = ${someone} where id = ${someone} and local_id is not null`,
]

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
    if (points.length < 30 || Math.random() < 0.02) points.push(mirror)
    // A copy may be begun at any time.
    if (Math.random() < 0.05) points.push(await readList(system.key))
  }
  await writing
  const expected = (await readList(system.key)).people
  expect(expected.size).toBeGreaterThan(0)
  for (const point of [mirror, ...points]) {
    const { people } = await followToTheEnd(system.key, point)
    expect(sorted(people)).toEqual(sorted(expected))
  }
}

const sorted = (people: ReadonlyMap<string, Item>) => [...people.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
