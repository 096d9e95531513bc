import 'server-only'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { readMessages } from '@/lib/config/languages'
import { Prisma, queryRows, type Tx } from '@/lib/db'
import { findAddressFault } from '@/lib/mail/address'
import type { OutgoingMail, PreparedMail } from '@/lib/mail/mail'
import { renderNotice } from '@/lib/mail/notice'
import { enqueueMails } from '@/lib/mail/outbox'

/** The template that tells administrators of files on a timetable. */
export const fileNotice = 'file_notice'

const values = z.object({
  about: z.enum(['failed', 'ending']),
  planId: z.string(),
  systemId: z.string(),
  /** Its name. */
  system: z.string(),
  fault: z.string().optional(),
  /** The last day. */
  day: z.string().optional(),
})
export type FileNotice = z.infer<typeof values>

/** Writes to the administrators whose address the roster has. */
export async function tellAdministrators(tx: Tx, notice: FileNotice): Promise<void> {
  if (!env().mail) return
  const { languages } = env().institution
  const administrators = await queryRows(
    tx,
    z.object({ staffId: z.string(), address: z.string(), language: z.string().nullable() }),
    Prisma.sql`
      select m.id::text as "staffId", p.email as address, p.language
      from staff_member m join person p on p.orcid = m.orcid
      where m.role = 'admin' and m.ended_at is null and p.email is not null`,
  )
  await enqueueMails(
    tx,
    administrators.map(({ staffId, address, language }) => ({
      kind: 'notice',
      template: fileNotice,
      locale: language && languages.includes(language) ? language : (languages[0] ?? 'en'),
      staffId,
      address,
      values: notice,
    })),
  )
}

/** Makes the mail ready. */
export function prepareFileNotice(mail: OutgoingMail): PreparedMail {
  const { about, systemId, planId, system, fault, day } = values.parse(mail.values)
  const address = mail.address ?? ''
  if (findAddressFault(address)) return { suppressed: 'domain' }
  const { locale } = mail
  const words = readMessages(locale).mail.fileNotice
  const reasons: Record<string, string> = readMessages(locale).staff.systems.files.faults
  const page = `${env().origin}/staff/systems/${systemId}/files/${planId}`
  const rendered = renderNotice({
    text: words[about],
    locale,
    system,
    about: `${(fault && reasons[fault]) || ''}\n\n${words.where.replace('{address}', page)}`.trim(),
    day,
  })
  return { to: { name: null, address }, ...rendered, unsubscribeUrl: null }
}
