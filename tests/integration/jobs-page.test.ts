import { beforeEach, describe, expect, test } from 'vitest'
import messages from '@/messages/en.json'
import { connect, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'

const grace = '0000-0099-5475-2774'
const fixture = stackPerFile({ STAFF_ADMINS: grace })
const url = () => `${fixture.stack.portal.url}/staff/jobs`

async function fail(name: string, { tries, givenUp = false }: { tries: number; givenUp?: boolean }): Promise<string> {
  const [job] = await fixture.rows(
    `select id::text from graphile_worker.add_job($1, run_at => now() + interval '1 day', max_attempts => $2)`,
    [name, givenUp ? tries : 25],
  )
  const id = job?.id ?? ''
  await fixture.rows(
    `update graphile_worker._private_jobs set attempts = $2, last_error = 'a reason with a token in it' where id = $1::bigint`,
    [id, tries],
  )
  return id
}

describe('the page of jobs', () => {
  // The queue is heard of every minute.
  beforeEach(() => fixture.rows('update installation set worker_seen_at = now()'))

  test('says what each job of the timetable does, how often, and when it comes next', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: grace })
    const { body } = await visitor.get(url())
    const identifiers = await fixture.rows('select identifier from graphile_worker._private_known_crontabs')
    expect(identifiers.length).toBeGreaterThan(15)
    const names: Record<string, string> = messages.staff.jobs.names
    for (const { identifier } of identifiers) {
      expect(names[identifier], identifier).toBeTruthy()
      expect(body).toContain(names[identifier])
    }
    expect(body).toContain('Everything is done in time.')
  })

  test('shows what failed without its error, and has it done again at once', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: grace })
    const id = await fail('expire-attempts', { tries: 3, givenUp: true })
    const { body } = await visitor.get(url())
    expect(body).toContain('One job has failed.')
    expect(body).toContain(`Job ${id}.`)
    expect(body).toContain('It is not tried again by itself.')
    expect(body).not.toContain('a reason')
    await visitor.post(`${url()}/again`, [['job', id]])
    await until('it was done', async () => {
      const left = await fixture.rows('select 1 from graphile_worker.jobs where id = $1::bigint', [id])
      return left.length === 0
    })
    const events = await fixture.rows(`select detail from audit_event where action = 'job.tried_again'`)
    expect(events).toEqual([{ detail: { job: 'expire-attempts' } }])
  })

  test('says of a job that was done meanwhile that it was', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: grace })
    const { location } = await visitor.post(`${url()}/again`, [['job', '999999999']])
    expect(location).toMatch(/\/staff\/jobs\?note=gone$/)
    expect(await fixture.rows(`select 1 from audit_event where detail->>'job' = '999999999'`)).toEqual([])
  })

  test('says that nothing is done where no worker has been heard of for ten minutes', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: grace })
    await fixture.rows(`update installation set worker_seen_at = now() - interval '11 minutes'`)
    const { body } = await visitor.get(url())
    expect(body).toContain('Nothing is being done: the worker does not run.')
  })
})
