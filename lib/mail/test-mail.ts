import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { env } from '@/lib/config/env'
import { db, inTransaction } from '@/lib/db'
import { type AddressFault, findAddressFault, parseAddress } from '@/lib/mail/address'
import type { MailValues } from '@/lib/mail/content'
import type { OutgoingMail, PreparedMail } from '@/lib/mail/mail'
import { enqueueMails, isMailStopped } from '@/lib/mail/outbox'
import { renderMail } from '@/lib/mail/render'
import { samplePerson } from '@/lib/mail/sample'

export type TestMailFault = AddressFault | 'not_configured' | 'stopped'

type TestMail = {
  template: string
  locale: string
  address: string
  values: MailValues
  /** Of the campaign that is about to send it. */
  campaignId?: string
}

/** The address that the roster has for a member of staff, or null. */
export async function findMyAddress({ orcid }: StaffActor): Promise<string | null> {
  const person = await db().person.findUnique({ where: { orcid }, select: { email: true } })
  return person?.email ?? null
}

/** Sends a template, filled with `values`, to an address of the institution that the staff member typed: their own. */
export async function sendTestMail(
  actor: StaffActor,
  { template, locale, address: typed, values, campaignId }: TestMail,
  requestId: string,
): Promise<TestMailFault | null> {
  if (!env().mail) return 'not_configured'
  const fault = findAddressFault(typed)
  const address = parseAddress(typed)
  if (fault || !address) return fault ?? 'malformed'
  if (await isMailStopped()) return 'stopped'
  await inTransaction(async (tx) => {
    const mail = { kind: 'test', template, locale, address, staffId: actor.staffId } as const
    await enqueueMails(tx, [{ ...mail, values: { ...values, ...(campaignId && { campaignId }) } }])
    const detail = { template, locale, campaignId }
    await recordEvent(tx, actor, { action: 'mail.test_sent', requestId, detail })
  })
  return null
}

const entries = z.array(z.object({ title: z.string(), reason: z.string() }))

const keptValues = z.object({
  institution: z.string(),
  asker: z.string(),
  why: z.string(),
  permissions: entries,
  waiting: entries.default([]),
  checkUp: z.array(z.object({ heading: z.string(), items: entries, none: z.string() })).default([]),
  link: z.string().nullable(),
  contact: z.string(),
  campaign: z.string().nullable(),
  endsOn: z.string().nullable(),
  privacyUrl: z.string().nullable(),
  rosterUrl: z.string(),
  unsubscribeUrl: z.string().nullable(),
})

/** A test mail as it goes to the server. Nothing in it is personal, so all that it says is kept with it. */
export async function prepareTestMail({ template, locale, address, values }: OutgoingMail): Promise<PreparedMail> {
  if (!address || findAddressFault(address)) return { suppressed: 'address' }
  const rendered = await renderMail({ template, locale, values: keptValues.parse(values), person: samplePerson })
  return { to: { name: null, address }, ...rendered, unsubscribeUrl: null }
}
