import pg from 'pg'
import { addSystemRow } from '@/tests/support/system-row'

/** An action for somebody who never connected, and a system that gets files. Returns the ids of their rows. */
export async function addStaffRows(databaseUrl: string) {
  const system = await addSystemRow(databaseUrl)
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query(
      `with plan as (
         insert into export_plan (system_id, format, every, hour, place, ends_on, next_at, made_by_id)
         select id, 'jsonl', 'daily', 6, 'folder', current_date + 365, now() + interval '1 day', made_by_id from system
         where id = $1 returning id, made_by_id),
       batch as (
         insert into batch (action, leaves_on, made_by_id) select 'mark_leaving', '2030-01-01', made_by_id from plan
         returning id),
       step as (
         insert into batch_step (batch_id, place, person_id)
         select batch.id, 0, person.id from batch, person where local_id = 'hr-1' returning batch_id, person_id)
       select plan.id as plan, batch_id as batch, person_id as person from plan, step`,
      [system],
    )
    return { system, plan: String(rows[0].plan), batch: String(rows[0].batch), person: String(rows[0].person) }
  } finally {
    await client.end()
  }
}

/** As if everybody had signed in an hour ago. */
export async function letSignInsAge(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(`update session set authenticated_at = authenticated_at - interval '1 hour'`)
  await client.end()
}
