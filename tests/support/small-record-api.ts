import { text } from 'node:stream/consumers'
import type { Context, Provider, Token } from 'oidc-provider'
import { ApiError } from '@/registry/api/api-error'
import { PEOPLE, type Person, publicNames } from '@/registry/people'

/** `clientId`: who added it; null for the person. */
type Entry = { putCode: number; orcid: string; clientId: string | null; content: Record<string, unknown> }

/**
 * As much of ORCID's API v3.0 as a trial and the reading of a record need, with the tokens of a foreign provider: the
 * record, its person, and employments, one of which everybody has.
 */
export function makeRecordApi(provider: Provider, issuer: string) {
  let entries = PEOPLE.map(
    ({ orcid }, at): Entry => ({
      putCode: at + 1,
      orcid,
      clientId: null,
      content: { 'role-title': 'Reader in foreign languages', organization: { name: 'Elsewhere College' } },
    }),
  )
  let lastPutCode = entries.length

  async function answer(ctx: Context): Promise<void> {
    const value = ctx.get('authorization').replace(/^bearer /i, '')
    const token = (await provider.AccessToken.find(value)) ?? (await provider.ClientCredentials.find(value))
    if (!token) return refuseToken(ctx, value)
    try {
      await respond(ctx, token)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      ctx.status = error.status
      ctx.body = error.body(token.clientId)
    }
  }

  async function respond(ctx: Context, token: Token): Promise<void> {
    const [, , orcid = '', section = 'record', putCode] = ctx.path.replace(/^\/pub/, '').split('/')
    const person = PEOPLE.find((one) => one.orcid === orcid)
    if (!person) throw new ApiError('9016')
    if (token.accountId && token.accountId !== orcid)
      throw new ApiError('9017', { says: 'Access token is for a different record' })
    if (ctx.method === 'GET') {
      ctx.body = documents(person)[section]
      if (!ctx.body) throw new ApiError('9016')
      return
    }
    if (!token.scope?.split(' ').includes('/activities/update')) throw new ApiError('9038')
    if (section !== 'employment') throw new ApiError('9016')
    if (ctx.method === 'POST') return add(ctx, { orcid, clientId: token.clientId })
    if (ctx.method !== 'DELETE') throw new ApiError('9001', { status: 405 })
    const found = entries.find((entry) => entry.orcid === orcid && String(entry.putCode) === putCode)
    if (!found) throw new ApiError('9016')
    if (found.clientId !== token.clientId) throw new ApiError('9010')
    entries = entries.filter((entry) => entry !== found)
    ctx.status = 204
  }

  async function add(ctx: Context, by: { orcid: string; clientId: string }): Promise<void> {
    const content = JSON.parse(await text(ctx.req)) as Entry['content']
    entries.push({ ...by, putCode: ++lastPutCode, content })
    ctx.status = 201
    ctx.set('Location', `${issuer}/v3.0/${by.orcid}/employment/${lastPutCode}`)
    ctx.body = ''
  }

  function documents(person: Person): Record<string, unknown> {
    const path = `/${person.orcid}`
    const names = publicNames(person)
    const name = {
      'given-names': { value: names.given },
      'family-name': { value: names.family },
      'credit-name': names.name && { value: names.name },
      visibility: 'public',
    }
    const employments = { 'affiliation-group': entries.filter(({ orcid }) => orcid === person.orcid).map(toGroup) }
    return {
      record: {
        'orcid-identifier': { uri: `${issuer}${path}`, path: person.orcid, host: new URL(issuer).host },
        person: { name, path: `${path}/person` },
        'activities-summary': { employments, path: `${path}/activities` },
        path,
      },
      person: { name, path: `${path}/person` },
      'personal-details': { name, path: `${path}/personal-details` },
      employments: { ...employments, path: `${path}/employments` },
    }
  }

  const toGroup = ({ putCode, orcid, clientId, content }: Entry) => ({
    'external-ids': { 'external-id': [] },
    summaries: [
      {
        'employment-summary': {
          ...content,
          'put-code': putCode,
          source: clientId
            ? { 'source-client-id': { uri: `${issuer}/client/${clientId}`, path: clientId } }
            : { 'source-orcid': { uri: `${issuer}/${orcid}`, path: orcid } },
          visibility: 'public',
          path: `/${orcid}/employment/${putCode}`,
        },
      },
    ],
  })

  const titlesOf = (orcid: string) =>
    entries.filter((entry) => entry.orcid === orcid).map(({ content }) => String(content['role-title']))
  return { answer, titlesOf }
}

/** In ORCID's words, which repeat the token. */
function refuseToken(ctx: Context, token: string): void {
  ctx.status = 401
  ctx.body = { error: 'invalid_token', error_description: `Invalid access token: ${token}` }
}
