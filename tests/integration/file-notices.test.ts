import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { env } from '@/lib/config/env'
import { db } from '@/lib/db'
import { openFolder } from '@/lib/exports/destination'
import { makePlan } from '@/lib/exports/plan-commands'
import { makeFiles } from '@/lib/exports/plan-runs'
import { prepareFileNotice } from '@/lib/mail/file-notice'
import { root } from '@/scripts/processes'
import { connectSomebody } from '@/tests/support/api'
import { mailEnv } from '@/tests/support/mail-env'
import { numbers, peoplePerFile } from '@/tests/support/people'
import { addSystem } from '@/tests/support/systems'

const folder = mkdtempSync(join(tmpdir(), 'files-'))
Object.assign(process.env, mailEnv('smtp://127.0.0.1:9'), { EXPORT_FOLDER: folder, INSTITUTION_LANGUAGES: 'en es' })
const fixture = peoplePerFile()
let systemId: string
let planId: string

// The registry is the local one.
beforeAll(() => void Object.assign(env().mail ?? {}, { allowed: ['@example.org'] }))
afterAll(() => rmSync(folder, { recursive: true }))

async function addAdmin(orcid: string, email: string | null, language: string | null, role: 'admin' | 'manager') {
  const { id } = await connectSomebody(orcid)
  await db().person.update({ where: { id }, data: { email, language } })
  const member = { role, endedAt: null }
  await db().staffMember.upsert({ where: { orcid }, create: { orcid, origin: 'test', ...member }, update: member })
}

beforeEach(async () => {
  systemId = (await addSystem(fixture.manager)).id
  await addAdmin(numbers.a, 'ada@example.org', null, 'admin')
  await addAdmin(numbers.b, 'berta@example.org', 'es', 'admin')
  await addAdmin(numbers.c, 'carla@example.org', null, 'manager')
  planId = await makePlan(
    fixture.manager,
    systemId,
    {
      format: 'csv',
      dn: null,
      every: 'daily',
      weekday: null,
      hour: 6,
      place: 'folder',
      host: null,
      port: null,
      username: null,
      path: null,
      recipient: null,
    },
    'test',
  )
})

async function readMails() {
  const mails = await db().mail.findMany({ where: { template: 'file_notice' }, orderBy: { address: 'asc' } })
  return mails.map((mail) => {
    const ready = prepareFileNotice(mail)
    if (!('text' in ready)) throw new Error('Nothing is sent')
    return { to: ready.to.address, subject: ready.subject, text: ready.text, html: ready.html }
  })
}
const page = () => `${env().origin}/staff/systems/${systemId}/files/${planId}`

describe('administrators', () => {
  test('get one mail in their language when a file fails for good, which says why and leads to its page', async () => {
    // A file is where the folder of the plan would be.
    writeFileSync(join(folder, planId), '')
    await fixture.rows(`update export_plan set next_at = now() - interval '1 minute'`)
    for (let tries = 1; tries <= 4; tries++) {
      expect(await readMails()).toEqual([])
      await makeFiles()
      await fixture.rows('update export_plan_run set next_try_at = now()')
    }
    await makeFiles()
    const mails = await readMails()
    expect(mails.map(({ to, subject }) => [to, subject])).toEqual([
      ['ada@example.org', 'Staff pages did not get its file'],
      ['berta@example.org', expect.stringContaining('Staff pages')],
    ])
    expect(mails[1]?.subject).not.toBe(mails[0]?.subject)
    for (const { text, html } of mails) for (const words of [text, html]) expect(words).toContain(page())
    expect(mails[0]?.text).toContain('The folder cannot be written')
  })

  test('get a mail 30 and 7 days before files end, once each', async () => {
    const endIn = (days: number) => fixture.rows('update export_plan set ends_on = current_date + $1::int', [days])
    for (const [days, mails] of [
      [40, 0],
      [30, 2],
      [29, 2],
      [7, 4],
      [6, 4],
    ] as const) {
      await endIn(days)
      await makeFiles()
      expect(await db().mail.count({ where: { template: 'file_notice' } }), `${days} days before`).toBe(mails)
    }
    expect((await readMails())[0]?.subject).toMatch(/^Staff pages gets files until /)
  })
})

test('a process that is killed in the middle of a file leaves none under its name, and the next try replaces the half', async () => {
  const scripts = join(root, '.concord')
  mkdirSync(scripts, { recursive: true })
  const script = join(mkdtempSync(join(scripts, 'half-')), 'half.ts')
  writeFileSync(
    script,
    `import { openFolder } from '@/lib/exports/destination'
setInterval(() => undefined, 1_000)
async function* half() {
  for (let n = 0; n < 64; n++) yield Buffer.alloc(65_536, 'a')
  process.stdout.write('half')
  await new Promise(() => undefined)
}
openFolder('${planId}').then((destination) => destination.write('people.csv', half()))
`,
  )
  const child = spawn(process.execPath, ['--conditions=react-server', '--import', 'tsx', script], {
    cwd: root,
    env: process.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  expect(String((await once(child.stdout, 'data'))[0])).toBe('half')
  child.kill('SIGKILL')
  await once(child, 'exit')
  rmSync(join(script, '..'), { recursive: true })
  const own = join(folder, planId)
  expect(readdirSync(own)).toEqual(['.people.csv.part'])
  const { write } = await openFolder(planId)
  await write(
    'people.csv',
    (async function* () {
      yield Buffer.from('whole')
    })(),
  )
  expect(readdirSync(own)).toEqual(['people.csv'])
  expect(readFileSync(join(own, 'people.csv'), 'utf8')).toBe('whole')
})
