import { join } from 'node:path'
import pg from 'pg'
import { z } from 'zod'
import { portalEnv } from '@/scripts/portal'
import { root, startProcess } from '@/scripts/processes'
import { createTestDatabase } from '@/tests/support/database'
import { testSecrets } from '@/tests/support/portal'
import { startTestRegistry } from '@/tests/support/registry'

const processes = 4

export type CallFigures = {
  calls: number
  processes: number
  durationS: number
  /** Calls a second, from the first to the last. */
  rate: number
  /** Requests that the registry's limiter turned away; 503 is what they were told. */
  turnedAway: number
  /** Outcomes as the callers saw them. */
  outcomes: Record<string, number>
  /** How long a caller waited for an answer: the turn, the tries and the answer. */
  slowestMs: number
  /** How many calls each process got through in the first half of the time. */
  halfway: number[]
}

const reportSchema = z.object({
  outcomes: z.record(z.string(), z.number()),
  endedAt: z.array(z.number()),
  slowestMs: z.number(),
})

/**
 * Makes so many calls from four processes that know of one another only through the database, against the registry with
 * its limiter on (24 a second, 40 in the queue, then 503), each process with as many under way as it may.
 */
export async function callFromManyProcesses(calls: number): Promise<CallFigures> {
  const database = await createTestDatabase()
  const registry = await startTestRegistry()
  const env = portalEnv({ databaseUrl: database.portalUrl, port: 9, registry, secrets: testSecrets })
  try {
    await inProcess(env, 1)
    const shares = Array.from({ length: processes }, (_, index) => Math.floor((calls + index) / processes))
    const reports = await Promise.all(shares.map((share) => inProcess(env, share)))
    const ends = reports.flatMap(({ endedAt }) => endedAt)
    const [first, last] = [Math.min(...ends), Math.max(...ends)]
    const durationS = (last - first) / 1_000
    const half = (first + last) / 2
    return {
      calls,
      processes,
      durationS,
      rate: Math.round(((calls - 1) / durationS) * 100) / 100,
      turnedAway: await countTurnedAway(registry.url, database.url),
      outcomes: sum(reports.map(({ outcomes }) => outcomes)),
      slowestMs: Math.max(...reports.map(({ slowestMs }) => slowestMs)),
      halfway: reports.map(({ endedAt }) => endedAt.filter((at) => at < half).length),
    }
  } finally {
    await registry.close()
    await database.drop()
  }
}

/** One process of its own, as a worker or a portal is one; gives what it says at its end. */
async function inProcess(env: Record<string, string>, calls: number): Promise<z.infer<typeof reportSchema>> {
  const args = ['--conditions=react-server', '--import', 'tsx', join(root, 'bench', 'caller.ts'), String(calls)]
  const caller = startProcess({ name: 'A caller', args, env: { ...env, LOG_LEVEL: 'silent' } })
  const ended = await caller.ended
  if (ended !== 'exit code 0') throw new Error(`A caller: ${ended}\n${caller.lines.join('\n')}`)
  return reportSchema.parse(JSON.parse(caller.lines.at(-1) ?? ''))
}

/** As the registry tells it and, should it have forgotten some of many, as our own rows do. */
async function countTurnedAway(registryUrl: string, databaseUrl: string): Promise<number> {
  const answer = await fetch(`${registryUrl}/_admin/api-requests`)
  const requests = z.array(z.object({ limited: z.boolean() })).parse(await answer.json())
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query(
    `select coalesce(sum(tries - 1), 0)::int + count(*) filter (where status = 503)::int as count
     from orcid_call where tries > 1 or status = 503`,
  )
  await client.end()
  return Math.max(requests.filter(({ limited }) => limited).length, Number(rows[0]?.count))
}

function sum(parts: Record<string, number>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const [key, count] of parts.flatMap((part) => Object.entries(part))) total[key] = (total[key] ?? 0) + count
  return total
}
