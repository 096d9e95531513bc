import 'server-only'
import { z } from 'zod'
import { system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { readMessages } from '@/lib/config/languages'
import { Prisma, queryRows, type Tx } from '@/lib/db'
import { isOfOurDomains } from '@/lib/mail/address'
import type { OutgoingMail, PreparedMail } from '@/lib/mail/mail'
import { renderNotice } from '@/lib/mail/notice'
import { isSuppressed } from '@/lib/mail/suppression'

/** The template that tells people of a system. It asks for nothing: the limit of one mail a week does not hold. */
export const systemNotice = 'system_notice'

const values = z.object({
  termId: z.string(),
  systemId: z.string(),
  system: z.string(),
  /** Who runs it, what it does and for what: paragraphs. */
  about: z.string(),
  /** Days until it begins. */
  days: z.number(),
})
export type SystemNoticeValues = z.infer<typeof values>

const told = z.object({
  name: z.string().nullable(),
  email: z.string().nullable(),
  researcherId: z.string().nullable(),
  isGone: z.boolean(),
  isOver: z.boolean(),
})

/** Makes the notice ready where the system still wants what it says, and the person is still connected. */
export async function prepareSystemNotice(tx: Tx, mail: OutgoingMail): Promise<PreparedMail> {
  const { termId, systemId, system: name, about, days } = values.parse(mail.values)
  const [person] = await queryRows(
    tx,
    told,
    Prisma.sql`
      select nullif(concat_ws(' ', p.given_name, p.family_name), '') as name, p.email,
        p.researcher_id::text as "researcherId",
        not p.listed or p.state in ('paused', 'left') or p.connection is null
          or p.connection not in ('connected', 'identity_only') as "isGone",
        not exists (
          select from system_term t join system s on s.id = t.system_id
          where t.id = ${termId}::uuid and s.stopped_at is null and not exists (
            select from system_term later where later.system_id = t.system_id and later.number > t.number)) as "isOver"
      from person p where p.id = ${mail.personId}::uuid`,
  )
  if (!person?.researcherId || person.isGone) return { suppressed: 'gone' }
  if (person.isOver) return { suppressed: 'ended' }
  const address = person.email
  if (!address) return { suppressed: 'no_address' }
  if (!isOfOurDomains(address)) return { suppressed: 'domain' }
  if (await isSuppressed(tx, address, mail.personId)) return { suppressed: 'address' }
  const detail = { systemId, system: name, by: 'mail' }
  await recordEvent(tx, system, { action: 'use.told', researcherId: person.researcherId, detail })
  const { locale } = mail
  const { subject, body, where } = readMessages(locale).mail.systemNotice
  const rendered = renderNotice({
    text: { subject, body },
    locale,
    name: person.name,
    system: name,
    about: `${about}\n\n${where.replace('{address}', `${env().origin}/me/systems`)}`,
    day: toDay(new Date(Date.now() + days * 86_400_000)),
  })
  return { to: { name: person.name, address }, ...rendered, unsubscribeUrl: null }
}
