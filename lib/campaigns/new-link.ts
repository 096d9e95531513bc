import 'server-only'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { hashSecret, readLinkToken } from '@/lib/crypto/secrets'
import { inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { enqueueMails } from '@/lib/mail/outbox'
import { isOurs } from '@/lib/people/condition'

/** What leads to a person: a link of theirs, in whatever state, or their address. */
export type Lead = { token: string } | { email: string }

const newLinksPerDayMax = 3
const charsMax = 320

const asking = z.object({ id: z.string(), email: z.string().nullable(), language: z.string().nullable() })

/**
 * Mails a new personal link to the roster's address of whoever the lead leads to, three times a day at most. Says
 * nothing: whoever asks must not learn who is on the roster. `locale`: for people without a language.
 */
export function sendNewLink(lead: Lead, locale: string): Promise<void> {
  return inTransaction(async (tx) => {
    if (!env().mail || ('email' in lead && /\p{Cc}/u.test(lead.email))) return
    const person = await findAsking(tx, lead)
    if (!person?.email || (await hasEnough(tx, person.id))) return
    const invitationId = await findOpenInvitation(tx, person.id)
    const mail = { kind: 'link', template: 'new_link', personId: person.id, invitationId } as const
    await enqueueMails(tx, [{ ...mail, locale: person.language ?? locale }])
  })
}

/** Locked, so that two requests count one after the other. */
async function findAsking(tx: Tx, lead: Lead) {
  const found = await queryRows(
    tx,
    asking,
    Prisma.sql`
      select id::text, email, language from person where ${isOurs} and ${toCondition(lead)} order by id limit 2 for no key update`,
  )
  return found.length === 1 ? found[0] : undefined
}

function toCondition(lead: Lead): Prisma.Sql {
  if ('email' in lead) return Prisma.sql`lower(email) = lower(${lead.email.trim().slice(0, charsMax)})`
  const hash = hashSecret(readLinkToken(lead.token) ?? '')
  return Prisma.sql`id = (select i.person_id from invitation_link l join invitation i on i.id = l.invitation_id
    where l.token_hash = ${hash})`
}

async function hasEnough(tx: Tx, personId: string): Promise<boolean> {
  const sent = await tx.mail.findMany({
    where: { personId, kind: 'link', madeAt: { gt: new Date(Date.now() - 86_400_000) } },
    select: { state: true },
    take: newLinksPerDayMax,
  })
  return sent.length >= newLinksPerDayMax || sent.some(({ state }) => state === 'waiting')
}

/** The latest invitation that still leads somewhere, or a new one without a campaign. */
async function findOpenInvitation(tx: Tx, personId: string): Promise<string> {
  const [open] = await queryRows(
    tx,
    z.object({ id: z.string() }),
    Prisma.sql`
      select i.id::text from invitation i left join campaign c on c.id = i.campaign_id
      where i.person_id = ${personId}::uuid and (i.ended is null or i.ended in ('allowed', 'declined'))
        and coalesce(c.kind = 'ask' and c.state in ('open', 'paused'), true)
      order by i.ended_at is null desc, i.made_at desc limit 1`,
  )
  return open?.id ?? (await tx.invitation.create({ data: { personId }, select: { id: true } })).id
}
