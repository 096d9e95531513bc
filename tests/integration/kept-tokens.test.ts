import { describe, expect, test } from 'vitest'
import { connect, until } from '@/tests/support/journey'
import { suspicionsPerFile } from '@/tests/support/suspicions'

const ada = '0000-0099-9458-0735'
const admin = '0000-0099-5475-2774'
const { fixture, grants, first, ask, wait, tokenOf, withdrawAtOrcid, refuseEverywhere } = suspicionsPerFile({
  admin,
  orcid: ada,
})
const url = (path: string) => `${fixture.stack.portal.url}${path}`
const actions = async () =>
  (await fixture.rows(`select action from audit_event where action like 'grant.%' order by id`)).map(
    ({ action }) => action,
  )

/** Three refusals over a day. */
async function endAtOrcid(): Promise<void> {
  for (const hours of [1, 23, 0]) {
    await ask()
    await wait(hours)
  }
  expect(await first()).toMatchObject({ state: 'withdrawn_at_orcid' })
}

describe('a permission that ORCID ended', () => {
  test('is asked about once a day and revived by one good answer', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await refuseEverywhere()
    await endAtOrcid()
    const [{ hours }] = await fixture.rows(
      `select extract(epoch from next_check_at - now()) / 3600 as hours from "grant"`,
    )
    expect(Number(hours)).toBeCloseTo(24, 0)
    await ask()
    expect(await first()).toMatchObject({ state: 'withdrawn_at_orcid', held: 3 })
    await fixture.stack.registry.clearFaults()
    await ask()
    expect(await first()).toMatchObject({ state: 'live', finding: 'good', person: 'connected', held: 3 })
    expect(await actions()).toEqual(['grant.saved', 'grant.withdrawn_at_orcid', 'grant.revived'])
    expect((await visitor.get(url('/me'))).body).toContain('ORCID accepts a permission again')
  })

  test.each(['connected again', 'withdrew here', 'was erased'] as const)(
    'is never revived once its person %s: its tokens are destroyed at once and disabled at ORCID',
    async (what) => {
      const { visitor } = await connect(fixture.stack, { orcid: ada })
      await refuseEverywhere()
      await endAtOrcid()
      const token = await tokenOf()
      if (what === 'connected again') await connect(fixture.stack, { orcid: ada }, visitor)
      if (what === 'withdrew here') await visitor.post(url('/me/withdrawal'))
      if (what === 'was erased') await visitor.post(url('/me/erasure'), [['sure', 'yes']])
      const [old] = await grants()
      expect(old?.held ?? 0).toBe(0)
      await until('ORCID has disabled it', async () => {
        const { tokens } = await fixture.stack.registry.state()
        return tokens.find(({ accessToken }) => accessToken === token)?.live === false
      })
      const kept = `select 1 from revocation where sealed_token is not null`
      await until('nothing of it is kept', async () => (await fixture.rows(kept)).length === 0)
    },
  )

  test('stays revivable for somebody who only signs in', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await refuseEverywhere()
    await endAtOrcid()
    await connect(fixture.stack, { orcid: ada, purpose: 'sign-in' }, visitor)
    expect((await first())?.held).toBe(3)
  })

  test('is kept for thirty days: then its tokens are destroyed here and disabled at ORCID', async () => {
    await connect(fixture.stack, { orcid: ada })
    await refuseEverywhere()
    await endAtOrcid()
    const token = await tokenOf()
    await wait(29 * 24)
    await fixture.rows(`select graphile_worker.add_job('destroy-old-tokens')`)
    await ask()
    expect(await first()).toMatchObject({ state: 'withdrawn_at_orcid', held: 3 })
    await wait(48)
    await fixture.rows(`select graphile_worker.add_job('destroy-old-tokens')`)
    await until('it is destroyed', async () => (await first())?.held === 0)
    await until('ORCID has disabled it', async () => {
      const { tokens } = await fixture.stack.registry.state()
      return tokens.find(({ accessToken }) => accessToken === token)?.live === false
    })
  })

  test('keeps its access token longer while something that we wrote is on the record, for deleting it alone', async () => {
    await connect(fixture.stack, { orcid: ada })
    await fixture.rows(
      `insert into affiliation (person_id, researcher_id, kind, external_id, title, origin, state, put_code, written_revision)
       select id, researcher_id, 'employment', 'one', 'Dean', 'entered', 'in_orcid', '1', 1 from person where orcid = $1`,
      [ada],
    )
    await withdrawAtOrcid()
    await endAtOrcid()
    await wait(31 * 24)
    const giveUp = () => fixture.rows(`select graphile_worker.add_job('destroy-old-tokens')`)
    await giveUp()
    await until('the rest is destroyed', async () => (await first())?.held === 1)
    expect(await fixture.rows('select sealed_access_token is not null as kept from "grant"')).toEqual([{ kept: true }])
    expect(await fixture.rows('select 1 from revocation')).toEqual([])
    await fixture.rows(`update affiliation set state = 'deleted_by_person'`)
    await giveUp()
    await until('it is destroyed', async () => (await first())?.held === 0)
  })

  test('is ended as withdrawn here by a person who withdraws then', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await withdrawAtOrcid()
    await endAtOrcid()
    expect((await visitor.get(url('/me'))).body).toContain('/me/withdraw')
    expect((await visitor.get(url('/me/withdraw'))).body).toContain('we destroy it at once')
    await visitor.post(url('/me/withdrawal'))
    expect(await first()).toMatchObject({ state: 'withdrawn_here', held: 0 })
  })

  test.each(['live', 'withdrawn_here'])(
    'tells the ledger when it becomes %s, so that a backup does not undo that',
    async (state) => {
      await connect(fixture.stack, { orcid: ada })
      await withdrawAtOrcid()
      await endAtOrcid()
      // Within one transaction no job takes the entry away.
      await fixture.rows('begin')
      await fixture.rows(`update "grant" set state = $1::grant_state`, [state])
      const told = await fixture.rows(
        `select state::text from ledger_entry where kind = 'ended' order by id desc limit 1`,
      )
      await fixture.rows('rollback')
      expect(told).toEqual([{ state }])
    },
  )
})
