import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { countAttempts, listAttempts } from '@/lib/attempts/history'
import { listAttemptsOf, listFailuresOf } from '@/lib/attempts/queries'
import { noAttemptFilters } from '@/lib/attempts/schema'
import { findFailures, getRecentAttempts } from '@/lib/attempts/trend'
import { listAudit } from '@/lib/audit/history'
import { noAuditFilters } from '@/lib/audit/schema'
import { measureAudience } from '@/lib/campaigns/audience'
import { endInvitedAttempt } from '@/lib/campaigns/coming-back'
import { closeCampaign } from '@/lib/campaigns/commands'
import { findFunnel } from '@/lib/campaigns/funnel'
import { invitedFilters, noInvitedFilters } from '@/lib/campaigns/invited'
import { confirmCorrection, findMailing, takeBackMailing } from '@/lib/campaigns/mailings'
import { invitePerson, listLinks, previewInvitation } from '@/lib/campaigns/one-person'
import { listInvited } from '@/lib/campaigns/people'
import { findPlan } from '@/lib/campaigns/planning'
import { prepareMail } from '@/lib/campaigns/prepare'
import { findRefusals, listCampaigns, listMailings } from '@/lib/campaigns/queries'
import { sendReminder } from '@/lib/campaigns/reminding'
import { measureStep } from '@/lib/campaigns/steps'
import { runCampaigns } from '@/lib/campaigns/timetable'
import { db, inTransaction } from '@/lib/db'
import { exportInvited } from '@/lib/exports/commands'
import { listRuns } from '@/lib/exports/queries'
import { institution } from '@/lib/institution'
import { getMailFigures, listProblems, listRetried } from '@/lib/mail/queries'
import { sendRound } from '@/lib/mail/sending'
import { listPeople } from '@/lib/people/queries'
import { noPeopleFilters } from '@/lib/people/schema'
import {
  addDraft,
  addPeople,
  addTestMail,
  admin,
  campaignsPerFile,
  connect,
  getCampaign,
  mailingsOf,
  openFor,
  passDays,
  passWait,
} from '@/tests/support/campaigns'
import { startSmtpServer } from '@/tests/support/smtp-server'

const server = await startSmtpServer()
campaignsPerFile()
process.env.SMTP_URL = server.url
afterAll(() => server.stop())

const count = 60
const refusers = [3, 5, 8, 13, 21, 34, 44, 47, 51]

/** As the portal ends an attempt by a personal link. */
async function endAttempt(n: number, outcome: 'denied' | 'expired' | 'orcid_refused'): Promise<void> {
  await inTransaction(async (tx) => {
    const invitation = await tx.invitation.findFirstOrThrow({
      where: { person: { localId: `p${n}` }, campaignId: { not: null } },
      select: { id: true, campaignId: true },
    })
    await tx.authorizationAttempt.create({
      data: {
        reference: outcome === 'denied' ? randomUUID() : `R-${n}-${outcome}`,
        purpose: 'connect',
        state: 'ended',
        outcome,
        registry: 'local',
        clientId: 'APP-TEST',
        redirectUri: 'http://127.0.0.1/',
        locale: 'en',
        secretHash: randomUUID(),
        stateHash: randomUUID(),
        expiresAt: new Date(),
        endedAt: new Date(),
        campaignId: invitation.campaignId,
        invitationId: invitation.id,
      },
    })
    await endInvitedAttempt(tx, invitation.id, outcome === 'denied')
  })
}

/** Long enough for a busy machine. */
const send = () => sendRound({ prepare: prepareMail, pauseCampaign: async () => undefined, forMs: 60_000 })

async function readFile(id: string): Promise<string> {
  const campaign = await getCampaign(id)
  const file = await exportInvited(admin, campaign, { filters: noInvitedFilters, format: 'csv' }, { locale: 'en' })
  if (typeof file === 'string') throw new Error(file)
  let text = ''
  for await (const part of file.parts) text += Buffer.from(part).toString('utf8')
  return text
}

async function inTurn<Item, Result>(items: readonly Item[], ask: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (const item of items) results.push(await ask(item))
  return results
}

/** What staff can be told of a campaign and its people, by every query that their pages make. */
async function tell(id: string, since: Date) {
  // Slow counts are kept for a minute.
  institution().counted?.clear()
  const campaign = await getCampaign(id)
  const people = await db().person.findMany({
    where: { localId: { in: [...refusers, 0, 30, 31, 40, 41].map((n) => `p${n}`) } },
    orderBy: { localId: 'asc' },
    select: { id: true },
  })
  const draft = await addDraft()
  const told = {
    funnel: await findFunnel(admin, campaign),
    lists: await Promise.all(
      [null, ...invitedFilters].map((state) => listInvited(admin, campaign, { ...noInvitedFilters, state })),
    ),
    campaigns: await listCampaigns(admin),
    mailings: await listMailings(admin, id),
    due: await Promise.all(campaign.steps.map((step) => measureStep(campaign, step))),
    reminder: await findPlan(admin, campaign, { remind: noInvitedFilters }),
    nextAudience: await measureAudience(await getCampaign(draft)),
    links: await inTurn(people, (person) => listLinks(admin, person.id)),
    invite: await inTurn(people, (person) => previewInvitation(admin, person.id)),
    failures: await inTurn(people, (person) => listFailuresOf(admin, person.id)),
    mail: await getMailFigures(admin),
    problems: [await listProblems(admin, { state: null, cursor: null }), await listRetried(admin, 50)],
    attempts: await listAttempts(admin, noAttemptFilters),
    attemptsOfOne: await listAttemptsOf(admin, people[3]?.id ?? '', null),
    attemptCount: await countAttempts(admin, noAttemptFilters),
    recent: await getRecentAttempts(admin),
    failing: await findFailures(admin),
    history: (await listAudit(admin, noAuditFilters)).rows.filter(({ at }) => at > since),
    people: await listPeople(admin, noPeopleFilters, []),
    file: await readFile(id),
    runs: await listRuns(admin, 20),
    refusals: await findRefusals(admin, id),
  }
  await db().campaign.delete({ where: { id: draft } })
  return told
}

/** Without what differs from one run to the next: times, and numbers of rows, each by the order in which they come. */
function comparable(told: unknown): string[] {
  const known = new Map<string, string>()
  const text = JSON.stringify(told, (_key, value) => (typeof value === 'bigint' ? 'number' : value), 1)
  return text
    .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, (id) => {
      if (!known.has(id)) known.set(id, `id ${known.size}`)
      return known.get(id) ?? ''
    })
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')
    .replace(/"code": "\w+"/g, '"code"')
    .split('\n')
}

/** Two months of a campaign. `refuse`: some refuse at ORCID on the way; otherwise they stay silent. */
async function live(refuse: boolean): Promise<{ told: string[][]; got: string[]; refusals: number }> {
  for (const table of ['campaign', 'mail', 'person', 'authorizationAttempt', 'exportRun'] as const)
    await (db()[table] as { deleteMany(): Promise<unknown> }).deleteMany()
  server.clear()
  const since = new Date()
  await addPeople(count)
  // The same numbers in each life, as mail goes out in their order.
  await db().$executeRaw`
    update person set id = ('00000000-0000-4000-8000-' || lpad(substr(local_id, 2), 12, '0'))::uuid`
  const who = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
  const told: string[][] = []
  const id = await openFor(count)
  const note = async () => told.push(comparable(await tell(id, since)))
  const sendNext = async () => {
    await passWait(id)
    await runCampaigns()
    await send()
    await runCampaigns()
    await db().mailing.updateMany({ where: { state: 'to_be_looked_at' }, data: { state: 'sending' } })
    await runCampaigns()
    await send()
    await runCampaigns()
  }
  await passWait(id)
  await runCampaigns()
  // Three refuse while their mail waits.
  if (refuse) for (const n of refusers.slice(0, 3)) await endAttempt(n, 'denied')
  await note()
  await sendNext()
  await note()
  await endAttempt(30, 'expired')
  await endAttempt(31, 'orcid_refused')
  await endAttempt(34, 'expired')
  if (refuse) for (const n of refusers.slice(3)) await endAttempt(n, 'denied')
  await endAttempt(44, 'orcid_refused')
  await connect(who(40), ['openid', '/read-limited'])
  await connect(who(41), ['openid'])
  await note()
  await passDays(8)
  await runCampaigns()
  await note()
  await sendNext()
  await note()
  // A part of the list is reminded.
  await passDays(8)
  await db().mailing.updateMany({
    where: { state: { in: ['first', 'to_be_looked_at', 'sending'] } },
    data: { state: 'done' },
  })
  await addTestMail(admin, id, 'reminder')
  const campaign = await getCampaign(id)
  const plan = await findPlan(admin, campaign, { remind: noInvitedFilters })
  const reminder = { filters: noInvitedFilters, typed: plan?.recipients ?? null, requestId: 'test' }
  expect(await sendReminder(admin, campaign, reminder)).toBeNull()
  await sendNext()
  await note()
  // A step is taken back and corrected.
  const second = (await mailingsOf(id)).find(({ step }) => step === 2)
  expect(await takeBackMailing(admin, { id: second?.id ?? '', requestId: 'test' })).toBe(true)
  const [correction] = await db().mailing.findMany({ where: { correctsId: second?.id ?? '' } })
  await addTestMail(admin, id, 'correction')
  const typed = (await findMailing(correction?.id ?? ''))?.recipients ?? null
  await confirmCorrection(admin, campaign, { id: correction?.id ?? '', typed, requestId: 'test' })
  await sendNext()
  await note()
  // Some who refused leave, connect and are asked one by one; then it is over.
  await db().person.update({ where: { id: who(3) }, data: { state: 'left' } })
  await connect(who(5), ['openid', '/read-limited'])
  await passDays(8)
  expect(await invitePerson(admin, who(8), 'test')).toBeNull()
  await send()
  await note()
  await closeCampaign(admin, id)
  await note()
  const refusals = (await db().campaign.findUniqueOrThrow({ where: { id } })).refusals
  return { told, got: server.mails.map(({ to }) => to), refusals }
}

describe('a refusal', () => {
  test('is to staff as if nothing had come back, whatever follows it', {
    tags: 'release',
    timeout: 300_000,
  }, async () => {
    const silent = await live(false)
    const refused = await live(true)
    expect(refused.refusals).toBe(refusers.length)
    expect(silent.refusals).toBe(0)
    for (const [step, told] of refused.told.entries()) {
      const differs = told.findIndex((line, n) => line !== silent.told[step]?.[n])
      const around = (lines: readonly string[] = []) =>
        differs < 0 ? [] : lines.slice(Math.max(0, differs - 15), differs + 5)
      expect([step, ...around(told)]).toEqual([step, ...around(silent.told[step])])
      expect(told).toHaveLength(silent.told[step]?.length ?? 0)
    }
    // What they do not get is what was withheld, and nothing else.
    const missing = new Map<string, number>()
    for (const to of silent.got) missing.set(to, (missing.get(to) ?? 0) + 1)
    for (const to of refused.got) missing.set(to, (missing.get(to) ?? 0) - 1)
    const lacking = [...missing].filter(([, mails]) => mails > 0).map(([to]) => to)
    expect(lacking.sort()).toEqual(refusers.map((n) => `p${n}@example.org`).sort())
  })

  test('is one number for the campaign, shown from ten up, and one for each who refuses', async () => {
    await db().authorizationAttempt.deleteMany()
    await addPeople(11)
    const id = await openFor(11)
    for (let n = 0; n < 9; n++) await endAttempt(n, 'denied')
    await endAttempt(0, 'denied')
    expect(await findRefusals(admin, id)).toBeNull()
    await endAttempt(9, 'denied')
    expect(await findRefusals(admin, id)).toBe(10)
    // It tells of nobody who is erased.
    await db().person.deleteMany({ where: { localId: 'p3' } })
    expect(await findRefusals(admin, id)).toBe(10)
  })
})
