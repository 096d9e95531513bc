import 'server-only'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { readMessages } from '@/lib/config/languages'
import type { Tx } from '@/lib/db'
import { findAddressFault } from '@/lib/mail/address'
import type { OutgoingMail, PreparedMail } from '@/lib/mail/mail'
import { renderNotice } from '@/lib/mail/notice'
import { enqueueMails } from '@/lib/mail/outbox'

/** The template of the mail to administrators and the contact of a system whose webhook was switched off. */
export const staffNotice = 'webhook_off'

const values = z.object({
  system: z.string(),
  /** Paragraphs. */
  about: z.string(),
})
export type StaffNoticeValues = z.infer<typeof values>

/** Writes to the contact of a system, where it is an e-mail address. */
export async function enqueueContactMail(tx: Tx, contact: string, values: StaffNoticeValues): Promise<void> {
  await enqueueStaffNotices(tx, z.email().safeParse(contact).success ? [contact] : [], values)
}

/** Writes to each administrator whose address the roster has. */
export async function enqueueAdminMails(tx: Tx, values: StaffNoticeValues): Promise<void> {
  const admins = await tx.staffMember.findMany({
    where: { role: 'admin', endedAt: null, orcid: { not: null } },
    select: { orcid: true },
  })
  const people = await tx.person.findMany({
    where: { orcid: { in: admins.flatMap(({ orcid }) => orcid ?? []) }, email: { not: null } },
    select: { email: true },
  })
  await enqueueStaffNotices(
    tx,
    people.flatMap(({ email }) => email ?? []),
    values,
  )
}

async function enqueueStaffNotices(tx: Tx, addresses: readonly string[], values: StaffNoticeValues): Promise<void> {
  if (!env().mail) return
  const locale = env().institution.languages[0] ?? 'en'
  await enqueueMails(
    tx,
    addresses.map((address) => ({ kind: 'notice', template: staffNotice, locale, address, values })),
  )
}

/** Nothing in it is personal. */
export async function prepareStaffNotice({ locale, address, values: kept }: OutgoingMail): Promise<PreparedMail> {
  if (!address || findAddressFault(address)) return { suppressed: 'address' }
  const { system: name, about } = values.parse(kept)
  const { subject, body } = readMessages(locale).mail.webhookOff
  const rendered = renderNotice({ text: { subject, body }, locale, system: name, about })
  return { to: { name: null, address }, ...rendered, unsubscribeUrl: null }
}
