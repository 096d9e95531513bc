import { expect, test } from 'vitest'
import { measureAudience } from '@/lib/campaigns/audience'
import { measureCorrection } from '@/lib/campaigns/correction'
import { confirmCorrection, continueMailing, takeBackMailing } from '@/lib/campaigns/mailings'
import { openCampaign, sendStep } from '@/lib/campaigns/opening'
import { prepareMail } from '@/lib/campaigns/prepare'
import { measureStep } from '@/lib/campaigns/steps'
import { runCampaigns } from '@/lib/campaigns/timetable'
import { db, inTransaction } from '@/lib/db'
import type { OutgoingMail } from '@/lib/mail/mail'
import { hashAddress } from '@/lib/mail/suppression'
import {
  addDraft,
  addTestMail,
  admin,
  campaignsPerFile,
  getCampaign,
  mailingsOf,
  passDays,
  passWait,
} from '@/tests/support/campaigns'

campaignsPerFile()

/** The same numbers for the same seed. */
function makeRandom(seed: number) {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return {
    next,
    chance: (share: number) => next() < share,
    pick: <T>(of: readonly T[]) => of[Math.floor(next() * of.length)] as T,
  }
}
type Random = ReturnType<typeof makeRandom>

const oddAddresses = [
  null,
  '',
  'no-at.example.org',
  'two@at@example.org',
  'dot..dot@example.org',
  ' space@example.org',
  'ünïcode@example.org',
  'comma,@example.org',
  `${'l'.repeat(65)}@example.org`,
  'x@elsewhere.test',
  'x@sub.example.org',
  'x@-bad.example.org',
  'shared@example.org',
  'SHARED@example.org',
]
const peopleCount = 70

/** People in every state that keeps somebody from mail or not. */
async function addRandomPeople(random: Random): Promise<void> {
  const data = Array.from({ length: peopleCount }, (_, n) => ({
    localId: random.chance(0.97) ? `n${n}` : null,
    familyName: `Person ${n}`,
    email: random.chance(0.2) ? random.pick(oddAddresses) : `n${n}@example.org`,
    language: random.pick(['en', 'es', 'fr', null]),
    origin: 'imported' as const,
    kind: random.pick(['staff', 'staff', 'staff', 'student'] as const),
    state: random.pick(['active', 'active', 'active', 'active', 'leaving', 'paused', 'left'] as const),
    confidential: random.chance(0.05),
  }))
  await db().person.createMany({ data })
  await change(random, 0.25)
}

/** What happens to people at any time. */
async function change(random: Random, share: number): Promise<void> {
  const people = await db().person.findMany({ where: { mergedIntoId: null }, orderBy: { familyName: 'asc' } })
  for (const { id, email } of people) {
    if (!random.chance(share)) continue
    const at = new Date(Date.now() - random.pick([1, 400]) * 86_400_000)
    const address = email ?? 'nobody@example.org'
    const personId = random.chance(0.5) ? id : null
    const reason = random.pick(['unsubscribed', 'bounced', 'complained', 'staff'] as const)
    const scopes = random.pick([['openid'], ['openid', '/read-limited']])
    const suppress = async (about: string, whose: string | null) =>
      db().mailSuppression.createMany({
        data: { addressHash: await hashAddress(about), reason, personId: whose },
        skipDuplicates: true,
      })
    const refused = { reason: 'refused' as const, until: random.pick([at, new Date(Date.now() + 86_400_000)]) }
    const wish = random.pick([refused, { reason: 'asked' as const, until: null }])
    const addMerged = async () =>
      db().person.create({
        data: { localId: `m-${random.next()}`, origin: 'imported', mergedIntoId: id },
        select: { id: true },
      })
    const notAsked = (whose: string) =>
      db().doNotAsk.createMany({ data: { personId: whose, ...wish }, skipDuplicates: true })
    await random.pick([
      () => suppress(address, personId),
      () => suppress(`former-${id}@example.org`, id),
      () => suppress('shared@example.org', null),
      () => notAsked(id),
      async () => notAsked((await addMerged()).id),
      async () => suppress(`merged-${id}@example.org`, (await addMerged()).id),
      () => db().person.update({ where: { id }, data: { connection: 'connected', liveScopes: scopes } }),
      () => db().person.update({ where: { id }, data: { connection: 'withdrawn', withdrewAt: at } }),
      () => db().person.update({ where: { id }, data: { email: random.pick(oddAddresses) } }),
      () => db().person.update({ where: { id }, data: { state: random.pick(['left', 'paused', 'active']) } }),
      () =>
        db().mail.create({
          data: {
            kind: random.pick(['invitation', 'link', 'correction']),
            state: random.pick(['sent', 'perhaps_sent', 'refused']),
            messageId: `<${id}-${Math.random()}@example.org>`,
            personId: id,
            template: 'invitation',
            locale: 'en',
            sendingAt: new Date(Date.now() - random.pick([1, 9]) * 86_400_000),
            sentAt: new Date(Date.now() - random.pick([1, 9]) * 86_400_000),
          },
        }),
    ])()
  }
}

/** Lets the last mailing go out. Returns how many mails it made, and what each was left out for as it was its turn. */
async function sendMailing(campaignId: string): Promise<{ made: number; leftOut: string[] }> {
  const leftOut: string[] = []
  const mailing = (await mailingsOf(campaignId)).at(-1)
  const id = mailing?.id ?? ''
  for (let round = 0; round < 8; round++) {
    await passWait(campaignId)
    await runCampaigns()
    const waiting = (await db().mail.findMany({ where: { mailingId: id, state: 'waiting' } })) as OutgoingMail[]
    for (const mail of waiting) {
      const ready = await inTransaction((tx) => prepareMail(tx, mail))
      // Who declined counts like everybody else.
      if (!('to' in ready || 'withheld' in ready)) leftOut.push(JSON.stringify(ready))
      await db().mail.update({
        where: { id: mail.id },
        data: { state: 'sent', sendingAt: new Date(), sentAt: new Date() },
      })
    }
    const state = (await db().mailing.findUnique({ where: { id } }))?.state
    if (state === 'to_be_looked_at') await continueMailing(admin, { id, requestId: 'test' })
    if (state === 'done') break
  }
  return { made: await db().mail.count({ where: { mailingId: id } }), leftOut }
}

/** Lets the mailings go out that the timetable opens now, one after another. */
async function sendOpened(campaignId: string): Promise<void> {
  for (;;) {
    await runCampaigns()
    const opened = (await mailingsOf(campaignId)).find(({ state }) => state === 'first')
    if (!opened) return
    expect(await sendMailing(campaignId)).toEqual({ made: opened.recipients, leftOut: [] })
  }
}

/** Confirms the first step that anybody should get, by its number. Returns the number, or 0. */
async function sendByHand(campaignId: string): Promise<number> {
  const campaign = await getCampaign(campaignId)
  for (const step of campaign.steps) {
    const { recipients: typed } = await measureStep(campaign, step)
    if (typed === 0) continue
    await addTestMail(admin, campaignId, step.template)
    expect(await sendStep(admin, campaign, { place: step.place, typed, requestId: 'test' })).toBeNull()
    return typed
  }
  return 0
}

const seeds = process.env.CONCORD_TEST_SEED ? [Number(process.env.CONCORD_TEST_SEED)] : [1, 2, 3, 4, 5, 6]

async function expectAsMany(seed: number) {
  const random = makeRandom(seed)
  await addRandomPeople(random)
  const newcomers = random.chance(0.5) ? { newcomersAfterDays: 0, newcomersPerDay: random.pick([2, 100]) } : {}
  const id = await addDraft({ audience: random.pick(['kind=staff', '']), ...newcomers })
  const { recipients } = await measureAudience(await getCampaign(id))
  await addTestMail(admin, id)
  expect(await openCampaign(admin, await getCampaign(id), { typed: recipients, requestId: 'test' })).toBeNull()
  await runCampaigns()
  expect(await sendMailing(id)).toEqual({ made: recipients, leftOut: [] })
  await sendOpened(id)

  for (let week = 1; week <= 2; week++) {
    await passDays(8)
    await change(random, 0.2)
    await sendOpened(id)
    const typed = await sendByHand(id)
    if (typed > 0) expect(await sendMailing(id)).toEqual({ made: typed, leftOut: [] })
    await sendOpened(id)
  }

  const last = (await mailingsOf(id)).at(-1)
  await takeBackMailing(admin, { id: last?.id ?? '', requestId: 'test' })
  await change(random, 0.2)
  const correction = await db().mailing.findFirst({ where: { correctsId: last?.id } })
  if (!correction) return
  const which = { correctsId: correction.correctsId, mailingId: correction.id }
  const { recipients: corrected } = await measureCorrection(which)
  await addTestMail(admin, id, 'correction')
  const typed = { id: correction.id, typed: corrected, requestId: 'test' }
  expect(await confirmCorrection(admin, await getCampaign(id), typed)).toBe(corrected === 0 ? 'nobody' : null)
  if (corrected > 0) expect(await sendMailing(id)).toEqual({ made: corrected, leftOut: [] })
}

for (const [place, seed] of seeds.entries()) {
  const tags = place < 2 ? [] : ['release']
  const title = `the number that is typed is the number of mails, whoever these people are: ${seed}`
  test(title, { tags }, () => expectAsMany(seed))
}
