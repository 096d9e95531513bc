import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { buildPortalWithPages } from '@/bench/builds'
import { perSecondInTurn, timeInTurn } from '@/bench/timing'
import { hashSecret } from '@/lib/crypto/secrets'
import { makeKeyText } from '@/lib/systems/key-format'
import { seed } from '@/prisma/seed'
import { createTestDatabase } from '@/tests/support/database'
import { startPortal } from '@/tests/support/portal'
import { startTestRegistry } from '@/tests/support/registry'

export type ApiFigures = {
  people: number
  /** A page at the end, beside one of the first thousand. */
  growth: number
  /** Pages at the end per second, beside the same JSON from constants. */
  besideConstants: number
  /** Seconds to read 100,000 people, or all where there are fewer. */
  mirrorS: number
}

const mirrored = 100_000
const rounds = 31
const seconds = 9

/** Everybody was told of one system, which reads the list of people over HTTP. */
export async function readByApi(people: number): Promise<ApiFigures> {
  const standalone = buildPortalWithPages()
  const database = await createTestDatabase()
  const registry = await startTestRegistry()
  const folder = mkdtempSync(join(tmpdir(), 'concord-bench-'))
  const constants = join(folder, 'page.json')
  await seed(database.url, { researchers: people, events: false })
  const key = makeKeyText('test')
  await addSystem(database.url, key)
  const env = { WORKER: 'none', BENCH_JSON: constants }
  const portal = await startPortal({ databaseUrl: database.portalUrl, registry, env, standalone })
  const ask = async (path: string): Promise<string> => {
    const answer = await fetch(`${portal.url}${path}`, { headers: { Authorization: `Bearer ${key}` } })
    const text = await answer.text()
    if (!answer.ok) throw new Error(text)
    return text
  }
  const page = (limit: number, cursor: string) => `/api/v1/people?limit=${limit}${cursor && `&cursor=${cursor}`}`
  try {
    const cursors = ['']
    const startedAt = performance.now()
    let mirrorS = 0
    for (let next: string | null = ''; next !== null; ) {
      next = JSON.parse(await ask(page(1_000, next))).next_cursor
      if (cursors.length * 1_000 === mirrored || (next === null && !mirrorS)) {
        mirrorS = (performance.now() - startedAt) / 1_000
      }
      if (next) cursors.push(next)
    }
    const [first, last] = [cursors[0] ?? '', cursors.at(-2) ?? '']
    const [near = 0, far = 0] = await timeInTurn([() => ask(page(100, first)), () => ask(page(100, last))], rounds)
    writeFileSync(constants, await ask(page(100, last)))
    const both = [() => ask(page(100, last)), () => ask('/bench/json')]
    // Until V8 has compiled what is called.
    await perSecondInTurn(both, seconds)
    const [real = 0, bare = 1] = await perSecondInTurn(both, seconds)
    return { people, growth: far / near, besideConstants: real / bare, mirrorS }
  } finally {
    await portal.stop()
    await registry.close()
    await database.drop()
    rmSync(folder, { recursive: true })
  }
}

async function addSystem(databaseUrl: string, key: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  // Their changes are no part of what is measured.
  await client.query('set session_replication_role = replica')
  const world = `
    with staff as (
      insert into staff_member (orcid, role, origin) values ('0000-0002-1825-0097', 'admin', 'test')
      on conflict (orcid) do update set role = 'admin' returning id),
    made as (
      insert into system (name, contact, operator, per_minute, made_by_id)
      select 'Bench', 'bench@example.org', 'institution', 1000000000, id from staff returning id, made_by_id),
    term as (
      insert into system_term (system_id, number, purpose_number, purpose, rights, scopes, made_by_id)
      select id, 1, 1, '{}', '{people:read}', '{}', made_by_id from made returning id),
    keyed as (
      insert into api_key (system_id, name, beginning, hash, made_by_id)
      select id, 'bench', 'cnc_test_', $1, made_by_id from made)
    insert into system_notice (term_id, researcher_id, told_at)
    select term.id, r.id, now() - interval '15 days' from term, researcher r`
  await client.query(world, [hashSecret(key)])
  await client.query('vacuum analyze')
  await client.end()
}
