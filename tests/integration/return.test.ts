import { describe, expect, test } from 'vitest'
import { connect, decideAtOrcid, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { type Answer, Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const grace = '0000-0099-5475-2774'

const fixture = stackPerFile({ STAFF_ADMINS: grace })
const at = (path: string) => `${fixture.stack.portal.url}${path}`
const signIn = (orcid: string) => connect(fixture.stack, { orcid, purpose: 'sign-in' })
const fieldsOf = (body: string) =>
  [...body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(
    ([, name = '', value = '']): [string, string] => [
      name,
      value.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
    ],
  )

/** `fetch` adds a charset, which no browser does, and which Next.js does not take for a form. */
const asBrowsers = { 'content-type': 'application/x-www-form-urlencoded' }

/** Presses the button of a page that signs in, and comes back from ORCID. */
async function signInFrom(page: Answer, visitor: Visitor, orcid: string): Promise<Answer> {
  const form = page.body.slice(page.body.indexOf('action="/connect/start"'))
  const fields = fieldsOf(form.slice(0, form.indexOf('</form>')))
  expect(fields).toContainEqual(['purpose', 'sign-in'])
  const start = await visitor.post(at('/connect/start'), fields)
  return visitor.get(await decideAtOrcid(visitor, start, { orcid }))
}

const sealedReturns = async () =>
  (await fixture.rows('select 1 from authorization_attempt where sealed_return is not null')).length

describe('whoever opens a page without a session comes to that very page after signing in', () => {
  test.each([
    ['/staff/researchers?q=Ada+Example&page=2', grace],
    ['/staff/audit', grace],
    ['/me/record', ada],
    ['/me/data', ada],
    ['/me/narrow?keep=%2Fread-limited', ada],
  ])('%s', async (path, orcid) => {
    const visitor = new Visitor()
    const page = await visitor.follow(await visitor.get(at(path)))
    expect(page.url).toBe(at(`/sign-in?${new URLSearchParams({ to: path })}`))
    expect((await signInFrom(page, visitor, orcid)).location).toBe(path)
  })

  test('and to the usual one where none was asked for, or where the asked one does not exist for them', async () => {
    expect((await signIn(grace)).answer.location).toBe('/staff')
    expect((await signIn(ada)).answer.location).toBe('/me')
    const visitor = new Visitor()
    const page = await visitor.follow(await visitor.get(at('/staff/team')))
    expect((await signInFrom(page, visitor, ada)).location).toBe('/me')
  })

  test('and never to another place than a page of ours', async () => {
    const elsewhere = [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/.//evil.example',
      '/api/jobs',
      '/sign-out',
      '/\t/evil.example',
    ]
    for (const to of elsewhere) {
      const visitor = new Visitor()
      const page = await visitor.get(at(`/sign-in?${new URLSearchParams({ to })}`))
      expect([to, fieldsOf(page.body).some(([name]) => name === 'to')]).toEqual([to, false])
      const start = await visitor.post(at('/connect/start'), [
        ['purpose', 'sign-in'],
        ['to', to],
      ])
      const answer = await visitor.get(await decideAtOrcid(visitor, start, { orcid: grace }))
      expect([to, answer.location]).toEqual([to, '/staff'])
    }
  })

  test('also when the session ended at a confirmation, where nothing happens and nothing is filled in', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await fixture.rows('update session set ended_at = now()')
    const answer = await visitor.post(at('/me/withdrawal'), [], { referer: at('/me/withdraw'), ...asBrowsers })
    expect([answer.status, answer.location]).toEqual([303, '/sign-in?to=%2Fme%2Fwithdraw'])
    const page = await visitor.follow(answer)
    expect((await signInFrom(page, visitor, ada)).location).toBe('/me/withdraw')
    expect(await fixture.liveTokens()).not.toHaveLength(0)
    const outside = await new Visitor().post(at('/me/withdrawal'), [], { referer: 'https://evil.example/me' })
    expect(outside.location).toBe('/sign-in')
  })
})

const text = 'Called on Monday: "she" <agrees> & will sign'

/** Sends a form after the session has ended, and signs in again: gives the page that said so and the way back. */
async function sendTooLate(path: string, fields: [string, string][], orcid = grace) {
  const { visitor } = await signIn(grace)
  await fixture.rows('update session set ended_at = now()')
  const told = await visitor.post(at(path), fields)
  // Whom ORCID still knows would not be asked who they are.
  if (orcid !== grace) visitor.cookies.delete('127.0.0.1')
  const landed = await signInFrom(told, visitor, orcid)
  return { visitor, told, landed }
}

describe('what somebody typed when their session had ended', () => {
  test('is back in the box for a note after signing in, and is not saved', async () => {
    await connect(fixture.stack, { orcid: ada })
    const { visitor, told, landed } = await sendTooLate('/staff/researchers/note', [
      ['orcid', ada],
      ['text', text],
    ])
    expect(told.status).toBe(403)
    expect(told.body).toContain('Nothing was saved.')
    expect(landed.location).toBe(`/staff/researchers/${ada}?kept=yes#notes`)
    const page = await visitor.get(at(landed.location ?? ''))
    expect(page.body).toContain('Called on Monday: &quot;she&quot; &lt;agrees&gt; &amp; will sign</textarea>')
    expect(page.body).toContain('It is not saved yet.')
    expect(await fixture.rows('select 1 from note')).toEqual([])
  })

  test('is shown once, and then there is nothing left of it', async () => {
    await connect(fixture.stack, { orcid: ada })
    const { visitor, landed } = await sendTooLate('/staff/researchers/note', [
      ['orcid', ada],
      ['text', text],
    ])
    const [row] = await fixture.rows('select sealed_return from authorization_attempt where sealed_return is not null')
    expect(row.sealed_return).toMatch(/^c1\./)
    expect((await visitor.get(at(landed.location ?? ''))).body).toContain('Called on Monday')
    expect(await sealedReturns()).toBe(0)
    expect((await visitor.get(at(landed.location ?? ''))).body).not.toContain('Called on Monday')
  })

  test.each([
    [
      '/staff/researchers/details',
      [
        ['orcid', ada],
        ['department', 'Physics <B>'],
        ['local_id', 'hr-1'],
      ],
      `/staff/researchers/${ada}?kept=yes#details`,
      ['value="Physics &lt;B&gt;"', 'value="hr-1"'],
    ],
    [
      '/staff/affiliations/entry',
      [
        ['orcid', ada],
        ['type', 'education'],
        ['title', 'Doctoral student'],
        ['start', '2024'],
      ],
      `/staff/researchers/${ada}/affiliation?kept=yes`,
      ['value="Doctoral student"', 'value="2024"', '<option value="education" selected'],
    ],
    [
      '/staff/team/invitations',
      [['role', 'manager']],
      '/staff/team?kept=yes#invite',
      ['<option value="manager" selected'],
    ],
  ] as [string, [string, string][], string, string[]][])(
    'is back in the form of %s',
    async (path, fields, landing, shown) => {
      await connect(fixture.stack, { orcid: ada })
      const { visitor, landed } = await sendTooLate(path, fields)
      expect(landed.location).toBe(landing)
      const { body } = await visitor.get(at(landing))
      for (const part of shown) expect(body).toContain(part)
      expect(body).toContain('It is not saved yet.')
      expect(await fixture.rows('select 1 from staff_invitation union all select 1 from affiliation_draft')).toEqual([])
      expect(await fixture.rows('select 1 from person where department is not null')).toEqual([])
    },
  )

  test('is not shown at a form about somebody else, nor to somebody without the role', async () => {
    await connect(fixture.stack, { orcid: ada })
    const { visitor } = await sendTooLate('/staff/researchers/note', [
      ['orcid', ada],
      ['text', text],
    ])
    expect((await visitor.get(at(`/staff/researchers/${grace}?kept=yes`))).body).not.toContain('Called on Monday')
    expect(await sealedReturns()).toBe(1)
    const other = await sendTooLate(
      '/staff/researchers/note',
      [
        ['orcid', ada],
        ['text', text],
      ],
      ada,
    )
    expect(other.landed.location).toBe('/me')
    expect((await other.visitor.get(at(`/staff/researchers/${ada}?kept=yes`))).status).toBe(404)
  })

  test('is not kept where it is more than 16 kB, which is said', async () => {
    const told = await new Visitor().post(at('/staff/researchers/note'), [
      ['orcid', ada],
      ['text', 'x'.repeat(17_000)],
    ])
    expect(told.body).toContain('too long for us to keep')
    expect(fieldsOf(told.body).map(([name]) => name)).toEqual(['purpose', 'to'])
  })

  test('is destroyed when the attempt ends without signing in', async () => {
    const visitor = new Visitor()
    const told = await visitor.post(at('/staff/researchers/note'), [
      ['orcid', ada],
      ['text', text],
    ])
    const start = await visitor.post(at('/connect/start'), fieldsOf(told.body))
    expect(await sealedReturns()).toBe(1)
    await visitor.get(await decideAtOrcid(visitor, start, { orcid: grace, decision: 'deny' }))
    expect(await sealedReturns()).toBe(0)
  })
  test('is not shown after the hour of its attempt, and is destroyed by the next job', async () => {
    await connect(fixture.stack, { orcid: ada })
    const { visitor, landed } = await sendTooLate('/staff/researchers/note', [
      ['orcid', ada],
      ['text', text],
    ])
    await fixture.rows(`update authorization_attempt set expires_at = now() where sealed_return is not null`)
    expect((await visitor.get(at(landed.location ?? ''))).body).not.toContain('Called on Monday')
    await fixture.rows(`select graphile_worker.add_job('expire-attempts', '{}'::json)`)
    await until('it is destroyed', async () => (await sealedReturns()) === 0)
  })
})
