import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { listMissing } from '@/lib/campaigns/missing'
import { findPersonalValues } from '@/lib/campaigns/personal-values'
import { toValues } from '@/lib/campaigns/prepare'
import { env } from '@/lib/config/env'
import { db, inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { isOfOurDomains } from '@/lib/mail/address'
import { enqueueMails } from '@/lib/mail/outbox'
import { renderMail } from '@/lib/mail/render'
import { isSuppressed } from '@/lib/mail/suppression'

/** Why somebody cannot be invited, as a key of the messages. That they declined is none: their mail is withheld. */
export type InviteFault =
  | 'no_mail'
  | 'confidential'
  | 'gone'
  | 'no_address'
  | 'domain'
  | 'suppressed'
  | 'waiting'
  | 'recent'
  | 'complete'
  | 'not_connected'

const asked = z.object({
  id: z.string(),
  researcherId: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  language: z.string().nullable(),
  confidential: z.boolean(),
  isGone: z.boolean(),
  isWaiting: z.boolean(),
  isRecent: z.boolean(),
  isConnected: z.boolean(),
  liveScopes: z.array(z.string()),
})

async function findAsked(tx: Tx, personId: string) {
  const mails = (state: Prisma.Sql) => Prisma.sql`
    exists (select from mail m where m.person_id = p.id and m.kind = 'invitation' and ${state})`
  const [person] = await queryRows(
    tx,
    asked,
    Prisma.sql`
      select p.id::text, p.researcher_id::text as "researcherId", nullif(concat_ws(' ', p.given_name, p.family_name), '') as name, p.email, p.language,
        p.confidential, p.merged_into_id is not null or p.state in ('paused', 'left') as "isGone",
        ${mails(Prisma.sql`m.state in ('waiting', 'sending')`)} as "isWaiting",
        ${mails(Prisma.sql`m.state in ('sent', 'perhaps_sent', 'withheld') and coalesce(m.sent_at, m.sending_at) > now() - interval '7 days'`)} as "isRecent",
        coalesce(p.connection in ('connected', 'identity_only'), false) as "isConnected", p.live_scopes as "liveScopes"
      from person p where p.id = ${personId}::uuid`,
  )
  return person ?? null
}

type Asked = z.infer<typeof asked>

async function findFault(tx: Tx, person: Asked, missing: readonly string[]): Promise<InviteFault | null> {
  if (!env().mail) return 'no_mail'
  if (person.confidential) return 'confidential'
  if (person.isGone) return 'gone'
  if (!person.email) return 'no_address'
  if (!isOfOurDomains(person.email)) return 'domain'
  if (await isSuppressed(tx, person.email)) return 'suppressed'
  if (person.isWaiting) return 'waiting'
  if (person.isRecent) return 'recent'
  return person.isConnected && missing.length === 0 ? 'complete' : null
}

/** Whether somebody can be invited from their page, to which address, and with which mail; null if they are unknown. */
export function previewInvitation(_actor: StaffActor, personId: string) {
  return inTransaction(async (tx) => {
    const person = await findAsked(tx, personId)
    if (!person) return null
    const fault = await findFault(tx, person, listMissing(person.liveScopes))
    const { name, email } = person
    if (fault) return { fault, address: email, mail: null }
    const locale = localeOf(person)
    const links = { link: `${env().origin}/i/…`, unsubscribeUrl: `${env().origin}/unsubscribe?…` }
    const personal = await findPersonalValues({ personId, campaign: null, scopes: [], locale }, tx)
    const values = { ...toValues(null), ...personal, ...links }
    const mail = await renderMail({ template: 'invitation', locale, values, person: { name } })
    return { fault: null, address: email, mail: { locale, subject: mail.subject, text: mail.text } }
  })
}

/** Puts an invitation into the outbox. Returns why it does not, or null. */
export function invitePerson(actor: StaffActor, personId: string, requestId: string): Promise<InviteFault | null> {
  return inTransaction(async (tx) => {
    const person = await lockAsked(tx, personId)
    if (!person) return 'gone'
    const fault = await findFault(tx, person, listMissing(person.liveScopes))
    return fault ?? invite(tx, actor, person, { template: 'invitation', scopes: [], requestId })
  })
}

/** What somebody who is connected lacks of the scopes `needed`, and why they cannot be asked for it now; null if unknown. */
export function findAskable(_actor: StaffActor, personId: string, needed?: readonly string[]) {
  return inTransaction(async (tx) => {
    const person = await findAsked(tx, personId)
    if (!person) return null
    const missing = listMissing(person.liveScopes, needed)
    return { missing, address: person.email, fault: await findFaultOfAsking(tx, person, missing) }
  })
}

type AskingForMissing = { personId: string; needed?: readonly string[]; requestId: string }

/**
 * Asks somebody who is connected, by mail, for exactly what they lack: of the scopes `needed`, or else of everything that
 * the institution asks for. Returns why it does not, or null.
 */
export function askForMissing(
  actor: StaffActor,
  { personId, needed, requestId }: AskingForMissing,
): Promise<InviteFault | null> {
  return inTransaction(async (tx) => {
    const person = await lockAsked(tx, personId)
    if (!person) return 'gone'
    const missing = listMissing(person.liveScopes, needed)
    const fault = await findFaultOfAsking(tx, person, missing)
    return fault ?? invite(tx, actor, person, { template: 'allowed_less', scopes: missing, requestId })
  })
}

async function findFaultOfAsking(tx: Tx, person: Asked, missing: readonly string[]): Promise<InviteFault | null> {
  return person.isConnected ? findFault(tx, person, missing) : 'not_connected'
}

/** Two who invite the same person do so one after the other. */
async function lockAsked(tx: Tx, personId: string): Promise<Asked | null> {
  await tx.$queryRaw`select 1 as locked from person where id = ${personId}::uuid for no key update`
  return findAsked(tx, personId)
}

type NewInvitation = { template: string; scopes: string[]; requestId: string }

async function invite(tx: Tx, actor: StaffActor, person: Asked, { template, scopes, requestId }: NewInvitation) {
  const { id: personId, researcherId } = person
  const open = await tx.invitation.findFirst({
    where: { personId, campaignId: null, endedAt: null, scopes: { equals: scopes } },
    orderBy: { madeAt: 'desc' },
    select: { id: true },
  })
  const data = { personId, scopes, madeById: actor.staffId }
  const { id: invitationId } = open ?? (await tx.invitation.create({ data, select: { id: true } }))
  await enqueueMails(tx, [{ kind: 'invitation', template, personId, invitationId, locale: localeOf(person) }])
  const detail = { personId, scopes: scopes.length > 0 ? scopes : undefined }
  await recordEvent(tx, actor, { action: 'invitation.made', researcherId, requestId, detail })
  return null
}

function localeOf({ language }: { language: string | null }): string {
  const { languages } = env().institution
  return language && languages.includes(language) ? language : (languages[0] ?? 'en')
}

const sent = z.object({
  id: z.string(),
  madeAt: z.date(),
  email: z.string().nullable(),
  expiresAt: z.date(),
  campaign: z.string().nullable(),
  notMeAt: z.date().nullable(),
  state: z.enum(['open', 'used', 'revoked', 'expired']),
})
export type SentLink = z.infer<typeof sent>

const linksMax = 50

/** The personal links of somebody, the latest first. */
export function listLinks(_actor: StaffActor, personId: string): Promise<SentLink[]> {
  return queryRows(
    db(),
    sent,
    Prisma.sql`
      select l.id::text, l.made_at as "madeAt", l.email, l.expires_at as "expiresAt", c.name as campaign,
        l.not_me_at as "notMeAt", case when l.revoked_at is not null then 'revoked' when l.used_at is not null then 'used'
          when l.expires_at <= now() then 'expired' else 'open' end as state
      from invitation i join invitation_link l on l.invitation_id = i.id left join campaign c on c.id = i.campaign_id
      where i.person_id = ${personId}::uuid order by l.made_at desc, l.id limit ${linksMax}`,
  )
}

/** Revokes one link of somebody, or all of them. Returns how many still worked. */
export function revokeLinks(
  actor: StaffActor,
  { personId, linkId, requestId }: { personId: string; linkId: string | null; requestId: string },
): Promise<number> {
  return inTransaction(async (tx) => {
    const { count } = await tx.invitationLink.updateMany({
      where: { invitation: { personId }, revokedAt: null, ...(linkId ? { id: linkId } : {}) },
      data: { revokedAt: new Date() },
    })
    if (count > 0) {
      const whose = await tx.person.findUnique({ where: { id: personId }, select: { researcherId: true } })
      await recordEvent(tx, actor, {
        action: 'invitation.links_revoked',
        ...whose,
        requestId,
        detail: { personId, links: count },
      })
    }
    return count
  })
}

const reported = z.object({
  personId: z.string(),
  name: z.string().nullable(),
  orcid: z.string().nullable(),
  email: z.string().nullable(),
  notMeAt: z.date(),
})
export type WrongLink = z.infer<typeof reported>

const wrongMax = 200
const wrongFor = Prisma.sql`interval '90 days'`

/** Links of which somebody said within 90 days that they reached the wrong person, the latest first. */
export function listWrongLinks(_actor: StaffActor): Promise<WrongLink[]> {
  return queryRows(
    db(),
    reported,
    Prisma.sql`
      select p.id::text as "personId", p.name, p.orcid, l.email, l.not_me_at as "notMeAt"
      from invitation_link l join invitation i on i.id = l.invitation_id join person p on p.id = i.person_id
      where l.not_me_at > now() - ${wrongFor} and p.listed order by l.not_me_at desc limit ${wrongMax}`,
  )
}

const counted = z.object({ count: z.number(), newestAt: z.date().nullable() })

/** How many they are, and when the last was. */
export async function countWrongLinks(_actor: StaffActor): Promise<z.infer<typeof counted>> {
  const [found] = await queryRows(
    db(),
    counted,
    Prisma.sql`
      select count(*)::int as count, max(l.not_me_at) as "newestAt"
      from invitation_link l join invitation i on i.id = l.invitation_id join person p on p.id = i.person_id
      where l.not_me_at > now() - ${wrongFor} and p.listed`,
  )
  return counted.parse(found)
}
