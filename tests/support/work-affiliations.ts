import type pg from 'pg'
import { writeAffiliation } from '@/lib/affiliations/writing'

type Rows = (sql: string, values?: unknown[]) => Promise<pg.QueryResult['rows']>

/** Does what a worker does about everything that is left to do, once; waiting times and claims count as over. */
export async function workOnce(rows: Rows): Promise<void> {
  await rows(
    `update affiliation set next_try_at = now(), claimed_until = case when claim_id is null then null else now() end`,
  )
  await rows(`update orcid_rate_limit set circuit_open_until = null, failures = 0`)
  const due = await rows(`select id::text from affiliation
    where state in ('pending', 'updating', 'waiting_for_orcid', 'deleting', 'no_permission', 'no_token', 'person_withdrew') order by added_at, id`)
  await Promise.all(due.map(({ id }) => writeAffiliation(id)))
}
