import { expect, test } from 'vitest'
import { callApi, dig, employment, readItems } from './record-api'
import { ADA, control, MEMBER, setUpRegistry } from './trial'
import { getTokens, Visitor } from './visitor'

const trial = setUpRegistry()

async function signIn(orcid: string): Promise<Visitor> {
  const visitor = new Visitor()
  await visitor.go(`${trial.url}/signin`, { method: 'POST', body: new URLSearchParams({ orcid }) })
  return visitor
}

test('a person sees who added what, and deletes an item of an organization, which then finds nothing there', async () => {
  const token = (await getTokens(trial, ADA, { scope: '/activities/update' })).access_token
  const added = await callApi(trial, token, `${ADA}/employment`, { method: 'POST', body: employment() })
  const putCode = added.headers.get('Location')?.split('/').at(-1) ?? ''
  const visitor = await signIn(ADA)
  const page = `${trial.url}/my-orcid`
  const html = await (await visitor.go(page)).text()
  expect(html).toContain(MEMBER.name)
  expect(html).toContain('Lecturer')

  const answer = await visitor.press(page, html, 'put_code', putCode)
  expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/my-orcid?deleted'])
  expect(await (await visitor.go(`${page}?deleted`)).text()).toContain('The item was deleted from your record.')
  const put = { method: 'PUT', body: employment({ 'put-code': Number(putCode) }) }
  expect((await callApi(trial, token, `${ADA}/employment/${putCode}`, put)).body['error-code']).toBe(9016)
})

test('nobody deletes from another record, nor without having signed in', async () => {
  const [item] = await readItems(trial, ADA)
  const init = { method: 'POST', body: new URLSearchParams({ put_code: String(item?.putCode) }) }
  await (await signIn('0000-0002-1825-0097')).go(`${trial.url}/my-orcid`, init)
  const stranger = await new Visitor().go(`${trial.url}/my-orcid`, init)
  expect(stranger.headers.get('Location')).toBe('/signin')
  expect(await readItems(trial, ADA)).toContainEqual(item)
})

test('everybody’s record can be shown, whatever is written in it', async () => {
  for (const orcid of ['0000-0099-8656-9077', '0000-0099-6224-1544', '0000-0099-0293-1375']) {
    const answer = await (await signIn(orcid)).go(`${trial.url}/my-orcid`)
    expect(answer.status).toBe(200)
    expect(await answer.text()).not.toContain('<script>')
  }
})

test('the controls add, change and remove an item, and forgetting gives everybody back what they started with', async () => {
  const before = await readItems(trial, ADA)
  const content = { content: 'controls' }
  const answer = await control(trial, 'POST', `records/${ADA}/items`, { section: 'keywords', content })
  const { putCode } = await answer.json()
  await control(trial, 'PATCH', `records/${ADA}/items/${putCode}`, { visibility: 'private' })
  expect(await readItems(trial, ADA)).toContainEqual(
    expect.objectContaining({ putCode, visibility: 'private', content }),
  )
  await control(trial, 'DELETE', `records/${ADA}/items/${putCode}`)
  await control(trial, 'DELETE', `records/${ADA}/items/${before[0]?.putCode}`)
  expect(await readItems(trial, ADA)).toEqual(before.slice(1))
  await control(trial, 'DELETE', 'state')
  expect(await readItems(trial, ADA)).toEqual(before)
  const refused = await control(trial, 'POST', `records/${ADA}/items`, { section: 'secrets', content })
  expect([refused.status, dig(await refused.json(), 'issues.0.path.0')]).toEqual([400, ['section']])
  expect((await control(trial, 'GET', 'records/0000-0001-2345-6789')).status).toBe(404)
})
