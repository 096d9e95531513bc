import { getTranslations } from 'next-intl/server'
import { isStanding } from '@/lib/campaigns/campaign'
import { type InvitedFilter, invitedFilters } from '@/lib/campaigns/invited'
import type { Campaign } from '@/lib/campaigns/queries'

type Kind = Pick<Campaign, 'kind'>

/** How far people can have come. Those of a standing campaign are connected, and have answered or not. */
export const listInvitedStates = (campaign: Kind): readonly InvitedFilter[] =>
  isStanding(campaign) ? ['allowed', 'allowed_less'] : invitedFilters

/** How far somebody has come, in words. */
export async function getInvitedWords(campaign: Kind): Promise<(state: InvitedFilter) => string> {
  const t = await getTranslations('staff.campaigns.people')
  return (state) =>
    isStanding(campaign) && (state === 'allowed' || state === 'allowed_less')
      ? t(`standing.${state}`)
      : t(`states.${state}`)
}
