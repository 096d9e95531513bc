import 'server-only'
import { z } from 'zod'
import { type AskingCampaign, findAskingCampaign, today } from '@/lib/campaigns/asking'
import { isNotToBeAsked } from '@/lib/campaigns/do-not-ask'
import { makeLink } from '@/lib/campaigns/links'
import { findPersonalValues } from '@/lib/campaigns/personal-values'
import { env } from '@/lib/config/env'
import { Prisma, queryRows, type Tx } from '@/lib/db'
import { isOfOurDomains } from '@/lib/mail/address'
import { fileNotice, prepareFileNotice } from '@/lib/mail/file-notice'
import type { OutgoingMail, PreparedMail, PrepareMail } from '@/lib/mail/mail'
import { renderMail } from '@/lib/mail/render'
import { prepareStaffNotice, staffNotice } from '@/lib/mail/staff-notice'
import { isSuppressed } from '@/lib/mail/suppression'
import { prepareSystemNotice, systemNotice } from '@/lib/mail/system-notice'
import { prepareTestMail } from '@/lib/mail/test-mail'
import { makeUnsubscribeUrl } from '@/lib/mail/unsubscribing'
import { endsSoon } from '@/lib/people/condition'

const asked = z.object({
  name: z.string().nullable(),
  email: z.string().nullable(),
  isGone: z.boolean(),
  mayBeAsked: z.boolean(),
  ended: z.string().nullable(),
  campaignId: z.string().nullable(),
  campaignState: z.string().nullable(),
  /** What was missing; empty: all. */
  scopes: z.array(z.string()),
  /** Of a standing campaign: what it tells them is no longer so. */
  isOutdated: z.boolean(),
  isOver: z.boolean(),
  /** The mail that a correction is about went to them. */
  gotWrongOne: z.boolean(),
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
  if (mail.template === staffNotice) return prepareStaffNotice(mail)
  if (mail.template === systemNotice) return prepareSystemNotice(tx, mail)
  if (mail.template === fileNotice) return prepareFileNotice(mail)
  if (mail.kind === 'test' || mail.kind === 'notice') return prepareTestMail(mail)
  if (!mail.personId || !mail.invitationId) return { suppressed: 'incomplete' }
  const person = await findAsked(tx, mail)
  if (!person) return { later: lockedS }
  const hindrance = await findHindrance(tx, mail, person)
  if (hindrance) return hindrance
  const { name, campaignId } = person
  const address = person.email ?? ''
  const link = await makeLink(tx, { invitationId: mail.invitationId, email: address })
  // With a link that nobody gets: the list of links must not say who declined.
  if (isWithheld(mail, person)) return { withheld: true }
  const unsubscribeUrl = mail.kind === 'link' ? null : await makeUnsubscribeUrl(mail.id)
  const campaign = campaignId ? await findAskingCampaign({ id: campaignId }, mail.locale) : null
  const whose = { personId: mail.personId, campaign, scopes: person.scopes, locale: mail.locale }
  const personal = await findPersonalValues(whose, tx)
  const values = { ...toValues(campaign), ...personal, link, unsubscribeUrl }
  const rendered = await renderMail({ template: mail.template, locale: mail.locale, values, person: { name } })
  return { to: { name, address }, ...rendered, unsubscribeUrl }
}

/** Null while somebody erases the person: whoever waited for them here would hold up the mail that they delete next. */
async function findAsked(tx: Tx, { id, personId, invitationId, mailingId }: OutgoingMail): Promise<Asked | undefined> {
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
        c.state::text as "campaignState", i.scopes,
        case c.kind when 'expiring' then not (select ${endsSoon} from person where id = p.id)
          when 'check_up' then p.connection is distinct from 'connected' else false end as "isOutdated",
        coalesce(c.state = 'closed' or c.ends_on < ${today()}::date, false) as "isOver",
        (select extract(epoch from max(coalesce(o.sent_at, o.sending_at)) + interval '7 days' - now())::double precision
          from mail o where o.person_id = p.id and o.id <> ${id}::uuid and o.kind = 'invitation'
            and o.state in ('sending', 'sent', 'perhaps_sent', 'withheld')) as "waitS",
        exists (select from mailing g join mail o on o.mailing_id = g.corrects_id
          where g.id = ${mailingId}::uuid and o.person_id = p.id and o.state <> 'withheld') as "gotWrongOne"
      from invitation i join person p on p.id = i.person_id left join campaign c on c.id = i.campaign_id
      where i.id = ${invitationId}::uuid and p.id = ${personId}::uuid`,
  )
  return found
}

/** Why the mail must not go now, or not at all. */
async function findHindrance(tx: Tx, mail: OutgoingMail, person: Asked): Promise<PreparedMail | null> {
  const { email, isGone, ended, campaignState, isOver, isOutdated, waitS } = person
  const isAskedFor = mail.kind === 'link'
  if (isGone) return { suppressed: 'gone' }
  if (!email) return { suppressed: 'no_address' }
  if (!isOfOurDomains(email)) return { suppressed: 'domain' }
  // A correction takes back what was sent, also where nothing more is asked.
  if (mail.kind === 'correction')
    return (await isSuppressed(tx, email, mail.personId)) ? { suppressed: 'address' } : null
  if (isOver || ended === 'closed' || ended === 'revoked') return { suppressed: 'ended' }
  if (isAskedFor) return null
  if ((ended && ended !== 'declined') || isOutdated) return { suppressed: 'ended' }
  if (campaignState !== null && campaignState !== 'open') return { later: pausedS }
  if (await isSuppressed(tx, email, mail.personId)) return { suppressed: 'address' }
  return waitS !== null && waitS > 0 ? { later: Math.ceil(waitS) } : null
}

/** Somebody who declined gets nothing, and nothing that staff see differs from a mail that went out. */
function isWithheld({ kind, mailingId }: OutgoingMail, { ended, mayBeAsked, gotWrongOne }: Asked): boolean {
  if (kind === 'link') return false
  if (kind === 'correction') return mailingId !== null && !gotWrongOne
  return ended === 'declined' || !mayBeAsked
}

/** What a mail says of the campaign, or of asking somebody without one, whoever gets it. */
export function toValues(campaign: AskingCampaign | null) {
  const { institution, origin } = env()
  return {
    institution: institution.name,
    contact: env().mail?.replyTo ?? institution.supportEmail,
    campaign: campaign?.name ?? null,
    endsOn: campaign?.endsOn ?? null,
    privacyUrl: institution.privacyUrl ?? null,
    rosterUrl: `${origin}/privacy/roster`,
  }
}
