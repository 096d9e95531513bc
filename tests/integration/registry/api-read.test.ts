import { describe, expect, test } from 'vitest'
import { CARBERRY, callApi, dig, employment, getOwnToken, readItems } from './record-api'
import { ADA, control, MEMBER, PETRA_PRIVATE, PUBLIC, setUpRegistry } from './trial'
import { getTokens } from './visitor'

const trial = setUpRegistry({ clients: [{ ...MEMBER, arrangedScopes: ['/email/read-private', '/webhook'] }, PUBLIC] })
const tokenFor = async (orcid: string, scope: string) => (await getTokens(trial, orcid, { scope })).access_token
const [MERGED, LOCKED, DEACTIVATED] = ['0000-0099-5895-2546', '0000-0099-8193-0361', '0000-0099-9909-5149']
const titlesOf = (works: unknown) => dig(works, 'group.*.work-summary.*.title.title.value')

describe('before anything is looked at', () => {
  test('a token that is none is told so in the shape of OAuth, and repeated', async () => {
    const answer = await callApi(trial, 'no-such-token', `${ADA}/record`)
    expect(answer.status).toBe(401)
    expect(answer.headers.has('WWW-Authenticate')).toBe(false)
    expect(answer.text).toBe('{"error":"invalid_token","error_description":"Invalid access token: no-such-token"}')
  })

  test('no token, and the token of a public client, are forbidden', async () => {
    const publicToken = await getOwnToken(trial, '/read-public', PUBLIC.id)
    for (const token of [null, publicToken]) {
      const answer = await callApi(trial, token, `${ADA}/record`)
      expect(answer.status).toBe(403)
      expect(answer.body.error).toBe('forbidden')
    }
  })

  test('a token of somebody else is 401 with 9017, before its scope and the item are looked at', async () => {
    const token = await tokenFor(CARBERRY, '/authenticate')
    for (const path of [`${ADA}/record`, `${ADA}/summary`, `${ADA}/employment/1`]) {
      const answer = await callApi(trial, token, path)
      expect(answer.status).toBe(401)
      expect(answer.body).toEqual({
        'response-code': 401,
        'developer-message':
          '401 Unauthorized: The client application is not authorized for this ORCID record. Full validation error: Access token is for a different record',
        'user-message': 'The client application is not authorized.',
        'error-code': 9017,
        'more-info': 'https://members.orcid.org/api/resources/troubleshooting',
      })
    }
  })

  test('the state of the record is told first, also to a token of somebody else or without scope', async () => {
    for (const token of [await tokenFor(CARBERRY, '/authenticate'), await getOwnToken(trial, '/webhook')]) {
      const codes = []
      for (const orcid of ['0000-0001-2345-6789', MERGED, LOCKED, DEACTIVATED]) {
        const { status, body } = await callApi(trial, token, `${orcid}/record`)
        codes.push([status, body['error-code']])
      }
      expect(codes).toEqual([
        [404, 9016],
        [301, 9007],
        [409, 9018],
        [409, 9044],
      ])
    }
  })

  test('only the summary tells a token of somebody else that it is one, whatever the state of the record', async () => {
    const token = await tokenFor(CARBERRY, '/authenticate')
    for (const orcid of ['0000-0001-2345-6789', MERGED, LOCKED, DEACTIVATED]) {
      expect((await callApi(trial, token, `${orcid}/summary`)).body['error-code']).toBe(9017)
      expect((await callApi(trial, await getOwnToken(trial), `${orcid}/summary`)).body['error-code']).not.toBe(9017)
    }
  })

  test('a token without read access of any kind is 403 with 9038', async () => {
    const answer = await callApi(trial, await getOwnToken(trial, '/webhook'), `${ADA}/record`)
    expect([answer.status, answer.body['error-code']]).toEqual([403, 9038])
    expect(answer.body['developer-message']).toMatch(/^409 Conflict:/)
  })

  test('an iD, an item or a path that does not exist is 404, the last one with the code of the framework', async () => {
    const token = await getOwnToken(trial)
    const codes = []
    for (const path of [
      '0000-0001-2345-6789/record',
      `${ADA}/employment/1`,
      `${ADA}/education/20016`,
      `${ADA}/nothing`,
    ]) {
      const { status, body } = await callApi(trial, token, path)
      codes.push([status, body['error-code']])
    }
    expect(codes).toEqual([
      [404, 9016],
      [404, 9016],
      [404, 9016],
      [404, 9001],
    ])
    expect((await callApi(trial, token, `${ADA}/employment/abc`)).body['error-code']).toBe(9034)
  })
})

describe('the form of an answer', () => {
  test('is XML unless JSON is asked for, and 406 when neither will do', async () => {
    const token = await getOwnToken(trial)
    const typeFor = async (accept: Record<string, string>) => {
      const answer = await callApi(trial, token, `${CARBERRY}/person`, { headers: accept })
      return [answer.status, answer.headers.get('Content-Type'), answer.text.slice(0, 5)]
    }
    const xml = [200, 'application/xml;charset=UTF-8', '<?xml']
    expect(await typeFor({ Accept: '*/*' })).toEqual(xml)
    expect(await typeFor({ Accept: '' })).toEqual(xml)
    expect(await typeFor({ Accept: 'text/html;q=0.2, application/json' })).toEqual([
      200,
      'application/json;charset=UTF-8',
      '{"las',
    ])
    expect((await typeFor({ Accept: 'application/vnd.orcid+json' })).at(2)).toBe('{\n  "')
    expect((await typeFor({ Accept: 'text/html' })).at(0)).toBe(406)
  })

  test('errors are XML too', async () => {
    const answer = await callApi(trial, await getOwnToken(trial), `${ADA}/employment/1`, { headers: {} })
    expect(answer.text).toContain('<error:error xmlns:error="http://www.orcid.org/ns/error">')
    expect(answer.text).toContain('<error:error-code>9016</error:error-code>')
  })

  test('XML escapes what a careless page would run', async () => {
    const answer = await callApi(trial, await getOwnToken(trial), '0000-0099-8656-9077/keywords', { headers: {} })
    expect(answer.text).toContain('<keyword:content>&lt;script&gt;alert(1)&lt;/script&gt;</keyword:content>')
  })
})

describe('what is seen', () => {
  test('depends on the token: public, limited with /read-limited, private only what the client wrote itself', async () => {
    const seenWith = async (token: string) => titlesOf((await callApi(trial, token, `${ADA}/works`)).body)
    const open = [
      'On the length of short examples',
      'On the Length of Short Examples',
      'A catalogue of counterexamples',
    ]
    expect(await seenWith(await getOwnToken(trial))).toEqual(open)
    expect(await seenWith(await tokenFor(ADA, '/activities/update'))).toEqual(open)
    expect(await seenWith(await tokenFor(ADA, '/read-limited'))).toEqual([...open, 'Draft of a second catalogue'])

    const source = { clientId: MEMBER.id, name: MEMBER.name }
    const content = { title: { title: { value: 'Ours' } }, type: 'other', 'external-ids': null }
    await control(trial, 'POST', `records/${ADA}/items`, { section: 'work', visibility: 'private', source, content })
    expect(await seenWith(await getOwnToken(trial))).toEqual([...open, 'Ours'])
  })

  test('of a single item is refused with the reason', async () => {
    const [open, limited] = [await getOwnToken(trial), await tokenFor(PETRA_PRIVATE, '/read-limited')]
    const items = await readItems(trial, PETRA_PRIVATE)
    const putCodeOf = (section: string) => items.find((item) => item.section === section)?.putCode
    const codeFor = async (token: string, path: string) =>
      (await callApi(trial, token, `${PETRA_PRIVATE}/${path}`)).body['error-code']
    expect(await codeFor(limited, `employment/${putCodeOf('employment')}`)).toBe(9013)
    expect(await codeFor(open, `education/summary/${putCodeOf('education')}`)).toBe(9038)
    expect(await codeFor(limited, `education/${putCodeOf('education')}`)).toBeUndefined()
  })

  test('of a person with a private name has no name at all', async () => {
    const token = await tokenFor(PETRA_PRIVATE, '/read-limited')
    expect((await callApi(trial, token, `${PETRA_PRIVATE}/person`)).body.name).toBeNull()
  })

  test('of e-mail addresses are the confirmed ones, and private ones only by arrangement', async () => {
    const seenWith = async (scope: string) => {
      const { body } = await callApi(trial, await tokenFor(ADA, scope), `${ADA}/email`)
      return [dig(body, 'email.*.email'), dig(body, 'email.*.visibility')]
    }
    const [open, limited, own] = ['ada.example@example.org', 'ada.q@mail.example', 'ada.private@mail.example']
    expect(await seenWith('/authenticate')).toEqual([[open], ['public']])
    expect(await seenWith('/read-limited')).toEqual([
      [open, limited],
      ['public', 'limited'],
    ])
    expect(await seenWith('/read-limited /email/read-private')).toEqual([
      [open, limited, own],
      ['public', 'limited', 'private'],
    ])
  })
})

describe('the parts of a record', () => {
  test('have the keys of ORCID’s JSON, with null for what is not there', async () => {
    const { body } = await callApi(trial, await getOwnToken(trial), `${CARBERRY}/record`)
    expect(Object.keys(body)).toEqual([
      'orcid-identifier',
      'preferences',
      'history',
      'person',
      'activities-summary',
      'path',
    ])
    expect(Object.keys(body.person ?? {})).toEqual([
      'last-modified-date',
      'name',
      'other-names',
      'biography',
      'researcher-urls',
      'emails',
      'addresses',
      'keywords',
      'external-identifiers',
      'path',
    ])
    expect(Object.keys(body['activities-summary'] ?? {})).toHaveLength(13)
    expect(body.person).toMatchObject({
      biography: null,
      emails: { 'last-modified-date': null, email: [], path: `/${CARBERRY}/email` },
    })
    expect(body['activities-summary']).toMatchObject({
      services: { 'last-modified-date': null, 'affiliation-group': [], path: `/${CARBERRY}/services` },
    })
  })

  test('are the same asked for alone, and every item has an address of its own', async () => {
    const token = await tokenFor(ADA, '/read-limited')
    const get = async (path: string) => (await callApi(trial, token, path)).body
    const record = await get(ADA)
    expect(await get(`${ADA}/person`)).toEqual(record.person)
    expect(await get(`${ADA}/activities`)).toEqual(record['activities-summary'])
    for (const kind of [
      'distinction',
      'education',
      'employment',
      'invited-position',
      'membership',
      'qualification',
      'service',
    ]) {
      const list = await get(`${ADA}/${kind}s`)
      expect(dig(record, `activities-summary.${kind}s`)).toEqual([list])
      const [summary] = dig(list, `affiliation-group.0.summaries.0.${kind}-summary`)
      expect(await get(`${ADA}/${kind}/summary/${dig(summary, 'put-code')}`)).toEqual(summary)
      expect(dig(await get(`${dig(summary, 'path')}`.slice(1)), 'role-title')).toEqual(dig(summary, 'role-title'))
    }
    for (const [section, entry] of [
      ['other-names', 'other-name'],
      ['keywords', 'keyword'],
      ['researcher-urls', 'researcher-url'],
      ['external-identifiers', 'external-identifier'],
      ['address', 'address'],
    ]) {
      const [item] = dig(await get(`${ADA}/${section}`), `${entry}.0`)
      expect(await get(`${ADA}/${section}/${dig(item, 'put-code')}`)).toEqual(item)
    }
  })

  test('group what two sources say about the same work and the same grant', async () => {
    const token = await getOwnToken(trial)
    const works = (await callApi(trial, token, `${ADA}/works`)).body
    expect(dig(works, 'group.0.work-summary.*')).toHaveLength(2)
    expect(dig(works, 'group.0.external-ids.external-id.*')).toHaveLength(1)
    expect(dig(works, 'group.0.work-summary.1.source')).toMatchObject([
      {
        'source-orcid': null,
        'source-client-id': { path: 'APP-METAEXCHANGE0001' },
        'source-name': { value: 'Example Metadata Exchange' },
      },
    ])
    const fundings = (await callApi(trial, token, `${ADA}/fundings`)).body
    expect(dig(fundings, 'group.0.funding-summary.*')).toHaveLength(2)
  })

  test('include the public verified e-mail domains in the summary, also where the addresses are private', async () => {
    const summary = async (orcid: string) => (await callApi(trial, await getOwnToken(trial), `${orcid}/summary`)).body
    const { 'email-domains': domains } = await summary(CARBERRY)
    expect(domains).toEqual({
      count: 1,
      'email-domain': [
        {
          value: 'example.org',
          'verification-date': { value: Date.UTC(2021, 4, 17) },
          'created-date': { value: expect.any(Number) },
          'last-modified-date': { value: expect.any(Number) },
        },
      ],
    })
    expect(dig(await summary(ADA), 'email-domains.email-domain.*.value')).toEqual(['example.org', 'north.example'])
    expect((await summary(PETRA_PRIVATE))['email-domains']).toBeNull()
  })

  test('say in the summary who is the source: validated means that an organization wrote it', async () => {
    const { body } = await callApi(trial, await getOwnToken(trial), `${ADA}/summary`)
    expect(dig(body, 'external-identifiers.external-identifier.*.validated')).toEqual([true])
    expect(dig(body, 'employments.employment.*.validated')).toEqual([false])
    const source = { clientId: MEMBER.id, name: MEMBER.name }
    await control(trial, 'POST', `records/${ADA}/items`, { section: 'employment', source, content: employment() })
    const { body: after } = await callApi(trial, await getOwnToken(trial), `${ADA}/summary`)
    expect(dig(after, 'employments.employment.*.validated')).toEqual([false, true])
  })

  test('are counted in the summary, for the person’s token and for the client’s own', async () => {
    for (const token of [await tokenFor(ADA, '/authenticate'), await getOwnToken(trial)]) {
      expect((await callApi(trial, token, `${ADA}/summary`)).body).toMatchObject({
        'credit-name': { value: 'Ada Q. Example' },
        employments: { count: 1 },
        'professional-activities': { count: 4 },
        works: { 'self-asserted-count': 2, 'validated-count': 1 },
      })
    }
  })
})
