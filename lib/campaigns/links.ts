import 'server-only'
import { z } from 'zod'
import { today } from '@/lib/campaigns/asking'
import { env } from '@/lib/config/env'
import { hashSecret, makeLinkToken, readLinkToken } from '@/lib/crypto/secrets'
import { db, Prisma, queryRows, type Tx } from '@/lib/db'

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
  /** What the campaign asks for; null where the standard is asked for. */
  scopes: z.array(z.string()).nullable(),
  personId: z.string(),
  givenName: z.string().nullable(),
  familyName: z.string().nullable(),
  email: z.string().nullable(),
  /** The person's iD, or the one that a file gave. */
  orcid: z.string().nullable(),
  researcherId: z.string().nullable(),
  connection: z.string().nullable(),
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
      select l.id::text, i.id::text as "invitationId", c.id::text as "campaignId", c.scopes, p.id::text as "personId",
        p.given_name as "givenName", p.family_name as "familyName", p.email, coalesce(p.orcid, p.known_orcid) as orcid,
        p.researcher_id::text as "researcherId", p.connection::text, p.live_scopes as "liveScopes",
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

const itemsMax = 20

/** What waits to be written to the record of whoever proves to be this person. */
export function listWaitingItems({ personId }: Link): Promise<WaitingItem[]> {
  return queryRows(
    db(),
    shownItem,
    Prisma.sql`
      select kind::text, title, department, start_on as "startOn", end_on as "endOn" from affiliation
      where person_id = ${personId}::uuid and state in ('waiting_for_person', 'to_be_confirmed')
      order by start_on desc nulls last, id limit ${itemsMax}`,
  )
}
