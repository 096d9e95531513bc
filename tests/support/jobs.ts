import { expect } from '@playwright/test'
import pg from 'pg'
import type { Stack } from '@/tests/support/portal'

/** Has the worker do a job of the timetable now, and waits until it is done. */
export async function runJob({ database }: Pick<Stack, 'database'>, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(`select graphile_worker.add_job($1, job_key := $1)`, [name])
  const waiting = 'select count(*)::int as count from graphile_worker.jobs where key = $1'
  await expect.poll(async () => (await client.query(waiting, [name])).rows[0].count).toBe(0)
  await client.end()
}
