import { beforeEach, describe, expect, test } from 'vitest'
import { connect, decideAtOrcid, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const grace = '0000-0099-5475-2774'
const fixture = stackPerFile({ STAFF_ADMINS: grace })
const at = (path: string) => `${fixture.stack.portal.url}${path}`

let admin: Visitor
beforeEach(async () => {
  admin = (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
})

const idIn = (location: string | null) => new URL(location ?? '', at('/')).searchParams.get('trial') ?? ''
const problemIn = (location: string | null) => new URL(location ?? '', at('/')).searchParams.get('problem')

/** Begins a trial; gives its id and its authorization URL. */
async function start(fields: [string, string][] = [['scope', 'openid']]): Promise<{ id: string; url: string }> {
  const id = idIn((await admin.post(at('/staff/try/start'), fields)).location)
  const { body } = await admin.get(at(`/staff/try?trial=${id}`))
  return { id, url: (/value="(http[^"]*oauth\/authorize[^"]*)"/.exec(body)?.[1] ?? '').replaceAll('&amp;', '&') }
}

/** As somebody else at the registry, in the administrator's own browser at the portal: gives the callback, unvisited. */
const goAs = async (orcid: string, url: string, decision?: 'deny') =>
  decideAtOrcid(new Visitor(), await new Visitor().get(url), { orcid, decision })

const press = (path: string, fields: [string, string][]) => admin.post(at(path), fields)
const exchange = (id: string, code = '') =>
  press('/staff/try/exchange', [
    ['trial', id],
    ['code', code],
  ])
const page = async (id: string) => (await admin.get(at(`/staff/try?trial=${id}`))).body.replace(/<!-- -->/g, '')
const liveOf = async (orcid: string | null) =>
  (await fixture.stack.registry.state()).tokens.filter((token) => token.live && token.orcid === orcid)

async function tryAs(orcid: string, scopes: string[] = ['openid', '/read-limited', '/activities/update']) {
  const trial = await start(scopes.map((scope): [string, string] => ['scope', scope]))
  await admin.get(await goAs(orcid, trial.url))
  await exchange(trial.id)
  return trial
}

describe('a trial', () => {
  test('makes no grant, no researcher and no session, and shows neither code nor token nor secret', async () => {
    const before = await fixture.rows('select (select count(*) from researcher) r, (select count(*) from session) s')
    const { id } = await tryAs(ada)
    const [token] = await liveOf(ada)
    const text = await page(id)
    expect(text).toContain('grant_type=authorization_code')
    for (const secret of [token?.accessToken, token?.refreshToken, token?.code, fixture.stack.registry.clientSecret])
      expect(text).not.toContain(secret)
    expect(await fixture.rows('select (select count(*) from researcher) r, (select count(*) from session) s')).toEqual(
      before,
    )
    expect(
      await fixture.rows(
        `select 1 from "grant" g join authorization_attempt a on a.id = g.attempt_id where a.purpose = 'trial'`,
      ),
    ).toEqual([])
    const whole = JSON.stringify([
      await fixture.rows('select * from trial'),
      await fixture.rows('select * from trial_step'),
    ])
    expect(whole).not.toContain(token?.accessToken)
    expect(whole).not.toContain('Trusted')
  })

  test('has its token revoked when it is ended, and when its hour is over', async () => {
    const ended = await tryAs(ada)
    await press('/staff/try/end', [['trial', ended.id]])
    expect(await liveOf(ada)).toEqual([])
    await tryAs(ada)
    expect(await liveOf(ada)).toHaveLength(1)
    await fixture.rows(`update trial set expires_at = now() - interval '1 second' where ended_at is null`)
    await fixture.rows(`select graphile_worker.add_job('end-trials')`)
    await until('the token is revoked', async () => (await liveOf(ada)).length === 0)
    expect(await fixture.rows('select 1 from trial where sealed_access_token is not null')).toEqual([])
  })

  test('is left to recovery where ORCID’s answer is lost, and no token lives on', async () => {
    const { id, url } = await start()
    await admin.get(await goAs(ada, url))
    await fixture.stack.registry.addFault({ on: 'token', fault: 'lost' })
    await exchange(id)
    expect(problemIn((await exchange(id)).location)).toBe('lost')
    await fixture.rows(
      `update authorization_attempt set claimed_at = claimed_at - interval '2 minutes' where purpose = 'trial'`,
    )
    await fixture.rows(`select graphile_worker.add_job('recover')`)
    await until(
      'recovery is done',
      async () =>
        (await fixture.rows(`select 1 from authorization_attempt where state = 'ended' and outcome = 'not_saved'`))
          .length > 0,
    )
    await until('no token lives', async () => (await liveOf(ada)).length === 0)
    expect(problemIn((await exchange(id)).location)).toBe('not_saved')
  })

  test('belongs to whoever began it: another administrator and a researcher find nothing', async () => {
    const { id } = await start()
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    expect((await visitor.get(at(`/staff/try?trial=${id}`))).status).toBe(404)
    await fixture.rows(
      `update trial set staff_id = (insert_other.id) from (select id from staff_member limit 1) insert_other`,
    )
    await fixture.rows(`insert into staff_member (orcid, role, origin) values ('${ada}', 'admin', 'a link')`)
    expect((await visitor.get(at(`/staff/try?trial=${id}`))).body).toContain('no longer exists')
    expect(problemIn((await visitor.post(at('/staff/try/exchange'), [['trial', id]])).location)).toBe('over')
  })

  test('is erased with the person whose permission it used', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await tryAs(ada)
    await visitor.post(at('/me/erasure'), [['sure', 'yes']])
    await until(
      'they are erased',
      async () => (await fixture.rows(`select 1 from researcher where orcid = '${ada}'`)).length === 0,
    )
    expect(await fixture.rows('select 1 from trial where orcid is not null')).toEqual([])
    await until('no token lives', async () => (await liveOf(ada)).length === 0)
  })
})

describe('what comes back', () => {
  test('a refusal is shown as it came, and explained', async () => {
    const { id, url } = await start()
    await admin.get(await goAs(ada, url, 'deny'))
    const text = await page(id)
    expect(text).toContain('error=access_denied')
    expect(text).toContain('The person declined.')
  })

  test('in two tabs each trial keeps its own code', async () => {
    const [one, two] = [await start(), await start()]
    await admin.get(await goAs(ada, two.url))
    await admin.get(await goAs(ada, one.url))
    for (const { id } of [one, two]) {
      await exchange(id)
      expect(await page(id)).toContain(`"orcid": "${ada}"`.replaceAll('"', '&quot;'))
    }
  })

  test('twenty presses at once make one exchange', async () => {
    const { id, url } = await start()
    await admin.get(await goAs(ada, url))
    const before = (await fixture.stack.registry.state()).tokenRequests.length
    await fixture.stack.registry.addFault({ on: 'token', fault: 'slow' })
    await Promise.all(Array.from({ length: 20 }, () => exchange(id)))
    const requests = (await fixture.stack.registry.state()).tokenRequests.slice(before)
    expect(requests.filter(({ outcome }) => outcome === 'issued')).toHaveLength(1)
  })
})

describe('bad input is told as what it is', () => {
  test.each([
    ['a placeholder', '[code]', 'placeholder'],
    ['a tutorial’s example', 'Q70Y3A', 'placeholder'],
    ['an address without a code', 'https://example.org/callback', 'no_code_in_it'],
    ['an address with a refusal', 'https://example.org/callback?error=access_denied', 'refusal'],
    ['the authorization URL', 'https://orcid.org/oauth/authorize?response_type=code&client_id=x', 'authorization_url'],
    ['a sentence', 'see the mail of Tuesday', 'not_a_code'],
    ['nothing', '', 'no_code'],
  ])('%s instead of a code', async (_what, text, problem) => {
    const { id } = await start()
    expect(problemIn((await exchange(id, text)).location)).toBe(problem)
  })

  test('a code that ORCID never issued is refused there, and the trial goes on with another', async () => {
    const { id, url } = await start()
    await exchange(id, 'zZzZ99')
    expect(await page(id)).toContain('invalid_grant')
    await admin.get(await goAs(ada, url))
    await exchange(id)
    expect(await liveOf(ada)).toHaveLength(1)
  })

  test('an address of another site is told to be one, after ORCID has refused its code', async () => {
    const { id } = await start()
    const { location } = await exchange(id, 'https://playground.example/?code=zZzZ99')
    expect(new URL(location ?? '', at('/')).searchParams.get('from')).toBe('playground.example')
  })

  test.each([
    ['/webhook', 'for a token of the client’s own'],
    ['/orcid-profile/read-limited', 'Ask for “/read-limited” instead'],
    ['/read-public', 'for a token of the client’s own'],
    ['read-limited', 'A scope begins with a slash'],
    ['/everything', 'ORCID has no scope'],
  ])('a scope such as %s', async (scope, words) => {
    const { location } = await press('/staff/try/start', [['more', scope]])
    const { body } = await admin.get(new URL(location ?? '', at('/')).href)
    expect(body.replace(/<!-- -->/g, '').includes(words), words).toBe(true)
    expect(body.includes(`value="${scope}"`)).toBe(true)
    expect(await fixture.rows('select 1 from trial')).toEqual([])
  })

  test.each([
    ['html_500', 'This is not JSON'],
    ['cut', 'The connection broke'],
  ] as const)('ORCID answering with %s', async (fault, words) => {
    const { id, url } = await start()
    await admin.get(await goAs(ada, url))
    await fixture.stack.registry.addFault({ on: 'token', fault })
    await exchange(id)
    expect((await page(id)).includes(words), words).toBe(true)
  })
})
