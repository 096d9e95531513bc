import { beforeEach, describe, expect, test } from 'vitest'
import { writeAffiliation } from '@/lib/affiliations/writing'
import { sweep } from '@/lib/checks/sweep'
import { expireGrants } from '@/lib/grants/commands'
import { applyRetention } from '@/lib/retention/commands'
import { workInside } from '@/tests/support/inside'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const fixture = stackPerFile({ WORKER: 'none' })
workInside(fixture)

beforeEach(async () => {
  for (const orcid of [ada, josiah]) await connect(fixture.stack, { orcid })
})

/** Has the database refuse something about one row for as long as `work` takes. */
async function refusing(on: string, when: string, work: () => Promise<unknown>): Promise<void> {
  await fixture.rows(
    `create function refuse_row() returns trigger language plpgsql as $$ begin raise 'refused'; end $$`,
  )
  await fixture.rows(`create trigger refuse_row before ${on} for each row when (${when}) execute function refuse_row()`)
  try {
    await work()
  } finally {
    await fixture.rows('drop function refuse_row cascade')
  }
}

const grantOf = async (orcid: string) =>
  (
    await fixture.rows(
      `select g.id::text, g.state::text, g.finding::text, next_check_at > now() + interval '50 minutes' as later
       from "grant" g join researcher r on r.id = g.researcher_id where r.orcid = $1`,
      [orcid],
    )
  )[0]

/** A ciphertext that does not open: under this key, or because nobody has the key. */
const spoilToken = (grantId: string, key: 'k1' | 'k9') =>
  fixture.rows(`update "grant" set sealed_access_token = $2 where id = $1`, [
    grantId,
    `c1.${key}.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAA`,
  ])

describe('one row that fails does not hold up the others', () => {
  test('when grants reach their end', async () => {
    await fixture.rows(`update "grant" set expires_at = now() - interval '1 hour'`)
    const bad = await grantOf(ada)
    await refusing('update on "grant"', `new.state = 'expired' and new.id = '${bad?.id}'`, expireGrants)
    expect([(await grantOf(ada))?.state, (await grantOf(josiah))?.state]).toEqual(['live', 'expired'])
    await expireGrants()
    expect((await grantOf(ada))?.state).toBe('expired')
  })

  test('when grants are checked, and it is asked about again an hour later', async () => {
    await spoilToken(String((await grantOf(ada))?.id), 'k9')
    await fixture.rows('update "grant" set next_check_at = now()')
    await sweep()
    expect(await grantOf(ada)).toMatchObject({ state: 'live', finding: null, later: true })
    expect(await grantOf(josiah)).toMatchObject({ state: 'live', finding: 'good' })
  })

  test('when old rows of all kinds are deleted, and the failure is told at the end', async () => {
    await fixture.rows(`update session set expires_at = now() - interval '60 days'`)
    await fixture.rows(
      `insert into orcid_call (actor_kind, purpose, method, path, outcome, latency_ms, tries, at)
       values ('system', 'check', 'GET', '/record', 'ok', 9, 1, now() - interval '200 days')`,
    )
    await refusing('delete on session', 'true', () => expect(applyRetention()).rejects.toThrow('refused'))
    expect(await fixture.rows(`select 1 from orcid_call where path = '/record'`)).toEqual([])
  })
})

test('an item whose token is damaged waits, longer each time, and says why', async () => {
  const [{ id } = { id: '' }] = await fixture.rows(
    `insert into affiliation (person_id, researcher_id, kind, external_id, title, origin)
     select id, researcher_id, 'employment', 'hr-1', 'Dean', 'entered' from person where orcid = $1 returning id::text`,
    [ada],
  )
  await spoilToken(String((await grantOf(ada))?.id), 'k1')
  await writeAffiliation(id)
  const item = () =>
    fixture.rows('select state::text, reason, tries, claim_id, next_try_at > now() as later from affiliation')
  const waits = { state: 'pending', reason: 'token_unreadable', claim_id: null, later: true }
  expect(await item()).toEqual([{ ...waits, tries: 1 }])
  await writeAffiliation(id)
  expect(await item()).toEqual([{ ...waits, tries: 2 }])
})
