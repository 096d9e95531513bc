import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { auditActions } from '@/lib/audit/event'
import { findDetails } from '@/tests/support/audit-details'
import { connect, goToOrcid, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const admin = '0000-0099-5475-2774'
const ada = '0000-0099-9458-0735'

/** Whatever may stand in `detail`, and what it holds. A new name states here that it is nobody's. */
const impersonal: Record<string, string> = {
  receipt: 'the hash of a receipt’s facts with a random number, which an erasure destroys',
  scopes: 'names of ORCID’s permissions',
  setting: 'the name of a setting',
  before: 'the former value of a setting, which every page shows',
  after: 'its new value',
  purpose: 'one of the purposes of an attempt or of a call to ORCID',
  method: 'one of four words of HTTP',
  outcome: 'one of the outcomes of an attempt or of a call to ORCID',
  reason: 'one of the reasons of a revocation, or why an address gets no mail',
  staffId: 'the number of a row',
  role: 'one of the roles',
  departments: 'paths of departments',
  mayExport: 'yes or no',
  exportId: 'the number of a file',
  job: 'the name of a job',
  format: 'one of the formats of files',
  columns: 'names of columns',
  filter: 'what was chosen from lists; whether something was searched for, and not what',
  rows: 'a count',
  complete: 'yes or no',
  because: 'one of the reasons of an erasure or revocation, or that a backup was restored',
  by: 'one of the ways in which a session ends',
  key: 'the name of a sealing key',
  ciphertexts: 'a count',
  unopened: 'a count',
  forgotten: 'counts',
  kind: 'one of the kinds of data that are kept for a time, or of what is written to records',
  affiliationId: 'the number of a row',
  removed: 'a count',
  finding: 'one of the findings of a check',
  from: 'one of the roles',
  evidence: 'one of the things that say that a database was restored',
  invitationId: 'the number of a row',
  campaignId: 'the number of a row',
  mailingId: 'the number of a row',
  mailId: 'the number of a row',
  invitations: 'a count',
  recipients: 'a count',
  step: 'the place of a mail in a campaign',
  stopped: 'a count',
  links: 'a count',
  personId: 'the number of a row',
  fromId: 'the number of a row',
  conflictId: 'the number of a row',
  proof: 'one of the proofs of a binding',
  ended: 'one of the ways in which a binding ends',
  resolution: 'one of the decisions about a conflict',
  items: 'a count',
  batchId: 'the number of a row',
  importId: 'the number of a row',
  written: 'a count',
  undone: 'a count',
  grants: 'a count',
  people: 'a count',
  day: 'a day',
  until: 'a day',
  item: 'one of the things that need somebody',
  status: 'a status of a mail server, such as 5.1.1',
  template: 'the key of a mail text',
  locale: 'a language',
  systemId: 'the number of a row',
  system: 'the name of a system, which researchers read',
  keyId: 'the number of a row',
  planId: 'the number of a row',
  delivery: 'the number of a row',
  host: 'the host of a system’s webhook',
  position: 'a count',
  count: 'a count',
  preference: 'whether systems may add works: one of three words',
  hostKey: 'the fingerprint of a server’s key',
  fault: 'one of the reasons why a file did not arrive',
  number: 'a count',
  rights: 'some of the rights of a system',
  timeline: 'how often a standby of the database was promoted',
}

const root = join(import.meta.dirname, '../..')
const sources = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.ts$/.test(name) && !/\.test\.ts$|^generated/.test(name))
  .map((name) => join(root, 'lib', name))

describe('the history holds nobody’s name, iD or address:', () => {
  test('every place in the code that writes an event is known, and so is every part of its detail', () => {
    const written = sources.flatMap((file) => findDetails(file))
    const actions = new Set(written.flatMap((event) => event.actions))
    expect([...actions].sort()).toEqual([...auditActions].sort())
    const unknown = written.flatMap(({ file, keys }) =>
      keys.filter((key) => !(key in impersonal)).map((key) => `${file}: ${key}`),
    )
    expect(unknown).toEqual([])
  })

  test('the detail is nowhere something that the source does not spell out', () => {
    const opaque = sources.flatMap((file) => findDetails(file)).filter(({ isOpaque }) => isOpaque)
    expect(opaque.map(({ file, text }) => `${file}: ${text}`)).toEqual([])
  })
})

describe('after everything that people and staff do', () => {
  const fixture = stackPerFile({ STAFF_ADMINS: admin })

  test('no event says a name, an iD or an address, whatever was searched for', async () => {
    const { portal } = fixture.stack
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] }, visitor)
    await visitor.get(`${portal.url}/me/data`)
    const { visitor: staff } = await connect(fixture.stack, { orcid: admin })
    for (const path of [
      `/staff/researchers/${ada}`,
      '/staff/researchers/export?format=csv&q=Ada&state=connected',
      `/staff/researchers/export?format=json&q=${ada}`,
      `/staff/audit?subject=${ada}&actor=Adminson`,
      `/staff/audit/export?format=csv&subject=${ada}&actor=Adminson`,
      '/staff/audit/export?format=json&subject=someone@example.org',
    ]) {
      expect((await staff.get(`${portal.url}${path}`)).status, path).toBe(200)
    }
    await fixture.stack.registry.clearFaults()
    const denied = new Visitor()
    await denied.get(await goToOrcid(fixture.stack, denied, { orcid: ada, decision: 'deny' }))
    await visitor.post(`${portal.url}/me/withdrawal`)
    await visitor.post(`${portal.url}/sign-out`)

    const events = await fixture.rows('select action, detail::text as detail, request_id from audit_event')
    const actions = new Set(events.map(({ action }) => action))
    for (const action of ['grant.saved', 'grant.withdrawn', 'list.exported', 'audit.exported', 'researcher.viewed']) {
      expect(actions).toContain(action)
    }
    const names = await fixture.rows('select orcid, name from researcher')
    expect(names.length).toBe(2)
    for (const { action, detail, request_id } of events) {
      const text = `${detail} ${request_id}`
      expect(text, action).not.toMatch(/(?<![\dA-F-])\d{4}-\d{4}-\d{4}-\d{3}[\dX](?![\dA-F-])|@|Adminson|\bAda\b/i)
      for (const { orcid, name } of names) {
        expect(text, action).not.toContain(orcid)
        expect(text, action).not.toContain(name)
      }
    }
  })

  test('a person reads who looked them up and exported them, as the office, and staff are not named', async () => {
    const { portal } = fixture.stack
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    const { visitor: staff } = await connect(fixture.stack, { orcid: admin })
    await staff.get(`${portal.url}/staff/researchers/${ada}`)
    await staff.get(`${portal.url}/staff/researchers/export?format=csv&q=${ada}`)
    await staff.get(`${portal.url}/staff/researchers/export?format=csv&q=Adminson`)
    await staff.get(`${portal.url}/staff/audit/export?format=csv&subject=${ada}`)
    const { body } = await visitor.get(`${portal.url}/me`)
    expect(body).toContain('The research office looked at your details')
    // Next.js repeats what a page says in a script behind it.
    expect(body.match(/>The research office exported a list that includes you</g)).toHaveLength(1)
    expect(body).toContain('The research office exported a part of the history that includes you')
    expect(body).not.toContain('Adminson')
    expect(body).not.toContain(admin)
    const data = JSON.parse((await visitor.get(`${portal.url}/me/data`)).body)
    expect(data.exports.map(({ action }: { action: string }) => action)).toEqual(['audit.exported', 'list.exported'])
    expect(JSON.stringify(data)).not.toContain(admin)
  })

  test('everybody whose details leave in a list is written down', { tags: 'release' }, async () => {
    const { portal } = fixture.stack
    await fixture.rows(
      `insert into researcher (orcid, registry, state) select format('0000-0001-%s-%s', lpad((n / 10000)::text, 4, '0'),
       lpad((n % 10000)::text, 4, '0')), 'local', 'connected' from generate_series(1, 6000) n`,
    )
    const { visitor: staff } = await connect(fixture.stack, { orcid: admin })
    const { status, body } = await staff.get(`${portal.url}/staff/researchers/export?format=csv`)
    expect([status, body.slice(0, 200)]).toEqual([200, expect.stringMatching(/^\uFEFF?orcid,/)])
    const [{ people, parts }] = await fixture.rows(
      'select sum(cardinality(researcher_ids))::int as people, count(*)::int as parts from export_part',
    )
    expect(people).toBe(body.trim().split('\r\n').length - 1)
    expect(parts).toBe(4)
  })

  test('the portal makes a checkpoint when its job is called, and the history says up to where', async () => {
    const { portal } = fixture.stack
    const { visitor: staff } = await connect(fixture.stack, { orcid: admin })
    expect((await staff.get(`${portal.url}/staff/audit`)).body).toContain('There is no checkpoint yet.')
    await fixture.rows(`select graphile_worker.add_job('audit-checkpoint')`)
    const checkpoint = await until('a checkpoint is there', async () => {
      const [row] = await fixture.rows('select number, hash, last_event_id::text as event from audit_checkpoint')
      return row
    })
    const { body } = await staff.get(`${portal.url}/staff/audit`)
    expect(body).toContain(`Covered up to event ${checkpoint.event}`)
    expect(body).toContain(checkpoint.hash)
  })
})
