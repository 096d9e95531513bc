import type { Environment } from './environment'
import { within } from './within'

const questions = {
  jobs: `select t.identifier, j.run_at, j.attempts, j.locked_at, j.locked_by, left(j.last_error, 200) as last_error
    from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id order by j.run_at`,
  attempts: `select id, state, claimed_at, ended_at from authorization_attempt
    where state in ('exchanging', 'recovering') order by claimed_at`,
  revocations: 'select id, tries, last_tried_at, next_try_at, last_outcome from revocation where confirmed_at is null',
  suspicions: `select g.finding, g.unanswered_since, g.next_check_at, s.* from suspicion s join "grant" g on g.id = s.grant_id`,
  calls: `select c.at, c.purpose, c.path, c.outcome, c.status, c.tries from orcid_call c order by c.id desc limit 30`,
  connections: `select application_name, state, wait_event, now() - state_change as since, left(query, 120) as query
    from pg_stat_activity where datname = current_database() order by application_name, state_change`,
} as const

/** Why nothing goes on any more: whether the portal answers, what its jobs wait for, and who is connected. */
export async function describeStandstill(environment: Environment): Promise<string> {
  const lines = [`── nothing goes on, ${new Date().toISOString()}`]
  for (const path of ['live', 'ready']) {
    const asked = fetch(`${environment.portal.url}/api/health/${path}`)
    const answer = await within(5, 'an answer', asked).catch((error: unknown) => ({ status: String(error) }))
    lines.push(`${path}: ${answer.status}`)
  }
  for (const [what, sql] of Object.entries(questions)) {
    const { rows } = await environment.client.query(sql)
    lines.push(`${what}: ${rows.length}`, ...rows.map((row) => `  ${JSON.stringify(row)}`))
  }
  return `${lines.join('\n')}\n`
}
