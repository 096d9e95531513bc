import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { StaffActor } from '@/lib/actor'
import { applyDraft } from '@/lib/affiliations/commands'
import { saveEntryDraft } from '@/lib/affiliations/drafts'
import { prepareMail } from '@/lib/campaigns/prepare'
import { sendRound } from '@/lib/mail/sending'
import { makeStaffActor } from '@/tests/support/actors'
import { addInvited } from '@/tests/support/invitations'
import { connect, decideAtOrcid } from '@/tests/support/journey'
import { mailEnv } from '@/tests/support/mail-env'
import { type SmtpServer, startSmtpServer } from '@/tests/support/smtp-server'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'
import { words } from '@/tests/support/words'
import { workOnce } from '@/tests/support/work-affiliations'

const josiah = '0000-0002-1825-0097'
const grace = '0000-0099-5475-2774'
const port = 23_000 + (process.pid % 2_000)
export const settings = { ...mailEnv(`smtp://127.0.0.1:${port}`), INSTITUTION_LANGUAGES: 'en,es', WORKER: 'none' }

export const scopesOf = ({ location }: { location: string | null }) => new URL(location ?? '').searchParams.get('scope')

/** A portal with a mail server, in which people are asked again for what is missing. */
export function askingPerFile() {
  const fixture = stackPerFile({ STAFF_ADMINS: grace, ...settings })
  const { rows } = fixture

  let smtp: SmtpServer
  let admin: StaffActor
  let staff: Visitor
  beforeAll(async () => {
    smtp = await startSmtpServer({ port })
  })
  afterAll(() => smtp.stop())
  beforeEach(async () => {
    smtp.clear()
    await rows('delete from rate_limit')
    await fixture.stack.registry.configure({ limit: { enabled: false } })
    staff = (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
    const [{ id } = { id: '' }] = await rows('select id::text from staff_member where orcid = $1', [grace])
    admin = makeStaffActor({ staffId: id, orcid: grace, role: 'admin' })
  })

  const at = (path: string) => `${fixture.stack.portal.url}${path}`
  const look = async (visitor: Visitor, path: string) => words((await visitor.get(at(path))).body)
  const states = async () => (await rows('select state::text from affiliation order by id')).map(({ state }) => state)
  const work = () => workOnce(rows)

  /** Goes to ORCID by a personal link and comes back. */
  async function follow(token: string, scopes: string[] = [], visitor = new Visitor()) {
    const fields = scopes.map((scope): [string, string] => ['scope', scope])
    const start = await visitor.post(at('/i/start'), [['token', token], ...fields])
    const answer = await visitor.get(await decideAtOrcid(visitor, start, { orcid: josiah }))
    return { visitor, start, answer }
  }

  /** Somebody on the roster who allows reading alone, with an entry that waits for the permission to write it. */
  async function addWaiting({ campaignId = null as string | null, allowed = ['/read-limited'] } = {}) {
    const invited = await addInvited(fixture, { campaignId })
    const { visitor } = await follow(invited.token, allowed)
    const fields = {
      person: invited.personId,
      type: 'employment',
      title: 'Lecturer',
      start: '2021',
      external_id: 'hr-1',
    }
    await applyDraft(admin, await saveEntryDraft(admin, fields), 'TEST-0001')
    await work()
    const [item] = await rows('select id::text from affiliation')
    return { ...invited, visitor, itemId: String(item?.id) }
  }

  async function receive() {
    await sendRound({ prepare: prepareMail, pauseCampaign: async () => undefined, forMs: 20_000 })
    const mail = smtp.mails.at(-1)
    if (!mail) throw new Error('no mail came')
    return { mail, token: /\/i\/([a-z2-7]{52})/.exec(mail.text)?.[1] ?? '' }
  }

  return {
    fixture,
    rows,
    get admin() {
      return admin
    },
    get staff() {
      return staff
    },
    get smtp() {
      return smtp
    },
    at,
    look,
    states,
    work,
    follow,
    addWaiting,
    receive,
  }
}
