import { afterEach, beforeEach } from 'vitest'
import type { StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import { institution } from '@/lib/institution'
import type { PrepareMail } from '@/lib/mail/mail'
import { sendRound, sendWaitingMails } from '@/lib/mail/sending'
import { type FaultySmtp, startFaultySmtp } from '@/tests/support/faulty-smtp'
import { workInOwnDatabase } from '@/tests/support/inside'
import { mailEnv } from '@/tests/support/mail-env'
import { prepareShort } from '@/tests/support/mails'

// Long enough for a test on a busy machine.
const forMs = 60_000

export function configureServer(url: string, env: Record<string, string> = {}): void {
  institution().env = undefined
  Object.assign(process.env, { LOG_LEVEL: 'silent', MAIL_PER_DAY: '2000', MAIL_BOUNCE_ADDRESS: '' }, mailEnv(url), env)
}

/** Sends mail in this process, in a database of its own that each test has empty of mail. */
export function sendInside(librarian: StaffActor) {
  workInOwnDatabase(librarian)
  let server: FaultySmtp | undefined
  const paused: string[] = []
  const pauseCampaign = async (id: string, reason: string) => {
    paused.push(`${id} ${reason}`)
    await db().campaign.updateMany({ where: { id }, data: { state: 'paused' } })
  }

  beforeEach(async () => {
    paused.length = 0
    await db().mail.deleteMany()
    await db().campaign.deleteMany()
    await db().installation.upsert({
      where: { id: 1 },
      create: { registry: 'local', sealedCanary: '', sealedLookupKey: '' },
      update: { mailStoppedAt: null },
    })
  })

  afterEach(async () => {
    await server?.stop()
    server = undefined
  })

  return {
    /** Campaigns that were paused, with the reason. */
    paused,
    start: async (options: Parameters<typeof startFaultySmtp>[0] = {}, env: Record<string, string> = {}) => {
      server = await startFaultySmtp(options)
      configureServer(server.url, env)
      return server
    },
    send: (prepare: PrepareMail = prepareShort, ms = forMs) => sendWaitingMails({ prepare, pauseCampaign, forMs: ms }),
    /** As another process would do it. */
    sendBeside: (prepare: PrepareMail = prepareShort) => sendRound({ prepare, pauseCampaign, forMs }),
    states: async (): Promise<Record<string, number>> => {
      const rows = await db().mail.groupBy({ by: ['state'], _count: true })
      return Object.fromEntries(rows.map(({ state, _count }) => [state, _count]))
    },
    letWaitingBeDue: () => db().mail.updateMany({ where: { state: 'waiting' }, data: { sendAfter: new Date(0) } }),
  }
}
