import { beforeEach, describe, expect, test } from 'vitest'
import { version } from '@/package.json'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'

const grace = '0000-0099-5475-2774'
const fixture = stackPerFile({ STAFF_ADMINS: grace })

async function read(): Promise<string> {
  const { visitor } = await connect(fixture.stack, { orcid: grace })
  const { body } = await visitor.get(`${fixture.stack.portal.url}/staff/health`)
  return body.slice(body.indexOf('<main'), body.indexOf('</main>')).replaceAll(/<!--.*?-->/g, '')
}

describe('the page of health', () => {
  // The queue is heard of every minute.
  beforeEach(() => fixture.rows('update installation set worker_seen_at = now()'))

  test('says in words how each part is, and that all work', async () => {
    const body = await read()
    expect(body).toContain('Everything works. One thing is to be done: a backup.')
    expect(body).toContain('Jobs are being done.')
    expect(body).toContain('No job waits.')
    expect(body).toContain('No request of the last minutes has failed (a local registry for trying out).')
    expect(body).toMatch(/PostgreSQL \d+\.\d+ answers and can be written\./)
    expect(body).toContain('No mail server is set up.')
    expect(body).toContain('New secrets are encrypted with the key k1, as TOKEN_KEYS names it.')
    expect(body).toContain('No backup was written yet. Whoever runs the server makes it with npm run backup.')
    expect(body).toContain(`Concord ${version} on Node.js`)
    expect(body).toMatch(/one portal, which does the jobs itself|one worker process/)
  })

  test('counts what needs attention, and says what to do about it', async () => {
    await fixture.rows(
      `update installation set worker_seen_at = now() - interval '1 hour', backed_up_at = now() - interval '3 days'`,
    )
    await fixture.rows(
      `insert into orcid_rate_limit (id, next_slot_at, failures) values (1, now(), 3)
       on conflict (id) do update set failures = 3`,
    )
    const body = await read()
    expect(body).toContain('No worker is running, so no job is done. Start npm run worker')
    expect(body).toContain('npm run backup has not written one for more than two days.')
    expect(body).toMatch(/\d things need attention\./)
    await fixture.rows('update installation set backed_up_at = now()')
    expect(await read()).toContain('npm run backup last wrote one')
  })

  test('names a key that no running process has', async () => {
    await fixture.rows(`insert into sealed_key (key_id, rows) values ('k9', 2)`)
    expect(await read()).toContain(
      '2 rows are sealed with keys that no running process has. docs/keys.md says what to do about k9.',
    )
    await fixture.rows(`delete from sealed_key where key_id = 'k9'`)
  })
})
