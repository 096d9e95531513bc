import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { portalEnv } from '@/scripts/portal'
import { type RunningProcess, startProcess } from '@/scripts/processes'
import { commandArgs } from '@/tests/support/command'
import { createTestDatabase } from '@/tests/support/database'
import { startFaultySmtp } from '@/tests/support/faulty-smtp'
import { until } from '@/tests/support/journey'
import { mailEnv } from '@/tests/support/mail-env'
import { testSecrets } from '@/tests/support/portal'

export type MailFigures = {
  mails: number
  perSecond: number
  /** Of the worker, at most. */
  aboveIdleMb: number
  states: Record<string, number>
}

export type KillFigures = {
  mails: number
  kills: number
  durationS: number
  states: Record<string, number>
  /** Mails that came twice. */
  twice: number
  /** Mails that are marked as sent and never came. */
  lost: number
  /** Kills after which more mails were in doubt than connections were open. */
  beyondConnections: number
}

type Place = Awaited<ReturnType<typeof openPlace>>

/** A campaign that sends so many invitations to people of the roster, and a server that takes them. */
async function openPlace(mails: number, answerAfterMs: number) {
  const database = await createTestDatabase()
  const server = await startFaultySmtp({ delayMs: answerAfterMs })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(world, [mails])
  const registry = { url: 'http://127.0.0.1:9', clientId: 'APP-BENCH', clientSecret: 'b6c7a1d4-not-asked' }
  const env = portalEnv({
    databaseUrl: database.portalUrl,
    port: 9,
    registry,
    secrets: testSecrets,
    env: {
      LOG_LEVEL: 'silent',
      ...mailEnv(server.url),
      MAIL_PER_DAY: '1000000',
    },
  })
  const close = async () => {
    await client.end()
    await server.stop()
    await database.drop()
  }
  return { client, server, env, close }
}

const world = `
  with one as (select $1::int as mails),
  staff as (
    insert into staff_member (orcid, role, origin) values ('0000-0002-1825-0097', 'admin', 'test') returning id),
  asked as (
    insert into campaign (name, state, code, purpose, scopes, starts_on, ends_on, opened_at, made_by_id)
    select 'Everybody', 'open', 'everybody', 'For the yearbook', '{/read-limited}', current_date - 1, current_date + 60,
      now(), id from staff returning id),
  words as (
    insert into campaign_text (campaign_id, locale, why, reasons)
    select id, locale, 'For the yearbook', '{"/read-limited": "To read your works"}' from asked, unnest('{en,es}'::text[]) locale),
  steps as (
    insert into campaign_step (campaign_id, place, template, after_days, audience)
    select id, 1, 'invitation', 0, 'not_connected' from asked),
  round as (
    insert into mailing (campaign_id, step, template, state, recipients, starts_at)
    select asked.id, 1, 'invitation', 'sending', mails, now() from asked, one returning id, campaign_id),
  people as (
    insert into person (local_id, given_name, family_name, email, department, kind, origin)
    select 'n' || n, 'Anna', 'Müller ' || n, 'mail' || n || '@example.org', 'Physics', 'staff', 'imported'
    from one, generate_series(1, mails) n returning id),
  invited as (
    insert into invitation (campaign_id, person_id) select round.campaign_id, people.id from round, people
    returning id, person_id)
  insert into mail (kind, message_id, person_id, invitation_id, mailing_id, template, locale)
  select 'invitation', '<' || invited.id || '@example.org>', invited.person_id, invited.id, round.id, 'invitation', 'en'
  from invited, round`

const startWorker = ({ env }: Place): RunningProcess =>
  startProcess({ name: 'worker', args: commandArgs('worker'), env })

const enqueue = ({ client }: Place) =>
  client.query(`select graphile_worker.add_job('send-mail', job_key => 'send-mail')`)

async function count({ client }: Place, condition = 'true'): Promise<number> {
  const { rows } = await client.query(`select count(*)::int as n from mail where ${condition}`)
  return Number(rows[0]?.n)
}

async function countStates({ client }: Place): Promise<Record<string, number>> {
  const { rows } = await client.query('select state::text, count(*)::int as n from mail group by 1')
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
}

/** Sends so many mails with one worker to a server on this machine. */
export async function sendMails(mails: number): Promise<MailFigures> {
  const place = await openPlace(mails, 0)
  try {
    const worker = startWorker(place)
    await until('the worker has begun', async () => isWorking(place), 60_000)
    const idleMb = readMb(worker)
    let mostMb = idleMb
    await enqueue(place)
    await until('the first mail is sent', async () => place.server.accepted.length > 0, 60_000)
    const startedAt = Date.now()
    const before = place.server.accepted.length
    while ((await count(place, `state in ('waiting', 'sending')`)) > 0) {
      mostMb = Math.max(mostMb, readMb(worker))
      await sleep(200)
    }
    const perSecond = ((place.server.accepted.length - before) * 1_000) / (Date.now() - startedAt)
    const states = await countStates(place)
    await worker.stop()
    return { mails, perSecond, aboveIdleMb: mostMb - idleMb, states }
  } finally {
    await place.close()
  }
}

async function isWorking({ client }: Place): Promise<boolean> {
  const { rows } = await client.query('select 1 from graphile_worker._private_known_crontabs limit 1')
  return rows.length > 0
}

/** Memory that a process has for itself, in MB. */
function readMb({ pid }: RunningProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024)
}

const workersAtOnce = 2

/**
 * Sends mails with workers that are killed, two at a time, at moments of chance. What they held then is in doubt: at most
 * one mail for each connection that was open.
 */
export async function sendUnderKills(mails: number, kills: number): Promise<KillFigures> {
  const place = await openPlace(mails, 20)
  const startedAt = Date.now()
  let beyondConnections = 0
  try {
    for (let killed = 0; killed < kills; killed += workersAtOnce) {
      const doubted = await count(place, `state = 'sending'`)
      const sent = place.server.accepted.length
      place.server.takeMostOpen()
      const workers = Array.from({ length: workersAtOnce }, () => startWorker(place))
      for (const _ of workers) await enqueue(place)
      await until('a mail is sent', async () => place.server.accepted.length > sent, 60_000)
      await sleep((Math.random() * 2 * 1_000 * mails) / kills / 100)
      await Promise.all(workers.map((worker) => worker.kill()))
      const inDoubt = (await count(place, `state = 'sending'`)) - doubted
      if (inDoubt > place.server.takeMostOpen()) beyondConnections++
    }
    // As after five minutes.
    await place.client.query(`update mail set sending_at = now() - interval '10 minutes' where state = 'sending'`)
    const last = startWorker(place)
    await enqueue(place)
    await until(
      'all mails have gone',
      async () => (await count(place, `state in ('waiting', 'sending')`)) === 0,
      120_000,
    )
    await last.stop()
    const came = new Map<string, number>()
    for (const { messageId } of place.server.accepted) came.set(messageId, (came.get(messageId) ?? 0) + 1)
    const { rows } = await place.client.query(`select message_id from mail where state = 'sent'`)
    return {
      mails,
      kills,
      durationS: (Date.now() - startedAt) / 1_000,
      states: await countStates(place),
      twice: [...came.values()].filter((times) => times > 1).length,
      lost: rows.filter(({ message_id }) => !came.has(message_id)).length,
      beyondConnections,
    }
  } finally {
    await place.close()
  }
}
