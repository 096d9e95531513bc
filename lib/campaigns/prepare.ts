import 'server-only'
import { z } from 'zod'
import { type AskingCampaign, findAskingCampaign, today } from '@/lib/campaigns/asking'
import { isNotToBeAsked } from '@/lib/campaigns/do-not-ask'
import { makeLink } from '@/lib/campaigns/links'
import { env } from '@/lib/config/env'
import { Prisma, queryRows, type Tx } from '@/lib/db'
import { isOfOurDomains } from '@/lib/mail/address'
import type { OutgoingMail, PreparedMail, PrepareMail } from '@/lib/mail/mail'
import { type MailValues, renderMail } from '@/lib/mail/render'
import { isSuppressed } from '@/lib/mail/suppression'
import { prepareSystemNotice, systemNotice } from '@/lib/mail/system-notice'
import { prepareTestMail } from '@/lib/mail/test-mail'
import { makeUnsubscribeUrl } from '@/lib/mail/unsubscribing'
import { composeForMail } from '@/lib/texts/mail-words'

const asked = z.object({
  name: z.string().nullable(),
  email: z.string().nullable(),
  isGone: z.boolean(),
  mayBeAsked: z.boolean(),
  ended: z.string().nullable(),
  campaignId: z.string().nullable(),
  campaignState: z.string().nullable(),
  isOver: z.boolean(),
  /** Of the last mail of the week, in seconds from now. */
  waitS: z.number().nullable(),
})
type Asked = z.infer<typeof asked>

const lockedS = 30
const pausedS = 3_600

/**
 * Makes a mail ready in the transaction that commits `sending`, where the person is still to be asked: with a new
 * personal link, which is kept nowhere else.
 */
export const prepareMail: PrepareMail = async (tx, mail) => {
  if (mail.template === systemNotice) return prepareSystemNotice(tx, mail)
  if (mail.kind === 'test' || mail.kind === 'notice') return prepareTestMail(mail)
  if (!mail.personId || !mail.invitationId) return { suppressed: 'incomplete' }
  const person = await findAsked(tx, mail)
  if (!person) return { later: lockedS }
  const hindrance = await findHindrance(tx, mail, person)
  if (hindrance) return hindrance
  const { name, campaignId } = person
  const address = person.email ?? ''
  const link = await makeLink(tx, { invitationId: mail.invitationId, email: address })
  const unsubscribeUrl = mail.kind === 'link' ? null : await makeUnsubscribeUrl(mail.id)
  const campaign = campaignId ? await findAskingCampaign({ id: campaignId }, mail.locale) : null
  const values = { ...toValues(campaign, mail.locale), link, unsubscribeUrl }
  const rendered = await renderMail({ template: mail.template, locale: mail.locale, values, person: { name } })
  return { to: { name, address }, ...rendered, unsubscribeUrl }
}

/** Null while somebody erases the person: whoever waited for them here would hold up the mail that they delete next. */
async function findAsked(tx: Tx, { id, personId, invitationId }: OutgoingMail): Promise<Asked | undefined> {
  const locked = await tx.$queryRaw<unknown[]>`
    select 1 as locked from invitation where id = ${invitationId}::uuid for key share skip locked`
  if (locked.length === 0) return undefined
  const [found] = await queryRows(
    tx,
    asked,
    Prisma.sql`
      select nullif(concat_ws(' ', p.given_name, p.family_name), '') as name, p.email,
        p.confidential or p.merged_into_id is not null or p.state in ('paused', 'left') as "isGone",
        not ${isNotToBeAsked(Prisma.sql`p.id`)} as "mayBeAsked", i.ended::text, i.campaign_id::text as "campaignId",
        c.state::text as "campaignState", coalesce(c.state = 'closed' or c.ends_on < ${today()}::date, false) as "isOver",
        (select extract(epoch from max(coalesce(o.sent_at, o.sending_at)) + interval '7 days' - now())::double precision
          from mail o where o.person_id = p.id and o.id <> ${id}::uuid and o.kind = 'invitation'
            and o.state in ('sending', 'sent', 'perhaps_sent')) as "waitS"
      from invitation i join person p on p.id = i.person_id left join campaign c on c.id = i.campaign_id
      where i.id = ${invitationId}::uuid and p.id = ${personId}::uuid`,
  )
  return found
}

/** Why the mail must not go now, or not at all. */
async function findHindrance(tx: Tx, mail: OutgoingMail, person: Asked): Promise<PreparedMail | null> {
  const { email, isGone, mayBeAsked, ended, campaignState, isOver, waitS } = person
  const isAskedFor = mail.kind === 'link'
  if (isGone) return { suppressed: 'gone' }
  if (!email) return { suppressed: 'no_address' }
  if (!isOfOurDomains(email)) return { suppressed: 'domain' }
  // A correction takes back what was sent, also where nothing more is asked.
  if (mail.kind === 'correction')
    return (await isSuppressed(tx, email, mail.personId)) ? { suppressed: 'address' } : null
  if (isOver || ended === 'closed' || ended === 'revoked') return { suppressed: 'ended' }
  if (isAskedFor) return null
  if (ended) return { suppressed: 'ended' }
  if (!mayBeAsked) return { suppressed: 'declined' }
  if (campaignState !== null && campaignState !== 'open') return { later: pausedS }
  if (await isSuppressed(tx, email, mail.personId)) return { suppressed: 'address' }
  return waitS !== null && waitS > 0 ? { later: Math.ceil(waitS) } : null
}

/** What a mail says of the campaign, or of asking somebody without one. */
export function toValues(campaign: AskingCampaign | null, locale: string): Omit<MailValues, 'link' | 'unsubscribeUrl'> {
  const { institution, origin, orcid } = env()
  return {
    institution: institution.name,
    ...composeForMail(locale, campaign?.scopes ?? orcid.scopes, campaign?.words ?? null),
    contact: env().mail?.replyTo ?? institution.supportEmail,
    campaign: campaign?.name ?? null,
    endsOn: campaign?.endsOn ?? null,
    privacyUrl: institution.privacyUrl ?? null,
    rosterUrl: `${origin}/privacy/roster`,
  }
}
