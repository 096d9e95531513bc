import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { expect, test } from 'vitest'
import { measureAudience } from '@/lib/campaigns/audience'
import { inviteAudience } from '@/lib/campaigns/newcomers'
import { advanceMailings } from '@/lib/campaigns/timetable'
import { env } from '@/lib/config/env'
import { db } from '@/lib/db'
import { addDraft, campaignsPerFile, completeEntry, getCampaign } from '@/tests/support/campaigns'

campaignsPerFile()

async function addPeople(): Promise<void> {
  // Without the limits that the portal's own statements have.
  const client = new pg.Client({ connectionString: env().databaseUrl })
  await client.connect()
  await client.query(`
    insert into person (local_id, family_name, email, origin, kind)
    select 'q' || n, 'Person ' || n, 'q' || n || '@example.org', 'imported', 'staff' from generate_series(1, 100000) as n`)
  await client.query('analyze person')
  await client.end()
}

test('opening a campaign over 100,000 people takes seconds, in short transactions', { timeout: 300_000 }, async () => {
  await addPeople()
  const id = await addDraft({ ...completeEntry() })
  const startedAt = performance.now()
  const { recipients } = await measureAudience(await getCampaign(id))
  const measuredAt = performance.now()
  expect(recipients).toBe(100_000)
  await db().campaign.update({ where: { id }, data: { state: 'open', openedAt: new Date() } })
  let longest = 0
  let isDone = false
  const others = (async () => {
    // As a sign-in that reads and writes one person.
    while (!isDone) {
      const from = performance.now()
      await db().$executeRaw`update person set language = 'en' where local_id = 'q1'`
      longest = Math.max(longest, performance.now() - from)
      await sleep(50)
    }
  })()
  expect(await inviteAudience(await getCampaign(id))).toBe(100_000)
  isDone = true
  await others
  const invitedAt = performance.now()
  console.log(
    `100,000 people: measured in ${Math.round(measuredAt - startedAt)} ms, invited in ${Math.round(invitedAt - measuredAt)} ms, others waited ${Math.round(longest)} ms at most`,
  )
  expect(invitedAt - startedAt).toBeLessThan(60_000)
  await db().campaign.update({ where: { id }, data: { invitedAt: new Date() } })
  const mailing = { campaignId: id, step: 1, template: 'invitation', recipients: 100_000, state: 'sending' } as const
  await db().mailing.create({ data: { ...mailing, startsAt: new Date() } })
  const from = performance.now()
  expect(await advanceMailings()).toBe(1_000)
  console.log(`1,000 mails enqueued in ${Math.round(performance.now() - from)} ms`)
})
