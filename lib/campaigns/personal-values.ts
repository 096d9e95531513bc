import 'server-only'
import { z } from 'zod'
import type { AskingCampaign } from '@/lib/campaigns/asking'
import { findCheckUp } from '@/lib/campaigns/check-up'
import { listWaitingItems } from '@/lib/campaigns/links'
import { listMissing } from '@/lib/campaigns/missing'
import { env } from '@/lib/config/env'
import { db, Prisma, type Queryable, queryRows } from '@/lib/db'
import { describeCheckUp, describeWaiting } from '@/lib/mail/check-up'
import type { MailValues } from '@/lib/mail/render'
import { coversScopes, writeScopes } from '@/lib/orcid/scopes'
import { composeForMail } from '@/lib/texts/mail-words'

const allowing = z.object({ isConnected: z.boolean(), liveScopes: z.array(z.string()) })

type Whose = {
  personId: string
  campaign: Pick<AskingCampaign, 'kind' | 'scopes' | 'words'> | null
  /** Of an invitation for what was missing; empty for all that its campaign or the institution asks for. */
  scopes: readonly string[]
  locale: string
}

type PersonalValues = Pick<MailValues, 'asker' | 'why' | 'permissions' | 'waiting' | 'checkUp'>

/** What a mail says to one person: exactly what is missing, why, and what waits for it; or their check-up. */
export async function findPersonalValues(whose: Whose, tx: Queryable = db()): Promise<PersonalValues> {
  const { personId, campaign, locale } = whose
  const kind = campaign?.kind ?? 'ask'
  const asked = kind === 'check_up' ? [] : await listAsked(tx, whose)
  const waits = coversScopes(asked, writeScopes) ? await listWaitingItems(personId, tx) : []
  const checkUp = kind === 'check_up' ? await findCheckUp(personId, tx) : null
  return {
    ...composeForMail(locale, asked, campaign?.words ?? null),
    waiting: waits.map((item) => describeWaiting(item, locale)),
    checkUp: checkUp ? describeCheckUp(checkUp, locale) : [],
  }
}

async function listAsked(tx: Queryable, { personId, campaign, scopes }: Whose): Promise<readonly string[]> {
  const [person] = await queryRows(
    tx,
    allowing,
    Prisma.sql`
      select coalesce(connection in ('connected', 'identity_only'), false) as "isConnected", live_scopes as "liveScopes"
      from person where id = ${personId}::uuid`,
  )
  const standard = env().orcid.scopes
  if (campaign?.kind === 'expiring') return (person?.liveScopes ?? []).filter((scope) => standard.includes(scope))
  const wanted = scopes.length > 0 ? scopes : (campaign?.scopes ?? standard)
  const missing = person?.isConnected ? listMissing(person.liveScopes, wanted) : []
  return missing.length > 0 ? missing : wanted
}
