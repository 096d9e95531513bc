import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import type { CampaignKind } from '@/lib/campaigns/campaign'
import { toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { db } from '@/lib/db'
import { getButtonLabel } from '@/lib/texts/mail-words'
import type { CampaignWords } from '@/lib/texts/text'

export const today = () => toDay(new Date())

/** `soon`: not opened yet. */
export type AskingState = 'open' | 'soon' | 'paused' | 'over'

/** A campaign as the researcher meets it, in their language or else the institution's first one. */
export type AskingCampaign = {
  id: string
  name: string
  kind: CampaignKind
  code: string
  state: AskingState
  /** All that is asked for. */
  scopes: string[]
  words: CampaignWords
  endsOn: string | null
}

const reasons = z.record(z.string(), z.string())

/** A campaign by the code of its public link, which a standing one does not have, or by its id; null if there is none. */
export async function findAskingCampaign(
  which: { code: string } | { id: string },
  locale: string,
): Promise<AskingCampaign | null> {
  // PostgreSQL takes no zero bytes.
  if ('code' in which && /\p{Cc}/u.test(which.code)) return null
  const found = await db().campaign.findUnique({
    where: 'code' in which ? { ...which, kind: 'ask' } : which,
    select: {
      id: true,
      name: true,
      kind: true,
      code: true,
      state: true,
      scopes: true,
      startsOn: true,
      endsOn: true,
      texts: true,
    },
  })
  if (!found) return null
  const { texts, startsOn, endsOn, state, ...campaign } = found
  const first = env().institution.languages[0]
  const text = texts.find((one) => one.locale === locale) ?? texts.find((one) => one.locale === first) ?? texts[0]
  const days = { startsOn: toText(startsOn), endsOn: toText(endsOn) }
  return {
    ...campaign,
    scopes: [...new Set(['openid', ...campaign.scopes])].sort(),
    state: stateOf(state, days),
    words: { why: text?.why ?? '', reasons: reasons.catch({}).parse(text?.reasons) },
    endsOn: days.endsOn,
  }
}

const toText = (day: Date | null) => day?.toISOString().slice(0, 10) ?? null

function stateOf(
  state: 'draft' | 'open' | 'paused' | 'closed',
  { startsOn, endsOn }: { startsOn: string | null; endsOn: string | null },
): AskingState {
  if (state === 'closed' || (endsOn !== null && endsOn < today())) return 'over'
  if (state === 'draft' || (startsOn !== null && startsOn > today())) return 'soon'
  return state
}

/** The public link of a campaign with its words in each language, to copy; null if there is none. */
export async function findPublicLink(_actor: StaffActor, id: string) {
  if (!z.uuid().safeParse(id).success) return null
  const found = await db().campaign.findUnique({
    where: { id, kind: 'ask' },
    select: {
      name: true,
      code: true,
      state: true,
      startsOn: true,
      endsOn: true,
      texts: {
        where: { locale: { in: env().institution.languages } },
        orderBy: { locale: 'asc' },
        select: { locale: true, why: true },
      },
    },
  })
  if (!found) return null
  const { name, code, texts, startsOn, endsOn } = found
  const state = stateOf(found.state, { startsOn: toText(startsOn), endsOn: toText(endsOn) })
  const words = texts.map(({ locale, why }) => ({ locale, why, label: getButtonLabel(locale) }))
  return { name, code, texts: words, state, url: `${env().origin}/c/${encodeURIComponent(code)}` }
}
