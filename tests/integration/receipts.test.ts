import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Receipt } from '@/lib/grants/receipt'
import { commandArgs } from '@/tests/support/command'
import { addCampaign } from '@/tests/support/invitations'
import { connect, decideAtOrcid, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const fixture = stackPerFile({ STAFF_ADMINS: '0000-0099-5475-2774' })
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'receipt-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const isElsewhere = (url: string) => !url.startsWith(fixture.stack.portal.url)
const at = (path: string) => `${fixture.stack.portal.url}${path}`

async function referenceOf(orcid: string): Promise<string> {
  const [attempt] = await fixture.rows(
    `select reference from "grant" g join authorization_attempt a on a.id = g.attempt_id
     join researcher r on r.id = g.researcher_id where orcid = $1 order by granted_at desc limit 1`,
    [orcid],
  )
  return String(attempt?.reference)
}

/** The receipt of somebody's last permission as they download it: its text, and what it says. */
async function download(visitor: Visitor, orcid = ada): Promise<{ text: string; receipt: Receipt }> {
  const { status, body, headers } = await visitor.get(at(`/me/receipts/${await referenceOf(orcid)}/json-ld`))
  expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
    200,
    'application/ld+json; charset=utf-8',
    expect.stringContaining('no-store'),
  ])
  return { text: body, receipt: JSON.parse(body) }
}

/** Waits until a checkpoint covers every event. */
async function cover(): Promise<void> {
  await until('all events are covered', async () => {
    const [row] = await fixture.rows(
      `select 1 as yes from audit_checkpoint having max(last_event_id) >= (select max(id) from audit_event)`,
    )
    // Once more: a revocation that ORCID confirms meanwhile is another event.
    if (!row) await fixture.rows(`select graphile_worker.add_job('audit-checkpoint', job_key := 'cover')`)
    return row
  })
}

/** What `npm run audit -- receipt` says of a file, and its exit code. It has neither keys nor a database. */
async function verify(text: string, ...more: string[]): Promise<{ code: number; text: string }> {
  const file = join(folder, 'receipt.jsonld')
  writeFileSync(file, text)
  const env = { NODE_ENV: 'test' } as const
  return promisify(execFile)(process.execPath, [...commandArgs('scripts/audit'), 'receipt', file, ...more], {
    env,
  }).then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, text: stdout + stderr }),
  )
}

test('a downloaded receipt is verified without the portal, and with its database', async () => {
  const { visitor } = await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
  await cover()
  const { text, receipt } = await download(visitor)
  const [checkpoint] = receipt.history.checkpoints
  const alone = await verify(text)
  expect(alone).toEqual({ code: 0, text: expect.stringContaining(`Receipt ${receipt.facts.reference} of Ada`) })
  expect(alone.text).toContain(`The sentences are those of the shown text ${receipt.facts.shownText}`)
  expect(alone.text).toContain(`is under checkpoint ${checkpoint?.number}.`)
  expect(alone.text).toContain(
    `Not proven: That ${checkpoint?.number}:${checkpoint?.hash} is a checkpoint of the portal.`,
  )

  const noted = await verify(text, '--expect', `${checkpoint?.number}:${checkpoint?.hash}`)
  expect(noted).toMatchObject({ code: 0, text: expect.stringContaining('is the one that was noted') })
  expect(await verify(text, '--expect', `${checkpoint?.number}:${'0'.repeat(64)}`)).toMatchObject({
    code: 1,
    text: expect.stringContaining('is another one than was noted'),
  })
  const known = await verify(text, '--database', fixture.stack.database.url)
  expect(known).toMatchObject({ code: 0, text: expect.stringContaining('The database has the same events') })
  expect(known.text).not.toContain('is a checkpoint of the portal')
})

test('a changed word of a downloaded receipt is reported with its place, and a file that is missing too', async () => {
  const { visitor } = await connect(fixture.stack, { orcid: ada })
  await cover()
  const { text } = await download(visitor)
  expect(await verify(text.replace(/"heading": "C/, '"heading": "D'))).toMatchObject({
    code: 1,
    text: expect.stringContaining('FAULT: shown: '),
  })
  expect(await verify(text.replace(/"name": "Ada/, '"name": "Eda'))).toMatchObject({
    code: 1,
    text: expect.stringContaining('FAULT: facts: '),
  })
  expect((await verify(text, '--database')).code).toBe(2)
})

test('the database is compared with a receipt: history that was changed later is found', async () => {
  const { visitor } = await connect(fixture.stack, { orcid: ada })
  await cover()
  const { text } = await download(visitor)
  for (const sql of [
    'alter table audit_event disable trigger all',
    `update audit_event set detail = detail || '{"scopes": []}' where action = 'grant.saved'`,
    'alter table audit_event enable trigger all',
  ]) {
    await fixture.rows(sql)
  }
  expect(await verify(text, '--database', fixture.stack.database.url)).toMatchObject({
    code: 1,
    text: expect.stringMatching(/FAULT: event \d+: says something else in the database/),
  })
})

test('a receipt says who, what was shown, asked and granted, by which campaign, and holds no secret', async () => {
  const { visitor } = await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
  const { receipt, text } = await download(visitor)
  expect(receipt.facts).toMatchObject({
    institution: { portal: fixture.stack.portal.url },
    researcher: { id: `https://orcid.org/${ada}`, name: 'Ada Q. Example' },
    asked: ['/read-limited', 'openid'],
    granted: ['/read-limited', 'openid'],
    campaign: null,
    clientId: fixture.stack.registry.clientId,
  })
  expect(receipt.id).toBe(at(`/me/receipts/${receipt.facts.reference}`))
  expect(receipt.standing).toMatchObject({ state: 'live', replacedBy: null })
  expect(receipt.history.events).toMatchObject([{ action: 'grant.saved', proof: null }])
  const [token] = (await fixture.stack.registry.state()).tokens
  expect(text).not.toContain(String(token?.accessToken))
  expect(text).not.toMatch(/consent/i)

  const { body, headers } = await visitor.get(at(`/me/receipts/${receipt.facts.reference}`))
  expect(headers.get('cache-control')).toContain('no-store')
  expect(body).toMatch(/<meta name="robots" content="noindex"/)
  expect(body).not.toMatch(/consent/i)
  const content = receipt.shown?.sentences as Record<string, string>
  for (const name of ['heading', 'benefit', 'decide', 'duration', 'refusal', 'existing'])
    expect(body, name).toContain(content[name])
  expect(body).toContain('It is under no checkpoint yet.')
  await cover()
  const later = await visitor.get(at(`/me/receipts/${receipt.facts.reference}`))
  expect(later.body).not.toContain('It is under no checkpoint yet.')
  const [{ hash }] = await fixture.rows('select hash from audit_checkpoint order by number desc limit 1')
  expect(later.body).toContain(hash)
})

describe('every sentence that a receipt quotes stood on the page with the button', () => {
  for (const [what, path, fields] of [
    ['allowing more', '/me/allow', ['/read-limited', '/person/update']],
    ['allowing less', '/me/allow', []],
  ] as const) {
    test(what, async () => {
      const { visitor } = await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
      const sent = await visitor.post(
        at(path),
        fields.map((scope): [string, string] => ['scope', scope]),
      )
      const page = await visitor.follow(sent, isElsewhere)
      const [, action = '', form = ''] =
        /<form [^>]*action="(\/connect\/[^"]*)"[^>]*>(.*?)<\/form>/s.exec(page.body) ?? []
      const hidden = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
      const start = await visitor.post(
        at(action),
        hidden.map(([, name = '', value = '']): [string, string] => [name, value]),
      )
      await visitor.get(await decideAtOrcid(visitor, start, { orcid: ada }))
      const { receipt } = await download(visitor)
      const asked = ['openid', ...fields].sort()
      expect(receipt.facts.asked).toEqual(asked)
      const read = wordsOf(page.body)
      for (const sentence of sentencesOf(receipt.shown?.sentences)) expect(read).toContain(sentence)
    })
  }
})

/** What a page says, without its markup. */
const wordsOf = (html: string) =>
  html
    .replace(/<script.*?<\/script>/gs, '')
    .replace(/<!--.*?-->/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x27;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, ' ')

const isNoSentence = ['scope', 'systems']

/** Every text in it. */
const sentencesOf = (part: unknown): string[] => {
  if (typeof part === 'string') return [part]
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([name, value]) => (isNoSentence.includes(name) ? [] : sentencesOf(value)))
}

test('a receipt names the campaign that asked, as it was called then', async () => {
  await addCampaign(fixture, { scopes: ['/read-limited'] })
  const visitor = new Visitor()
  const start = await visitor.post(at('/c/start'), [['code', 'spring']])
  await visitor.get(await decideAtOrcid(visitor, start, { orcid: ada }))
  await fixture.rows(`update campaign set name = 'Autumn'`)
  await cover()
  const { receipt, text } = await download(visitor)
  expect(receipt.facts.campaign).toBe('Spring')
  expect(receipt.shown?.sentences.benefit).toBe('The annual report needs your publications.')
  expect((await verify(text)).code).toBe(0)
  const { body } = await visitor.get(at(`/me/receipts/${receipt.facts.reference}`))
  expect(body).toContain('Spring')
  expect(body).toContain('The annual report needs your publications.')
})

test('a receipt says how the permission ended, and which one replaced it', async () => {
  const { visitor } = await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
  const first = await referenceOf(ada)
  await connect(fixture.stack, { orcid: ada }, visitor)
  const second = await referenceOf(ada)
  const { body } = await visitor.get(at(`/me/receipts/${first}/json-ld`))
  expect(JSON.parse(body).standing).toMatchObject({ state: 'superseded', replacedBy: second })
  await visitor.post(at('/me/withdrawal'))
  await cover()
  const { text, receipt } = await download(visitor)
  expect(receipt.standing.state).toBe('withdrawn_here')
  expect(receipt.history.events.map(({ action }) => action)).toEqual(['grant.saved', 'grant.withdrawn'])
  expect((await verify(text)).text).toContain('That it is withdrawn_here since')
})

test('somebody else’s receipt does not exist, nor does one after an erasure or of a made-up reference', async () => {
  const { visitor } = await connect(fixture.stack, { orcid: ada })
  const { visitor: other } = await connect(fixture.stack, { orcid: josiah })
  const reference = await referenceOf(ada)
  const statusOf = async (who: Visitor, path: string) => (await who.get(at(path))).status
  for (const path of [`/me/receipts/${reference}`, `/me/receipts/${reference}/json-ld`]) {
    expect([await statusOf(visitor, path), await statusOf(other, path)]).toEqual([200, 404])
  }
  for (const path of ['/me/receipts/0000-0000', '/me/receipts/x', '/me/receipts/x/json-ld'])
    expect(await statusOf(visitor, path)).toBe(404)
  await visitor.post(at('/me/erasure'), [['sure', 'yes']])
  const { visitor: again } = await connect(fixture.stack, { orcid: ada })
  expect(await statusOf(again, `/me/receipts/${reference}`)).toBe(404)
  const [{ kept }] = await fixture.rows(
    `select count(*)::int as kept from "grant" where receipt::text like '%${reference}%'`,
  )
  expect(kept).toBe(0)
})

test('each receipt is in the download of somebody’s data, and its page is one link from their own', async () => {
  const { visitor } = await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
  await connect(fixture.stack, { orcid: ada }, visitor)
  await cover()
  const data = JSON.parse((await visitor.get(at('/me/data'))).body)
  expect(data.receipts).toHaveLength(2)
  for (const receipt of data.receipts) expect((await verify(JSON.stringify(receipt))).code).toBe(0)
  const { body } = await visitor.get(at('/me'))
  for (const { facts } of data.receipts) expect(body).toContain(`href="/me/receipts/${facts.reference}"`)
})
