import 'server-only'
import { z } from 'zod'
import { type AskingCampaign, today } from '@/lib/campaigns/asking'
import { campaignKinds } from '@/lib/campaigns/campaign'
import { listMissing } from '@/lib/campaigns/missing'
import { env } from '@/lib/config/env'
import { hashSecret, makeLinkToken, readLinkToken } from '@/lib/crypto/secrets'
import { db, Prisma, type Queryable, queryRows, type Tx } from '@/lib/db'
import { endsSoon } from '@/lib/people/condition'

/**
 * Makes a personal link and returns its whole address, which is kept nowhere. `email`: where it is sent, null in a file
 * for a mail merge.
 */
export async function makeLink(
  tx: Tx,
  { invitationId, email }: { invitationId: string; email: string | null },
): Promise<string> {
  const token = makeLinkToken()
  const expiresAt = new Date(Date.now() + env().invitationDays * 86_400_000)
  await tx.invitationLink.create({
    data: { invitationId, tokenHash: hashSecret(token), email: email?.trim().toLowerCase() ?? null, expiresAt },
    select: { id: true },
  })
  return `${env().origin}/i/${token}`
}

const shownItem = z.object({
  kind: z.string(),
  title: z.string(),
  department: z.string().nullable(),
  startOn: z.string().nullable(),
  endOn: z.string().nullable(),
})

const row = z.object({
  id: z.string(),
  invitationId: z.string(),
  campaignId: z.string().nullable(),
  kind: z.enum(campaignKinds),
  /** What was missing when the invitation was made; empty where its campaign or the standard says what is asked for. */
  scopes: z.array(z.string()),
  isKept: z.boolean(),
  personId: z.string(),
  givenName: z.string().nullable(),
  familyName: z.string().nullable(),
  email: z.string().nullable(),
  /** The person's iD, or the one that a file gave. */
  orcid: z.string().nullable(),
  researcherId: z.string().nullable(),
  connection: z.string().nullable(),
  expiresAt: z.date().nullable(),
  endsSoon: z.boolean(),
  liveScopes: z.array(z.string()),
  saidNotMe: z.boolean(),
  doNotAsk: z.enum(['refused', 'asked']).nullable(),
  isGone: z.boolean(),
  isRevoked: z.boolean(),
  isClosed: z.boolean(),
  isUsed: z.boolean(),
  isExpired: z.boolean(),
})

export type Link = z.infer<typeof row>
export type WaitingItem = z.infer<typeof shownItem>

/** `used`: by an iD that is not the person's. `closed`: its campaign is over. */
export type LinkState = 'usable' | 'expired' | 'revoked' | 'used' | 'closed'

/** What a personal link leads to. Reads only: whoever opens links to look at them uses nothing up. */
export async function readLink(text: string): Promise<{ kind: 'unknown' } | { kind: LinkState; link: Link }> {
  const token = readLinkToken(text)
  if (!token) return { kind: 'unknown' }
  const [link] = await queryRows(
    db(),
    row,
    Prisma.sql`
      select l.id::text, i.id::text as "invitationId", c.id::text as "campaignId", i.scopes,
        coalesce(c.kind, 'ask')::text as kind, coalesce(i.ended = 'kept', false) as "isKept", p.id::text as "personId",
        p.given_name as "givenName", p.family_name as "familyName", p.email, coalesce(p.orcid, p.known_orcid) as orcid,
        p.researcher_id::text as "researcherId", p.connection::text, p.live_scopes as "liveScopes",
        p.expires_at as "expiresAt", (select ${endsSoon} from person where id = p.id) as "endsSoon",
        l.not_me_at is not null as "saidNotMe", d.reason::text as "doNotAsk",
        p.confidential or p.merged_into_id is not null or p.state in ('paused', 'left') as "isGone",
        l.revoked_at is not null or coalesce(i.ended in ('revoked', 'left'), false) as "isRevoked",
        coalesce(i.ended = 'closed' or c.state in ('draft', 'closed') or c.ends_on < ${today()}::date, false) as "isClosed",
        l.researcher_id is not null and l.researcher_id is distinct from p.researcher_id as "isUsed",
        l.expires_at <= now() as "isExpired"
      from invitation_link l join invitation i on i.id = l.invitation_id join person p on p.id = i.person_id
        left join campaign c on c.id = i.campaign_id
        left join lateral (
          select d.reason from do_not_ask d join person e on e.id = d.person_id
          where (e.id = p.id or e.merged_into_id = p.id) and (d.until is null or d.until > now())
          order by d.reason desc limit 1) d on true
      where l.token_hash = ${hashSecret(token)}`,
  )
  return link ? { kind: stateOf(link), link } : { kind: 'unknown' }
}

function stateOf({ isGone, isRevoked, isClosed, isUsed, isExpired }: Link): LinkState {
  if (isGone || isRevoked) return 'revoked'
  if (isClosed) return 'closed'
  if (isUsed) return 'used'
  return isExpired ? 'expired' : 'usable'
}

/** Whether the person has a live permission, if only for their iD. */
export const isConnectedPerson = ({ connection }: Pick<Link, 'connection'>) =>
  connection === 'connected' || connection === 'identity_only'

/**
 * What a personal link asks for: what is missing, and what the person allows already, so that one new grant has it all.
 * `standard`: what the institution asks for.
 */
export function toAsked(link: Link, campaign: AskingCampaign | null, standard: readonly string[]) {
  const ofCampaign = campaign?.kind === 'ask' ? campaign.scopes : standard
  const offered = link.scopes.length > 0 ? link.scopes.filter((scope) => standard.includes(scope)) : ofCampaign
  if (!isConnectedPerson(link)) return { missing: offered, kept: [], asked: toSorted(offered) }
  const kept = link.liveScopes.filter((scope) => standard.includes(scope) || ofCampaign.includes(scope))
  const missing = link.kind === 'expiring' ? [] : listMissing(link.liveScopes, offered)
  return { missing, kept, asked: toSorted([...missing, ...kept]) }
}

const toSorted = (scopes: readonly string[]) => [...new Set(['openid', ...scopes])].sort()

const itemsMax = 20

/** What waits to be written to the record of whoever proves to be this person, or allows it. */
export function listWaitingItems(personId: string, tx: Queryable = db()): Promise<WaitingItem[]> {
  return queryRows(
    tx,
    shownItem,
    Prisma.sql`
      select kind::text, title, department, start_on as "startOn", end_on as "endOn" from affiliation
      where person_id = ${personId}::uuid and removal is null
        and state in ('waiting_for_person', 'to_be_confirmed', 'waiting_for_answer', 'no_permission')
      order by start_on desc nulls last, id limit ${itemsMax}`,
  )
}
